import { resolve } from 'node:path';
import { applyFix, planFix, readSourceFile, reportFix } from '@holdfast/odps-audit';
import type { FixOutcome, PlanFixOptions, PlannedFix } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { createPrompt } from '../odps/prompt.js';
import type { Prompt } from '../odps/prompt.js';
import { askPlatform, openPlatform } from '../odps/open-platform.js';
import type { Platform, PlatformInput } from '../odps/open-platform.js';
import { openProjects } from '../odps/open-projects.js';
import type { OpenProject } from '../odps/open-projects.js';
import { renderIntroduction, renderFixPlan, renderFixReport } from '../render/odps-fix.js';

export interface OdpsFixInput extends PlatformInput {
  readonly folder?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly answers?: string;
  /** Placeholders that have an option of their own, by the option's key. */
  readonly [placeholder: string]: string | true | undefined;
}

/** `holdfast odps fix`: plans what makes a dbt project well-integrated, shows it, and does it after a yes. */
export async function fixOdps(
  { surroundings }: CommandContext,
  input: OdpsFixInput,
): Promise<CommandResult> {
  const one = onlyProject(await openProjects(input.folder, surroundings, { withSql: true }));
  const platform = await openPlatform(input, surroundings);
  const isTerminal = surroundings.stdin.isTTY === true && surroundings.stderr.isTTY === true;
  const prompt = isTerminal && !input.yes && !input.dryRun ? createPrompt(surroundings) : undefined;
  try {
    prompt?.tell(renderIntroduction(platform));
    const options = await optionsFor(one, platform);
    const given = await readAnswers(input, surroundings.cwd);
    const plan = await planWithAnswers(one, { ...options, answers: given }, prompt);
    if (input.dryRun) return planned(plan, platform);
    const isEmpty = plan.changes.length + plan.connections.length === 0;
    if (!input.yes && !prompt && !isEmpty) {
      throw new CliError(
        'bad-argument',
        'there is nobody to ask whether the plan should be applied',
        {
          hint: 'show it with --dry-run, apply it with --yes',
        },
      );
    }
    const accepts = prompt && !isEmpty ? await askForAll(plan, prompt) : () => true;
    const outcome = await applyFix(plan, {
      folder: one.folder,
      accepts,
      environment: surroundings.environment,
      ...(platform.kind === 'online' && { client: platform.client }),
    });
    return finished(plan, outcome, { platform, isTold: prompt !== undefined });
  } finally {
    prompt?.close();
  }
}

function onlyProject(opened: readonly OpenProject[]): OpenProject {
  const [first] = opened;
  if (first && (opened.length === 1 || first.shown === '')) return first;
  const names = opened.map(({ shown }) => shown).join(', ');
  throw new CliError('bad-argument', `there are ${opened.length} dbt projects here: ${names}`, {
    hint: `name one: holdfast odps fix ${first?.shown ?? 'FOLDER'}`,
  });
}

async function optionsFor(
  { project, git, config }: OpenProject,
  platform: Platform,
): Promise<PlanFixOptions> {
  const answer = await askPlatform(platform, project);
  if (answer.kind === 'failed') {
    const { message, hint } = answer.error;
    throw new CliError('platform-failed', message, {
      blame: 'environment',
      hint: hint ?? 'go on with --offline',
    });
  }
  const host = platform.kind === 'offline' ? platform.host : platform.client.host;
  return {
    git,
    rules: config.rules,
    ...(config.builder !== undefined && { builder: config.builder }),
    ...(host !== undefined && { host }),
    ...(answer.kind === 'answered' && { platform: answer.state }),
  };
}

/** Options go before the file. */
async function readAnswers(input: OdpsFixInput, cwd: string): Promise<Record<string, unknown>> {
  const { answers: path } = input;
  const fromFile = path === undefined ? {} : await readAnswersFile(path, cwd);
  const fromOptions = Object.entries(input).filter(([key]) => PLACEHOLDER_OPTIONS.has(key));
  return {
    ...fromFile,
    ...Object.fromEntries(fromOptions.map(([key, value]) => [placeholderOf(key), value])),
  };
}

/** The options that are placeholders; their names differ in how they are written alone. */
const PLACEHOLDER_OPTIONS: ReadonlySet<string> = new Set([
  'dataProductId',
  'dataProductName',
  'outputPortName',
  'contractId',
  'contractFile',
  'contractPath',
  'table',
  'purpose',
  'teamName',
  'tag',
  'platform',
  'catalog',
  'schema',
  'dbtProfile',
  'odpsFile',
  'apiHost',
  'gitRepositoryUrl',
  'gitRepositoryBranch',
  'gitConnectionType',
  'gitHost',
  'gitCredentialExternalId',
  'account',
  'host',
  'port',
  'location',
]);

/** `dataProductId` is DATA_PRODUCT_ID. */
function placeholderOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

