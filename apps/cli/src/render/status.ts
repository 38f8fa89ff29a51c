import type { StatusRow } from '@holdfast/sync';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { alignCells, renderTable } from './table.js';
import { renderCustomised } from './drift.js';
import { count, indent, text } from './words.js';

const HEAD = ['Repo', 'Sync Rule ID', 'Strategy', 'Frequency', 'Last Sync', 'Version', 'Status'];

const paint: Record<StatusRow['status'], (text: string) => string> = {
  Current: green,
  Behind: yellow,
  Stale: red,
  Drifted: yellow,
  Conflict: red,
  Paused: dim,
  Failing: red,
  'Never synced': dim,
};

/** The registry as the table of the distribution specification; errors follow it. */
export function renderStatus(
  rows: readonly StatusRow[],
  {
    groups = {},
    customised = false,
  }: { readonly groups?: Readonly<Record<string, number>>; readonly customised?: boolean } = {},
): string {
  const table = renderTable(
    HEAD,
    rows.map((row) => [
      row.target,
      row.rule,
      row.strategy,
      row.frequency,
      row.lastSync?.slice(0, 10) ?? '–',
      row.version ?? '–',
      renderState(row),
    ]),
  );
  const errors = rows.flatMap(({ rule, target, error }) =>
    error ? ['', `${bold(target)}  ${rule}`, ...renderItemError(error)] : [],
  );
  const counts = Object.entries(groups).map(([name, number]) => [name, String(number)]);
  const gone = rows.flatMap(({ target, goneRules = [] }) =>
    goneRules.map((rule) =>
      yellow(
        `${target}  ${rule} is gone and has left files: holdfast sync --prune --target ${target}`,
      ),
    ),
  );
  const own = customised
    ? rows.flatMap(({ rule, target, customisedFiles: files = [] }) =>
        files.length === 0
          ? []
          : ['', `${bold(target)}  ${rule}`, ...indent(renderCustomised(files), 2)],
      )
    : [];
  return text([
    ...table,
    ...own,
    ...(gone.length > 0 ? ['', ...gone] : []),
    ...errors,
    ...(counts.length > 0 ? ['', ...alignCells(counts)] : []),
  ]);
}

/** The registry as the Markdown table of the distribution specification. */
export function renderStatusMarkdown(rows: readonly StatusRow[]): string {
  return text([
    markdownRow(HEAD),
    markdownRow(HEAD.map((name) => '-'.repeat(name.length))),
    ...rows.map(({ target, rule, strategy, frequency, lastSync, version, status }) =>
      markdownRow([
        `\`${target}\``,
        `\`${rule}\``,
        strategy,
        frequency,
        lastSync?.slice(0, 10) ?? '–',
        (version ?? '–').replaceAll('|', '\\|'),
        status,
      ]),
    ),
  ]);
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function renderState(row: StatusRow): string {
  const { status, releasesBehind, drifted, unresolved, customised, request, failures, hold } = row;
  const { paused } = row;
  const notes = [
    ...(releasesBehind === undefined
      ? []
      : [behindWords(status, count(releasesBehind, 'release'))]),
    ...(unresolved === undefined ? [] : [`${count(unresolved, 'conflict')} to decide`]),
    ...(request ? [requestWords(request)] : []),
    ...(drifted === undefined ? [] : [`${count(drifted, 'file')} drifted`]),
    ...(customised === undefined ? [] : [`${customised} customised`]),
    ...(paused?.reason === undefined ? [] : [paused.reason]),
    ...(row.requestError ? ['its forge could not be asked for requests'] : []),
    ...(hold ? [`rolled back from ${hold.release}`] : []),
    ...(failures === undefined ? [] : [`${count(failures, 'run')} in a row failed`]),
  ];
  const state = paint[status](status);
  return notes.length > 0 ? `${state} ${dim(`(${notes.join(', ')})`)}` : state;
}

/** `request #4 is open since 2026-02-01, checks failed` */
function requestWords({ number, openedAt, checks }: NonNullable<StatusRow['request']>): string {
  const said = checks === 'none' ? '' : `, checks ${checks}`;
  return `request #${number} is open since ${openedAt.slice(0, 10)}${said}`;
}

/** Where the word says that it is behind, it is not said again. */
function behindWords(status: StatusRow['status'], releases: string): string {
  return status === 'Behind' || status === 'Stale' ? `by ${releases}` : `${releases} behind`;
}
