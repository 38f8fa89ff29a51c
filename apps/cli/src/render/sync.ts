import type { AppliedItem, ItemSummary, MovedSince, Outcome, RolloutStep } from '@holdfast/sync';
import { bold, cyan, dim, green, red, yellow } from '../markup.js';
import { quote } from '../selection.js';
import type { SyncedSummary } from '../synced-summary.js';
import { renderOutcome } from './outcome-words.js';
import {
  countChanges,
  DETAILED_TARGETS,
  hasErrors,
  listTargets,
  renderAcross,
  renderFailed,
  renderFindings,
  renderHeadline,
  renderItemError,
} from './plan.js';
import { renderStep } from './rollout.js';
import { count, indent, scopeOf, shortId, text } from './words.js';

/** What a run did, for people: for each target the change request, and what needs someone's eyes. */
export function renderSync(
  items: readonly SyncedSummary[],
  {
    all = false,
    rollouts = [],
  }: { readonly all?: boolean; readonly rollouts?: readonly RolloutStep[] } = {},
): string {
  const [idle, busy] = [
    items.filter((item) => isIdle(item, all)),
    items.filter((item) => !isIdle(item, all)),
  ];
  const detailed = busy.length <= DETAILED_TARGETS;
  return text([
    ...busy.flatMap((item) => [...renderSynced(item, { detailed, all }), '']),
    ...(idle.length > 0
      ? [dim(`current, nothing to do: ${listTargets(idle.map(({ plan }) => plan))}`), '']
      : []),
    ...renderAcross([
      ...(detailed || all ? [] : busy.map(({ plan }) => plan)),
      ...idle.map(({ plan }) => withoutContent(plan)),
    ]),
    ...rollouts.flatMap((step) => [...renderStep(step), '']),
    summarise(items),
    ...(items.length === 0 && rollouts.length === 0
      ? ['Rules of frequency manual run when they are named.']
      : []),
    ...nextStep(items),
  ]);
}

const SHOWN_WARNINGS = 2;

/**
 * Whether there is nothing to do and nothing of this target alone to tell: what makes the exit code 1,
 * and what keeps a release from it, always is. With `all`, every warning is.
 */
function isIdle({ plan }: SyncedSummary, all: boolean): boolean {
  if (plan.kind !== 'current' || plan.outcomes.some(isOpen)) return false;
  if (all) return plan.findings.length === 0;
  return (
    !hasErrors(plan) && !plan.findings.some(({ ruleId }) => /^(release|target)\//.test(ruleId))
  );
}

/** What the content that is there already was found to hold was told when it came. */
function withoutContent(plan: ItemSummary): ItemSummary {
  if (plan.kind === 'failed') return plan;
  const findings = plan.findings.filter(({ ruleId }) => !ruleId.startsWith('transforms/'));
  return { ...plan, findings };
}

function isOpen({ kind }: Pick<Outcome, 'kind'>): boolean {
  return kind === 'conflicted' || kind === 'unresolved';
}

function renderSynced(
  { plan, applied, error }: SyncedSummary,
  { detailed, all }: { readonly detailed: boolean; readonly all: boolean },
): string[] {
  if (plan.kind === 'failed') return renderFailed(plan);
  const conflicts = plan.outcomes.filter(isOpen);
  return [
    renderHeadline(plan),
    ...(applied
      ? indent([...renderApplied(applied, plan.target), countChanges(plan.outcomes)])
      : []),
    ...indent(conflicts.flatMap(renderOutcome), 4),
    ...renderFindings(plan, { warnings: SHOWN_WARNINGS, errorsOnly: !detailed, all }),
    ...(error ? renderItemError(error) : []),
  ];
}

function renderApplied(applied: AppliedItem, target: string): string[] {
  const { request } = applied;
  const link = request?.url === undefined ? [] : [request.url];
  const number = request ? bold(`#${request.number}`) : '';
  switch (applied.kind) {
    case 'opened':
      return [
        `${green('opened')} ${number}  ${applied.request.title}`,
        ...link,
        ...notesOf(applied),
      ];
    case 'updated':
      return [
        `${cyan('updated')} ${number}  ${applied.request.title}`,
        ...link,
        ...notesOf(applied),
      ];
    case 'unchanged':
      return [`${dim('up to date')} ${number}  ${applied.request.title}`, ...link];
    case 'merged':
      return [
        `${green('merged')} ${number} as ${shortId(applied.commit)}  ${applied.request.title}`,
        ...link,
      ];
    case 'worked-on': {
      const left = applied.unresolved.length;
      const words = left > 0 ? `, ${count(left, 'conflict')} to decide` : '';
      return [
        `${dim('up to date')} ${number}  ${applied.request.title}, with commits of others${words}`,
        ...link,
      ];
    }
    case 'declined':
      return [
        `${yellow('closed by someone')} ${number}; it stays closed. Open it again with: holdfast requests reopen ${target} ${applied.request.number}`,
      ];
    case 'foreign-commits':
      return [
        `${yellow('left alone')} ${number}: ${applied.branch} bears commits that Holdfast did not make`,
      ];
  }
}

/** What could not be done as asked. */
function notesOf({ notes = [] }: { readonly notes?: readonly string[] }): string[] {
  return notes.map((note) => `${yellow('note')} ${note}`);
}

function summarise(items: readonly SyncedSummary[]): string {
  const done = new Map<string, number>();
  for (const item of items) {
    const word = verdict(item);
    done.set(word, (done.get(word) ?? 0) + 1);
  }
  const parts = [...done].map(([word, number]) => `${number} ${word}`);
  return `${bold('Sync:')} ${scopeOf(items.map(({ plan }) => plan))}: ${parts.join(', ') || 'nothing to do'}.`;
}

function verdict({ plan, applied, error }: SyncedSummary): string {
  if (plan.kind === 'failed' || error) return red('failed');
  if (plan.kind === 'blocked') return red('blocked');
  if (!applied) return 'current';
  const rests = applied.kind === 'unchanged' || applied.kind === 'worked-on';
  return rests ? 'up to date' : applied.kind.replace('-', ' ');
}

function nextStep(items: readonly SyncedSummary[]): string[] {
  const conflicts = items.flatMap(({ plan, applied }) => {
    if (plan.kind === 'failed') return [];
    const left = applied?.kind === 'worked-on' ? new Set(applied.unresolved) : undefined;
    return plan.outcomes
      .filter(({ kind, path }) => isOpen({ kind }) && (left?.has(path) ?? true))
      .map(({ path }) => ({ path, target: plan.target }));
  });
  const [first] = conflicts;
  const opened = items.find(
    ({ applied }) => applied?.kind === 'opened' || applied?.kind === 'updated',
  );
  return [
    ...(first
      ? [
          `${red(count(conflicts.length, 'conflict'))} to decide, each with: holdfast resolve PATH --target NAME --decision TEXT [--ours | --theirs | --file FILE]`,
          `The first is: holdfast resolve ${quote(first.path)} --target ${quote(first.target)} --decision TEXT`,
        ]
      : []),
    ...(opened?.applied?.request
      ? [
          `Look at one with: holdfast requests show ${opened.plan.target} ${opened.applied.request.number}`,
        ]
      : []),
  ];
}

/** Why a saved plan was not applied. */
export function renderRefused(moved: readonly MovedSince[]): string {
  return text([
    bold('The saved plan no longer holds; nothing was written.'),
    ...indent(moved.map(({ what, message }) => `${red(what)}: ${message}`)),
    'Plan anew with: holdfast plan --out FILE',
  ]);
}