async function readAnswersFile(path: string, cwd: string): Promise<Record<string, unknown>> {
  const file = await readSourceFile(resolve(cwd, path, '..'), path.split(/[\\/]/).at(-1) ?? path);
  if (!file) throw new CliError('file-missing', `there is no file ${path}`);
  const [problem] = file.problems;
  const value = file.documents[0] ?? {};
  if (problem || typeof value !== 'object' || Array.isArray(value)) {
    const place = problem?.range
      ? `:${problem.range.start.line}:${problem.range.start.column}`
      : '';
    const message = problem?.message ?? 'it must be a mapping of placeholders to values';
    throw new CliError('bad-argument', `${path}${place}: ${message}`);
  }
  return value as Record<string, unknown>;
}

/** Plans, and asks once for what is open. */
async function planWithAnswers(
  { project }: OpenProject,
  options: PlanFixOptions,
  prompt: Prompt | undefined,
): Promise<PlannedFix> {
  let answers = options.answers ?? {};
  for (let round = 0; ; round++) {
    const plan = await planFix(project, { ...options, answers });
    if (plan.kind === 'planned') return plan;
    const [problem] = plan.problems;
    if (!prompt || round > 0 || (problem && plan.questions.length === 0)) {
      throw unanswered(plan.questions, plan.problems);
    }
    for (const { name, message } of plan.problems) prompt.tell(`${name} ${message}\n`);
    answers = { ...answers, ...(await prompt.ask(plan.questions)) };
  }
}

function unanswered(
  questions: readonly { readonly name: string; readonly question: string }[],
  problems: readonly { readonly name: string; readonly message: string }[],
): CliError {
  if (problems.length > 0) {
    const lines = problems.map(({ name, message }) => `${name} ${message}`);
    return new CliError('bad-argument', lines.join('; '));
  }
  const names = questions.map(({ name }) => name).join(', ');
  return new CliError('bad-argument', `these placeholders are not answered: ${names}`, {
    hint: 'write them as NAME: value into a file and give it with --answers FILE, or use the options of their names',
  });
}

/** A yes to the files, and one of its own to each kind of change that moves or overwrites. */
async function askForAll(plan: PlannedFix, prompt: Prompt) {
  prompt.tell(renderFixPlan(plan));
  const isMove = (change: object) => 'kind' in change && change.kind === 'move';
  const isUpdate = (change: object) =>
    'subject' in change && 'kind' in change && change.kind === 'update';
  const isConnection = (change: object) => 'subject' in change;
  const has = (test: (change: object) => boolean) =>
    [...plan.changes, ...plan.connections].some(test);
  const isPlain = (change: object) => !isMove(change) && !isConnection(change);
  const files = has(isPlain) && (await prompt.confirm('Write these files?'));
  const moves = has(isMove) && (await prompt.confirm('Move the contracts of the old place?'));
  const creates =
    has((change) => isConnection(change) && !isUpdate(change)) &&
    (await prompt.confirm('Register the missing git connections?'));
  const updates =
    has(isUpdate) && (await prompt.confirm('Overwrite the git connections that differ?'));
  return (change: object) => {
    if (isMove(change)) return moves;
    if (!isConnection(change)) return files;
    return isUpdate(change) ? updates : creates;
  };
}

function planned(plan: PlannedFix, platform: Platform): CommandResult {
  return {
    exitCode: 0,
    document: { ...summaryOf(plan), applied: false },
    text: () => `${renderIntroduction(platform)}${renderFixPlan(plan)}`,
  };
}

function finished(
  plan: PlannedFix,
  outcome: FixOutcome,
  { platform, isTold }: { platform: Platform; isTold: boolean },
): CommandResult {
  const { rows, nextSteps } = reportFix(plan, outcome);
  const failed = outcome.failed.map(({ change, reason, hint }) => ({
    path: 'path' in change ? change.path : change.subject.file,
    reason,
    ...(hint !== undefined && { hint }),
  }));
  const isLeft = plan.byHand.size + plan.refused.length + outcome.skipped.length > 0;
  const exitCode: ExitCode = failed.length > 0 ? 3 : isLeft ? 1 : 0;
  return {
    exitCode,
    document: { ...summaryOf(plan), applied: true, rows, nextSteps, failed },
    text: () => {
      const begin = isTold ? '' : renderIntroduction(platform);
      return `${begin}${renderFixReport({ rows, nextSteps })}`;
    },
  };
}

/** What programs read of a plan. */
function summaryOf(plan: PlannedFix): object {
  return {
    project: plan.project,
    values: Object.fromEntries(
      [...plan.values].map(([name, { value, source }]) => [name, { value, source }]),
    ),
    changes: plan.changes.map(({ kind, artifact, path, ...rest }) => ({
      kind,
      artifact,
      path,
      ...('from' in rest && { from: rest.from }),
      ...('after' in rest && { content: rest.after }),
    })),
    connections: plan.connections.map(({ kind, subject, request, drift }) => ({
      kind,
      ...subject,
      request,
      drift,
    })),
    deferred: plan.deferred.map(({ subject, reason, request }) => ({
      ...subject,
      reason,
      request,
    })),
    refused: plan.refused,
  };
}
