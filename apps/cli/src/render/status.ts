import type { StatusRow } from '@holdfast/sync';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { renderTable } from './table.js';
import { count, text } from './words.js';

const HEAD = ['Repo', 'Sync Rule ID', 'Strategy', 'Frequency', 'Last Sync', 'Version', 'Status'];

const paint: Record<StatusRow['status'], (text: string) => string> = {
  Current: green,
  Behind: yellow,
  Stale: red,
  'Never synced': dim,
  Failed: red,
};

/** The registry as the table of the distribution specification; errors follow it. */
export function renderStatus(rows: readonly StatusRow[]): string {
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
  return text([...table, ...errors]);
}

function renderState({ status, releasesBehind, drifted, unresolved, request }: StatusRow): string {
  const notes = [
    ...(releasesBehind === undefined ? [] : [`by ${count(releasesBehind, 'release')}`]),
    ...(unresolved === undefined ? [] : [`${count(unresolved, 'conflict')} to decide`]),
    ...(request ? [`request #${request.number} is open`] : []),
    ...(drifted === undefined ? [] : [`${count(drifted, 'file')} drifted`]),
  ];
  const state = paint[status](status);
  return notes.length > 0 ? `${state} ${dim(`(${notes.join(', ')})`)}` : state;
}
