import { countFileChanges, countOutcomes } from '@holdfast/sync';
import type {
  FailedItem,
  ItemError,
  Outcome,
  ItemSummary,
  PlannedSummary,
  TransformSummary,
} from '@holdfast/sync';
import { bold, cyan, dim, green, red } from '../markup.js';
import type { PlanDiffs } from '../diff-plan.js';
import { renderDiff } from './diff.js';
import { renderFailedChecks, summariseAcross, summariseFindings } from './findings.js';
import { renderOutcome } from './outcome-words.js';
import { count, indent, scopeOf, shortId, text } from './words.js';

/** With more targets than these, files are counted, not listed. */
export const DETAILED_TARGETS = 10;
const LISTED_FILES = 60;
const LISTED_NOT_APPLIED = 3;
const SHOWN_WARNINGS = 5;

/**
 * A plan for people: for each target a headline, what becomes of its files (with `diffs`, line by line),
 * and what was found; at the end `apply`, the command that applies it.
 */
export function renderPlan(
  items: readonly ItemSummary[],
  {
    apply,
    diffs,
    all = false,
  }: { readonly apply: string; readonly diffs?: PlanDiffs; readonly all?: boolean },
): string {
  const detailed = items.length <= DETAILED_TARGETS;
  const idle = items.filter(
    (item) =>
      item.kind === 'current' &&
      !hasErrors(item) &&
      (detailed
        ? item.findings.length + item.outcomes.length === 0
        : !all || item.findings.length === 0),
  );
  const resting = new Set(idle);
  const shown = items.filter((item) => !resting.has(item));
  return text([
    ...shown.flatMap((item) => [...renderItem(item, { detailed, all }, diffs?.get(item)), '']),
    ...(idle.length > 0 ? [dim(`current, nothing to do: ${listTargets(idle)}`), ''] : []),
    ...(detailed || all ? [] : renderAcross(items)),
    summarise(items),
    ...(items.length === 0 ? ['Rules of frequency manual run when they are named.'] : []),
    ...(items.some(({ kind }) => kind === 'changed') ? [`Apply it with: ${apply}`] : []),
  ]);
}

const LISTED_TARGETS = 8;

