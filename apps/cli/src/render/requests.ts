import type { ChangeRequestDetails, ListedRequest, TreeDifference } from '@holdfast/forge';
import type { ErrorDocument } from '../describe-error.js';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderDiff } from './diff.js';
import { renderItemError } from './plan.js';
import { renderTable } from './table.js';
import { count, indent, shortId, text } from './words.js';

/** A request, and the delivered files of its branch that wait for a decision, if there are any. */
export interface ListedWithConflicts extends ListedRequest {
  readonly conflicts?: readonly string[];
}

/** The change requests of one target, or why they could not be listed. */
export interface TargetRequests {
  readonly target: string;
  readonly requests: readonly ListedWithConflicts[];
  readonly error?: ErrorDocument;
}

const states: Record<ListedRequest['state'], string> = {
  open: green('open'),
  merged: dim('merged'),
  closed: red('closed'),
};

/** The change requests of several targets as one table; errors follow it. */
export function renderRequests(lists: readonly TargetRequests[], state: string): string {
  const rows = lists.flatMap(({ target, requests }) =>
    requests.map(({ number, state, title, head, base, conflicts = [] }) => [
      target,
      `#${number}`,
      states[state],
      conflicts.length > 0 ? `${title} ${red(`(${count(conflicts.length, 'conflict')})`)}` : title,
      dim(`${head} → ${base}`),
    ]),
  );
  const errors = lists.flatMap(({ target, error }) =>
    error ? ['', bold(target), ...renderItemError(error)] : [],
  );
  const none = `No ${state === 'all' ? '' : `${state} `}change request.`;
  return text([
    ...(rows.length > 0 ? renderTable(['Repo', 'No', 'State', 'Title', 'Branch'], rows) : [none]),
    ...errors,
  ]);
}

/** One change request: its head, its text, its files with their differences, its comments. */
export function renderRequest(
  target: string,
  request: ChangeRequestDetails,
  files: readonly TreeDifference[],
  diffs: ReadonlyMap<string, string>,
): string {
  const { number, state, title, head, base, author, updatedAt, labels, reviewers, body } = request;
  return text([
    `${bold(`${target} #${number}`)}  ${states[state]}  ${bold(title)}`,
    `${head} → ${base}, by ${author}, ${updatedAt.slice(0, 10)}`,
    ...(labels.length > 0 ? [`labels: ${labels.join(', ')}`] : []),
    ...(reviewers.length > 0 ? [`reviewers: ${reviewers.join(', ')}`] : []),
    '',
    ...indent(body.trimEnd().split('\n')),
    '',
    bold('Files'),
    ...renderFiles(files, diffs),
    ...request.comments.flatMap(({ author, createdAt, body }) => [
      '',
      bold(`${author}, ${createdAt.slice(0, 10)}`),
      ...indent(body.trimEnd().split('\n')),
    ]),
  ]);
}

/** Of differences so many lines are shown. */
const SHOWN_LINES = 600;

/** The files, those whose differences are not too long to read with these. */
function renderFiles(
  files: readonly TreeDifference[],
  diffs: ReadonlyMap<string, string>,
): string[] {
  let left = SHOWN_LINES;
  let hidden = 0;
  const lines = files.flatMap((file) => {
    const diff = indent(renderDiff(diffs.get(file.path) ?? ''), 4);
    const shown = diff.length <= left ? diff : [];
    if (shown.length < diff.length) hidden++;
    left -= shown.length;
    return [...indent([renderDifference(file)]), ...shown];
  });
  if (hidden === 0) return lines;
  const more = `the differences of ${count(hidden, 'file')} are too long to show here; --json lists what lies there before and after`;
  return [...lines, dim(more)];
}

function renderDifference({ kind, path }: TreeDifference): string {
  switch (kind) {
    case 'added':
      return green(`+ ${path}`);
    case 'modified':
      return yellow(`~ ${path}`);
    case 'removed':
      return red(`- ${path}`);
  }
}

/** What came of merging, closing or reopening. */
export function renderOutcomeOfRequest(
  target: string,
  number: number,
  outcome:
    | {
        readonly kind: 'merged' | 'closed' | 'reopened';
        readonly commit?: string;
        readonly conflicts?: readonly string[];
        readonly request: ListedRequest;
      }
    | { readonly kind: 'conflicted'; readonly paths: readonly string[] }
    | { readonly kind: 'undecided'; readonly paths: readonly string[] },
): string {
  const name = `${bold(target)} ${bold(`#${number}`)}`;
  if (outcome.kind === 'undecided') {
    return text([
      `${name} ${red('is not merged:')} conflicts are to decide`,
      ...indent(outcome.paths.map((path) => red(`! ${path}`))),
      `Decide each with holdfast resolve PATH --target ${target} --decision TEXT, or insist with --with-conflicts.`,
    ]);
  }
  if (outcome.kind === 'conflicted') {
    return text([
      `${name} ${red('cannot be merged:')} both branches changed`,
      ...indent(outcome.paths.map((path) => red(`! ${path}`))),
      'Run holdfast sync to bring it up to date, or merge the branch by hand.',
    ]);
  }
  const { commit, conflicts = [], request } = outcome;
  const where = commit === undefined ? '' : ` into ${request.base} as ${shortId(commit)}`;
  return text([
    `${name} ${green(outcome.kind)}${where}  ${request.title}`,
    ...(conflicts.length > 0
      ? [
          `${yellow('still to decide')} in ${request.base}, each with holdfast resolve PATH --target ${target} --decision TEXT:`,
          ...indent(conflicts.map((path) => red(`! ${path}`))),
        ]
      : []),
  ]);
}
