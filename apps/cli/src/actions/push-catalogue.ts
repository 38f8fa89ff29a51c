import { checkFiles } from '@holdfast/fleet';
import type { OpenedCatalogue } from '@holdfast/fleet';
import { askGit } from '@holdfast/git';
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
import { askOnce } from '../ask-once.js';
import { documentMeaning } from '../catalogue-meaning.js';
import type { PushReport } from '../catalogue-reports.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { withCatalogue } from '../open-catalogue.js';
import { bodyOf, quoted, titleOf } from '../push-text.js';
import { renderPush } from '../render/catalogues.js';
import { exitCodeOfPush } from './push-outcome.js';
import type { PushInput } from './push-outcome.js';

/** Brings the local edits of a catalogue back to its source. */
export async function pushOneCatalogue(
  context: CommandContext,
  name: string,
  input: PushInput,
): Promise<CommandResult> {
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
  const { name, sourceName } = catalogue;
  const planned = await planCataloguePush(catalogue);
  const here = await readCatalogueVersion(catalogue, { kind: 'here' });
  const before = (await pulledVersion(catalogue)) ?? here;
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
  const agreed =
    input.yes ??
    (await askOnce(
      context,
      renderPush({ ...report, outcome: 'planned' }),
      `Push all of this to ${sourceName}?`,
    ));
  if (!agreed) return { ...report, outcome: 'refused' };
  const pushed = await pushCatalogue(catalogue, planned, {
    author: await authorOf(context, catalogue, planned),
    text: {
      title,
      body: bodyOf(`the catalogue ${quoted(name)}`, sourceName, planned, lines),
    },
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

/** What was pulled; undefined where the source lost the commit, and every file then says so. */
async function pulledVersion(catalogue: OpenedCatalogue): Promise<VersionedCatalogue | undefined> {
  return readCatalogueVersion(catalogue, { kind: 'pulled' }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'unknown-revision') return undefined;
    throw error;
  });
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

/**
 * Who made the edits: where they are committed the author of the last of these commits, else who would
 * commit them here, by git.
 */
async function authorOf(
  { surroundings: { environment, clock, signal } }: CommandContext,
  { root }: OpenedCatalogue,
  { files }: PlannedPush,
): Promise<Signature> {
  const paths = files.map(({ path }) => `:(literal)${path}`);
  const ask = async (...args: string[]) => {
    const answer = await askGit(args, { cwd: root, environment, signal }).catch(() => undefined);
    return answer?.exitCode === 0 ? answer.stdout.toString().trim() : undefined;
  };
  const open = await ask('status', '--porcelain', '--', ...paths.slice(0, MAX_ASKED));
  const last =
    open === ''
      ? await ask('log', '-1', '--format=%an%x00%ae', '--', ...paths.slice(0, MAX_ASKED))
      : undefined;
  const ident = await ask('var', 'GIT_AUTHOR_IDENT');
  const [, name, email] = /^(.*) <(.*)> \d+ [+-]\d+$/.exec(ident ?? '') ?? [];
  const [committer, address] = last?.split('\0') ?? [];
  return {
    name: committer || name || environment['USER'] || 'holdfast',
    email: address || email || environment['EMAIL'] || 'holdfast@localhost',
    timestamp: Math.floor(clock().getTime() / 1000),
    timezone: '+0000',
  };
}

/** So many paths fit into a command line anywhere. */
const MAX_ASKED = 500;
