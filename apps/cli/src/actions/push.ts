import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { checkFiles } from '@holdfast/fleet';
import type { OpenedCatalogue } from '@holdfast/fleet';
import {
  blockingFiles,
  checkReferences,
  compareMeaning,
  describeMeaning,
  planCataloguePush,
  pushCatalogue,
  readCatalogueVersion,
} from '@holdfast/sync';
import type { PlannedPush, ReferenceProblem, Signature, VersionedCatalogue } from '@holdfast/sync';
import type { PushOutcome, PushReport } from '../catalogue-reports.js';
import { documentMeaning } from '../catalogue-meaning.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { theCatalogue, withCatalogue } from '../open-catalogue.js';
import { renderPush } from '../render/catalogues.js';

export interface PushInput {
  readonly catalogue?: string;
  readonly message?: string;
  readonly yes?: true;
  readonly dryRun?: true;
}

/** `holdfast push`: local edits of a catalogue as a change request on its source. Asks once for all of them. */
export async function push(context: CommandContext, input: PushInput): Promise<CommandResult> {
  const name = await theCatalogue(context, input.catalogue);
  return withCatalogue(context, name, async (catalogue) => {
    const report = await pushOne(context, catalogue, input);
    return {
      exitCode: exitCodeOfPush(report),
      document: report,
      text: () => renderPush(report),
    };
  });
}

async function pushOne(
  context: CommandContext,
  catalogue: OpenedCatalogue,
  input: PushInput,
): Promise<PushReport> {
  const { name } = catalogue;
  const planned = await planCataloguePush(catalogue);
  const before = await readCatalogueVersion(catalogue, { kind: 'pulled' });
  const here = await readCatalogueVersion(catalogue, { kind: 'here' });
  const meaning = await compareMeaning(before.files, here.files);
  const lines = describeMeaning(meaning);
  const title = input.message ?? titleOf(name, lines, planned);
  const report = {
    name,
    branch: planned.branch,
    base: planned.base,
    title,
    files: planned.files,
    semantic: documentMeaning(meaning),
    problems: [] as string[],
  };
  if (planned.changes.length === 0 && blockingFiles(planned).length === 0)
    return { ...report, outcome: 'nothing' };
  if (blockingFiles(planned).length > 0) return { ...report, outcome: 'blocked' };
  const problems = await validateHere(context, catalogue, { before, here }, planned);
  if (problems.length > 0) return { ...report, problems, outcome: 'invalid' };
  if (input.dryRun) return { ...report, outcome: 'planned' };
  if (!input.yes && !(await agree(context, report))) return { ...report, outcome: 'refused' };
  const pushed = await pushCatalogue(catalogue, planned, {
    author: authorOf(context),
    text: { title, body: bodyOf(catalogue, planned, lines) },
  });
  if (pushed.kind === 'foreign-commits') return { ...report, outcome: pushed.kind };
  const { number, url } = pushed.request;
  return {
    ...report,
    outcome: pushed.kind,
    commit: pushed.commit,
    request: { number, ...(url === undefined ? {} : { url }) },
  };
}

/**
 * What the checks find in the files that would be pushed: JSON, schemas, secrets, the endpoint of the
 * catalogue, and references that led somewhere before. What the source has wrong itself is no reason to stop.
 */
async function validateHere(
  context: CommandContext,
  catalogue: OpenedCatalogue,
  { before, here }: Record<'before' | 'here', VersionedCatalogue>,
  { files }: PlannedPush,
): Promise<string[]> {
  const { surroundings, config } = context;
  const paths = files
    .filter(({ outcome }) => outcome !== 'removed')
    .map(({ path }) => `${catalogue.settings.root}${path}`);
  const known = new Set((await checkReferences(before.files)).map(wordsOf));
  const references = (await checkReferences(here.files))
    .filter((problem) => problem.kind !== 'document' && !known.has(wordsOf(problem)))
    .map(wordsOf);
  if (paths.length === 0) return references;
  const { report, failure } = await checkFiles(
    { ...surroundings, cwd: catalogue.configurationFolder },
    { paths, ...(config === undefined ? {} : { config }) },
  );
  if (failure) throw failure;
  const errors = report.findings
    .filter(({ severity, ruleId }) => severity === 'error' && ruleId !== REFERENCES)
    .map(({ path, message }) => `${path}: ${message}`);
  return [...errors, ...references];
}

/** Told by what is new in it, not by what there is. */
const REFERENCES = 'catalogue/unknown-reference';

function wordsOf({ path, message }: ReferenceProblem): string {
  return `${path}: ${message}`;
}

function titleOf(name: string, lines: readonly string[], { files }: PlannedPush): string {
  const [only] = lines;
  if (only !== undefined && lines.length === 1 && only.length <= 120) return only;
  const count = lines.length > 0 ? `${lines.length} changes` : `${files.length} files`;
  return `${name}: ${count}`;
}

/** The request's text: what it means first, then the files. Nothing in it calls people or closes issues. */
function bodyOf(
  { name, sourceName }: OpenedCatalogue,
  { files }: PlannedPush,
  lines: readonly string[],
): string {
  const quoted = (text: string) => `\`${text.replaceAll('`', "'").replaceAll('\n', ' ')}\``;
  const meaning =
    lines.length > 0
      ? lines.map((line) => `- ${quoted(line)}`)
      : ['- nothing: only how it is written'];
  const changed = files
    .filter(({ outcome }) => outcome !== 'there')
    .map(({ source, outcome }) => `| ${quoted(source)} | ${outcome} |`);
  return [
    `Edits of the catalogue ${quoted(name)}, brought back to ${quoted(sourceName)}.`,
    '',
    '### What changes in meaning',
    '',
    ...meaning,
    '',
    '### Files',
    '',
    '| File | Change |',
    '| ---- | ------ |',
    ...changed,
    '',
    '---',
    '*This request is kept up to date by `holdfast push`.*',
    '',
  ].join('\n');
}

function authorOf({ surroundings: { environment, clock } }: CommandContext): Signature {
  return {
    name: environment['GIT_AUTHOR_NAME'] || environment['USER'] || 'holdfast',
    email: environment['GIT_AUTHOR_EMAIL'] || environment['EMAIL'] || 'holdfast@localhost',
    timestamp: Math.floor(clock().getTime() / 1000),
    timezone: '+0000',
  };
}

async function agree(
  { surroundings: { stdin, stdout, stderr } }: CommandContext,
  report: Omit<PushReport, 'outcome'>,
): Promise<boolean> {
  if (!stdin.isTTY || !stdout.isTTY) return false;
  stdout.write(renderPush({ ...report, outcome: 'planned' }));
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      stderr.write(chunk.toString());
      done();
    },
  });
  const questions = createInterface({ input: stdin, output });
  try {
    const answer = await questions.question('Push all of this? [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    questions.close();
  }
}

function exitCodeOfPush({ outcome }: PushReport): ExitCode {
  const found: readonly PushOutcome[] = ['refused', 'invalid', 'blocked', 'foreign-commits'];
  return found.includes(outcome) ? 1 : 0;
}
