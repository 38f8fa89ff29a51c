import { realpath, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  checkDenyPattern,
  formatReport,
  schemaCheck,
  validate as runChecks,
} from '@holdfast/validation';
import type { Check, ReportFormat, ValidationFile, ValidationReport } from '@holdfast/validation';
import { checkIds } from '../check-ids.js';
import type { CheckId } from '../check-ids.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import { exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import {
  deliveredCheck,
  deliveredVersionCheck,
  isSyncState,
  readDelivered,
} from '../local/delivered-files.js';
import type { DeliveredFiles } from '../local/delivered-files.js';
import { localLinkCheck, readingCheck, scopedSecretScan } from '../local/local-checks.js';
import { createLiveCheck } from '../local/live-check.js';
import type { LiveRun } from '../local/live-check.js';
import { readLocalRules } from '../local/local-rules.js';
import type { LocalRules } from '../local/local-rules.js';
import { viewTree } from '../local/local-tree.js';
import type { LocalTree } from '../local/local-tree.js';
import { withScope } from '../local/open-scope.js';
import type { Scope, ScopeInput } from '../local/open-scope.js';
import { readFiles } from '../local/read-files.js';
import { readSchemaFolder } from '../local/schema-folder.js';
import { selectPaths } from '../local/select-paths.js';
import { readConfiguration } from '../read-configuration.js';
import { renderReport } from '../render/report.js';

export interface ValidateInput extends ScopeInput {
  readonly paths: readonly string[];
  readonly schemas?: readonly string[];
  readonly check?: readonly CheckId[];
  readonly skip?: readonly CheckId[];
  readonly format?: ReportFormat;
  readonly out?: string;
  readonly deny?: readonly string[];
  readonly allow?: readonly string[];
  readonly maxWarnings?: number;
  readonly live?: true;
}

/** `holdfast validate`: the checks alone, on a work tree, an index, or the commits of a range. */
export async function validate(
  context: CommandContext,
  input: ValidateInput,
): Promise<CommandResult> {
  await checkPatterns(input.deny ?? [], '--deny');
  return withScope(context, input, async (scope) => {
    const cwd = await realpath(context.surroundings.cwd);
    const rules = await readRules(context, scope.tree);
    for (const { deny } of rules.scans) await checkPatterns(deny, 'validation.deny:');
    const live = input.live ? prepareLive(rules, context) : undefined;
    const subject = await readSubject(scope, input.paths, { cwd, schemas: input.schemas ?? [] });
    const checks = chooseChecks(subject, rules, input);
    const report = await runChecks(subject.files, [...checks, ...(live ? [live.check] : [])], {
      ruleId: 'local',
      runAt: context.surroundings.clock(),
      sourceVersion: scope.tree.name,
      tree: viewTree(subject.tree),
    });
    if (input.out !== undefined) await writeReport(report, input.out, input.format, cwd);
    return resultOf(report, input, live?.failure());
  });
}

async function checkPatterns(patterns: readonly string[], where: string): Promise<void> {
  for (const pattern of patterns) {
    const wrong = await checkDenyPattern(pattern);
    if (wrong === undefined) continue;
    throw new CliError(
      'bad-argument',
      `${where} ${JSON.stringify(pattern)} is no pattern: ${wrong}`,
      { hint: 'write it in RE2 syntax, https://github.com/google/re2/wiki/Syntax' },
    );
  }
}

/** Without a configuration there is nothing to add. */
async function readRules(context: CommandContext, { root }: LocalTree): Promise<LocalRules> {
  const { surroundings, config } = context;
  try {
    const read = await readConfiguration(surroundings.cwd, config, { rulesRequired: false });
    return await readLocalRules(read, root);
  } catch (error) {
    const none = error instanceof CliError && error.code === 'no-configuration';
    if (none && config === undefined) return { scans: [], schemas: [] };
    throw error;
  }
}

function prepareLive(
  { live, schemas, models: isNamed }: LocalRules,
  { surroundings: { environment, signal } }: CommandContext,
): LiveRun {
  if (!live) {
    throw new CliError(
      'bad-argument',
      '--live needs an endpoint, and the configuration names none',
      {
        hint: 'name it in holdfast.yaml as validation: { live: { url: … } }',
      },
    );
  }
  const isBound = (path: string) => schemas.some(({ files }) => files(path));
  return createLiveCheck(live, { environment, signal, isNamed, isBound });
}

