import {
  compareCatalogs,
  compareHistory,
  comparisonFindings,
  comparisonRules,
  formatComparison,
  formatComparisonMarkdown,
  type CatalogComparison,
  type HistoryComparison,
} from '@holdfast/catalog-diff';
import { escapeMarkdown, formatSarif, visible } from '@holdfast/findings';
import type { IntendedCatalog, LiveCatalog, StateStore } from '@holdfast/catalog-diff/snapshots';
import { catalogOf, compareLive, logDrift } from '../catalog/compare-live.js';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { openCatalog } from '../catalog/open-catalog.js';
import {
  readCatalogFile,
  sentenceOfProblem,
  type ReadingProblem,
} from '../catalog/read-catalog-file.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { renderHistory } from '../render/catalog.js';

export type FailOn = 'breaking' | 'warning' | 'any';

export interface DiffInput extends CatalogFolders {
  readonly catalogs: readonly string[];
  readonly live?: true;
  readonly transitive?: true;
  readonly failOn: string;
  readonly format: string;
}

/** `holdfast catalog diff`: what differs between two catalogs, or between what is intended and what is served. */
export async function diff(context: CommandContext, input: DiffInput): Promise<CommandResult> {
  const [before, after, ...more] = input.catalogs;
  if (input.transitive) return diffTransitively(context, input);
  if (more.length > 0 || (before !== undefined && after === undefined))
    throw new CliError(
      'bad-argument',
      `expected two catalogs, or none to compare the intended with the live one, got ${input.catalogs.length}`,
    );
  if (before !== undefined && input.live)
    throw new CliError(
      'bad-argument',
      '--live compares the intended with the live catalog, and takes no files',
    );
  if (before === undefined || after === undefined)
    return present(await diffLive(context, input), input, 'live_catalog.json');
  const { comparison, problems } = await diffFiles(context, before, after);
  return present(comparison, input, after, problems);
}

/** A comparison as the result of a command. */
export function present(
  comparison: CatalogComparison,
  { failOn, format }: { readonly failOn: string; readonly format: string },
  path: string,
  problems: readonly ReadingProblem[] = [],
): CommandResult {
  const { summary, tools } = comparison;
  const document = { summary, tools, ...(problems.length > 0 && { problems }) };
  const left = problems.map(sentenceOfProblem);
  const withProblems = (text: string): string =>
    left.length === 0 ? text : `${text}\n${left.map(visible).join('\n')}\n`;
  const exitCode = exitCodeOfComparison(comparison, failOn as FailOn);
  const forms: Record<string, () => string> = {
    markdown: () =>
      formatComparisonMarkdown(comparison) +
      (left.length === 0 ? '' : `\n${left.map((line) => `- ${escapeMarkdown(line)}\n`).join('')}`),
    sarif: () =>
      formatSarif(comparisonFindings(comparison, path), {
        tool: { name: 'holdfast catalog diff' },
        rules: comparisonRules,
      }),
  };
  return {
    exitCode,
    document,
    text: forms[format] ?? (() => withProblems(formatComparison(comparison))),
  };
}

/** 1 where there is a gap of the weight that counts. What is not known counts as breaking. */
export function exitCodeOfComparison(
  { summary, tools }: CatalogComparison,
  failOn: FailOn,
): ExitCode {
  const { breaking, unknown, warnings } = summary;
  const isBreaking = breaking + unknown > 0;
  if (failOn === 'breaking') return isBreaking ? 1 : 0;
  if (failOn === 'warning') return isBreaking || warnings > 0 ? 1 : 0;
  return tools.some(({ change }) => change !== 'same') ? 1 : 0;
}

async function diffFiles(
  { surroundings: { cwd } }: CommandContext,
  before: string,
  after: string,
): Promise<{ comparison: CatalogComparison; problems: readonly ReadingProblem[] }> {
  const [left, right] = [await readCatalogFile(cwd, before), await readCatalogFile(cwd, after)];
  return {
    comparison: compareCatalogs(left.catalog, right.catalog),
    problems: [...left.problems, ...right.problems],
  };
}

async function diffLive(
  context: CommandContext,
  input: CatalogFolders,
): Promise<CatalogComparison> {
  const { store, at } = openCatalog(context, input);
  const { intended, live } = await readBoth(store);
  const comparison = await compareLive(store, intended, live);
  await logDrift(store, comparison, at);
  return comparison;
}

/** The intended and the live catalog of the state; an error that says who writes the one that is missing. */
export async function readBoth(
  store: StateStore,
): Promise<{ intended: IntendedCatalog; live: LiveCatalog }> {
  const intended = await store.read('intended-catalog');
  if (intended === undefined)
    throw new CliError('file-missing', `there is no ${store.pathOf('intended-catalog')}`, {
      hint: 'run holdfast catalog render',
    });
  const live = await store.read('live-catalog');
  if (live === undefined)
    throw new CliError('file-missing', `there is no ${store.pathOf('live-catalog')}`, {
      hint: 'holdfast catalog serve --servers FILE --emit-live-catalog writes it; holdfast catalog verify --servers FILE compares without it',
    });
  return { intended, live };
}

/** Compares with every retained catalog, so that a break since any of them shows. */
async function diffTransitively(context: CommandContext, input: DiffInput): Promise<CommandResult> {
  if (input.format === 'markdown' || input.format === 'sarif')
    throw new CliError(
      'bad-argument',
      `--transitive has no --format ${input.format}: it compares with many catalogs`,
      { hint: 'take --format text or json, or compare with one of them' },
    );
  const { store } = openCatalog(context, input);
  const cwd = context.surroundings.cwd;
  const given = input.catalogs.at(-1);
  const kept = await store.readRetained('live-catalog');
  const retained = kept.map(({ path, artifact }) => ({ id: path, catalog: catalogOf(artifact) }));
  const present =
    given === undefined
      ? catalogOf((await readBoth(store)).live)
      : (await readCatalogFile(cwd, given)).catalog;
  const history: HistoryComparison = compareHistory(retained, present);
  const codes = history.comparisons.map(({ comparison }) =>
    exitCodeOfComparison(comparison, input.failOn as FailOn),
  );
  return {
    exitCode: codes.includes(1) ? 1 : 0,
    document: {
      ...(history.oldestBroken !== undefined && { oldestBroken: history.oldestBroken }),
      comparisons: history.comparisons.map(({ id, comparison }) => ({
        id,
        summary: comparison.summary,
      })),
    },
    text: () => renderHistory(history),
  };
}