/** The targets of items, each once: `org/api, org/web and 12 more`. */
export function listTargets(items: readonly { readonly target: string }[]): string {
  const all = [...new Set(items.map(({ target }) => target))];
  const names = all.slice(0, LISTED_TARGETS);
  const more = all.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

function renderItem(
  item: ItemSummary,
  { detailed, all }: { readonly detailed: boolean; readonly all: boolean },
  diffs: ReadonlyMap<string, string> | undefined,
): string[] {
  if (item.kind === 'failed') return renderFailed(item);
  const { request } = item;
  const files = detailed || diffs ? renderOutcomes(item, diffs) : [];
  return [
    `${renderHeadline(item)}  ${verdicts[item.kind]}`,
    ...(request ? indent([request.title, dim(`branch ${request.branch}`)]) : []),
    ...(detailed && item.transforms ? indent(renderTransforms(item.transforms)) : []),
    ...indent(files, 4),
    ...(detailed ? [] : indent([countChanges(item.outcomes)])),
    ...renderFindings(item, { warnings: SHOWN_WARNINGS, errorsOnly: !detailed, all }),
  ];
}

/**
 * `through strip_internal_links, rewrite_paths: 25 links rewritten, 36 stripped`, and what an edit made
 * downstream cannot be carried back from.
 */
function renderTransforms({ steps, links, irreversible, notApplied }: TransformSummary): string[] {
  const counts = Object.entries(links).filter(([, number]) => number > 0);
  const words = counts.map(([action, number], index) =>
    index === 0 ? `${count(number, 'link')} ${action}` : `${number} ${action}`,
  );
  const names = new Set(irreversible.flatMap((file) => file.steps));
  const way = `through ${steps.map((step) => step.split(':', 1)[0]).join(', ')}`;
  return [
    dim(words.length > 0 ? `${way}: ${words.join(', ')}` : way),
    ...(irreversible.length > 0
      ? [dim(`${count(irreversible.length, 'file')} cannot be reversed: ${[...names].join(', ')}`)]
      : []),
    ...renderNotApplied(notApplied),
  ];
}

/** `links not applied to 2 files (not-markdown): docs/a.json, docs/b.json` */
function renderNotApplied(notApplied: TransformSummary['notApplied']): string[] {
  const groups = Map.groupBy(notApplied, ({ step, reason }) => `${step}\n${reason}`);
  return [...groups].map(([group, files]) => {
    const [step, reason] = group.split('\n');
    const listed = files.slice(0, LISTED_NOT_APPLIED).map(({ path }) => path);
    const more = files.length > listed.length ? ', …' : '';
    return dim(
      `${step} not applied to ${count(files.length, 'file')} (${reason}): ${listed.join(', ')}${more}`,
    );
  });
}

const verdicts = { changed: cyan('to change'), current: green('current'), blocked: red('blocked') };

/** `org/webapp  webapp-handbook  v1.1.0 (41c2e1f9a0b1) → main` */
export function renderHeadline({ rule, source, target, head }: PlannedSummary): string {
  const way = `${source.version} ${dim(`(${shortId(source.commit)})`)} → ${head.branch}`;
  return `${bold(target)}  ${rule}  ${way}`;
}

export function renderFailed({ rule, target, error }: FailedItem): string[] {
  return [`${bold(target)}  ${rule}  ${red('failed')}`, ...renderItemError(error)];
}

export function renderItemError({ path, range, message, hint }: ItemError): string[] {
  const place =
    path === undefined
      ? ''
      : `${path}${range ? `:${range.start.line}:${range.start.column}` : ''}: `;
  return indent(
    [
      `${red('error:')} ${place}${message}`,
      ...(hint === undefined ? [] : [`${bold('hint:')} ${hint}`]),
    ],
    4,
  );
}

/** The files that something becomes of; unchanged ones are counted. */
function renderOutcomes(
  { outcomes, counts: { unchanged = 0 } }: PlannedSummary,
  diffs: ReadonlyMap<string, string> = new Map(),
): string[] {
  const lines = outcomes.slice(0, LISTED_FILES).flatMap((outcome) => {
    const diff = diffs.get(outcome.path);
    return diff === undefined
      ? renderOutcome(outcome)
      : [...renderOutcome(outcome).slice(0, 1), ...indent(renderDiff(diff), 4)];
  });
  const more = outcomes.length - LISTED_FILES;
  return [
    ...lines,
    ...(more > 0 ? [dim(`… ${count(more, 'more file')}; --json lists them all`)] : []),
    ...(unchanged > 0 ? [dim(`  ${count(unchanged, 'file')} unchanged`)] : []),
  ];
}

/**
 * What was found while planning, and of what the checks found the errors and the first `warnings`
 * kinds of warnings: the change request lists the rest.
 */
export function renderFindings(
  { findings, validation }: Pick<PlannedSummary, 'findings' | 'validation'>,
  {
    warnings,
    errorsOnly = false,
    all = false,
  }: { readonly warnings: number; readonly errorsOnly?: boolean; readonly all?: boolean },
): string[] {
  const failed = validation ? renderFailedChecks(validation) : [];
  const told =
    errorsOnly && !all ? findings.filter(({ severity }) => severity === 'error') : findings;
  return indent([...failed, ...summariseFindings(told, { warnings, all })], 4);
}

/** Whether a target has something to tell that makes the exit code 1. */
export function hasErrors({ findings }: PlannedSummary): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** The warnings of all targets, each once. */
export function renderAcross(items: readonly ItemSummary[]): string[] {
  const planned = items.filter((item) => item.kind !== 'failed');
  const lines = summariseAcross(planned, { warnings: SHOWN_WARNINGS });
  return lines.length > 0 ? [...lines, ''] : [];
}

/** `2 files added, 1 modified, 0 removed, 1 conflict` */
export function countChanges(outcomes: readonly Outcome[]): string {
  const { added, modified, removed } = countFileChanges(outcomes);
  const { conflicted = 0, unresolved = 0 } = countOutcomes(outcomes);
  const conflicts = conflicted + unresolved;
  const words = `${count(added, 'file')} added, ${modified} modified, ${removed} removed`;
  return conflicts > 0 ? `${words}, ${red(count(conflicts, 'conflict'))}` : words;
}

function summarise(items: readonly ItemSummary[]): string {
  const number = (kind: ItemSummary['kind']) => items.filter((item) => item.kind === kind).length;
  const parts = [
    `${number('changed')} to change`,
    `${number('current')} current`,
    ...(number('blocked') > 0 ? [red(`${number('blocked')} blocked`)] : []),
    ...(number('failed') > 0 ? [red(`${number('failed')} failed`)] : []),
  ];
  const outcomes = items.flatMap((item) => (item.kind === 'changed' ? item.outcomes : []));
  return `${bold('Plan:')} ${scopeOf(items)}: ${parts.join(', ')}. ${countChanges(outcomes)}.`;
}