/** What is checked: the files, the tree that they stand in, and what is known of both. */
interface Subject extends Scope {
  readonly files: readonly ValidationFile[];
  readonly delivered: DeliveredFiles | undefined;
  readonly findings: Awaited<ReturnType<typeof readFiles>>['findings'];
  /** Whether a path is among those that are meant, be there a file or not. */
  readonly isMeant: (path: string) => boolean;
}

async function readSubject(
  scope: Scope,
  paths: readonly string[],
  { cwd, schemas }: { readonly cwd: string; readonly schemas: readonly string[] },
): Promise<Subject> {
  const { change, onDisk } = scope;
  const selection = selectPaths(paths, scope.tree, { cwd, onDisk, partial: !!change });
  const named = selection.ignored.map((entry) => [entry.path, entry] as const);
  const tree = { ...scope.tree, entries: new Map([...scope.tree.entries, ...named]) };
  const isMeant = (path: string) =>
    selection.matches(path) &&
    !isSyncState(path) &&
    (!change || change.present.has(path) || change.removed.has(path));
  const delivered = await readDelivered(tree);
  const meant = [...tree.entries.values()].filter(({ path }) => isMeant(path));
  const { files, findings } = await readFiles(tree, meant, (path) =>
    Boolean(delivered?.byPath.has(path)),
  );
  const known = new Set(files.map(({ path }) => path));
  for (const folder of schemas) {
    const more = await readSchemaFolder(folder, { tree, cwd });
    files.push(...more.filter(({ path }) => !known.has(path)));
    for (const { path } of more) known.add(path);
  }
  const problems = tree.problems.filter(({ path }) => isMeant(path));
  return { ...scope, tree, files, delivered, findings: [...findings, ...problems], isMeant };
}

function chooseChecks(subject: Subject, rules: LocalRules, input: ValidateInput): Check[] {
  const { check: only, skip = [], deny = [], allow = [] } = input;
  const { tree, delivered, change, files, findings, isMeant } = subject;
  const known = new Set(files.map(({ path }) => path));
  const removals = change && {
    removed: change.removed,
    readOthers: async () => {
      const others = [...tree.entries.values()].filter(
        ({ path }) => isMarkdown(path) && !known.has(path) && !isSyncState(path),
      );
      return (await readFiles(tree, others)).files;
    },
  };
  const available: Record<CheckId, Check | undefined> = {
    checksum: delivered && deliveredCheck(delivered, isMeant),
    link_integrity: localLinkCheck(removals),
    schema_check: schemaCheck({ schemas: rules.schemas }),
    secret_scan: scopedSecretScan(rules.scans, { deny, allow }),
    version_tag: delivered && deliveredVersionCheck(delivered),
  };
  const chosen = checkIds.filter((id) => (only ?? checkIds).includes(id) && !skip.includes(id));
  return [
    ...(findings.length > 0 ? [readingCheck(findings)] : []),
    ...chosen.flatMap((id) => available[id] ?? []),
  ];
}

function isMarkdown(path: string): boolean {
  return /\.(?:md|mdc|markdown|mdown|mkdn?)$/i.test(path);
}

async function writeReport(
  report: ValidationReport,
  out: string,
  format: ReportFormat = 'text',
  cwd: string,
): Promise<void> {
  try {
    await writeFile(resolve(cwd, out), formatReport(report, format));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('unwritable', `--out ${out} cannot be written: ${why}`, {
      blame: 'environment',
      hint: 'name a file in a folder that is there and may be written to',
      cause,
    });
  }
}

function resultOf(
  report: ValidationReport,
  { format = 'text', out, maxWarnings }: ValidateInput,
  failure: CliError | undefined,
): CommandResult {
  const warnings = report.findings.filter(({ severity }) => severity === 'warning').length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  const found: ExitCode = report.blocked || tooMany ? 1 : 0;
  return {
    exitCode: failure ? exitCodeOf(failure) : found,
    ...(failure ? { error: describeError(failure) } : {}),
    document: { ...report, ...(out === undefined ? {} : { out }) },
    text: () =>
      renderReport(report, {
        format: out === undefined ? format : 'text',
        ...(out === undefined ? {} : { out }),
        ...(tooMany ? { maxWarnings } : {}),
      }),
  };
}
