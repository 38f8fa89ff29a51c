import { dim, green, red, yellow } from '../markup.js';
import { renderTable } from './table.js';
import { count, text } from './words.js';

/** What one rule delivered to the target around. */
export interface RowHere {
  readonly target: string;
  readonly rule: string;
  readonly source: string;
  readonly version: string;
  readonly lastSync: string;
  readonly status: 'Conflict' | 'Drifted' | 'Paused' | 'In sync';
  readonly files: number;
  readonly drifted?: number;
  readonly driftedFiles?: readonly string[];
  readonly unresolved?: number;
  /** Files that hold the target's own version, by an override or an edit that a merge took up. */
  readonly customised?: number;
}

const paint = { Conflict: red, Drifted: yellow, Paused: dim, 'In sync': green };

/** What was delivered to the target around, a line for each rule. */
export function renderStatusHere(rows: readonly RowHere[]): string {
  if (rows.length === 0) return text(['Nothing was delivered here yet.']);
  const sources = [...new Set(rows.map(({ source }) => source))];
  return text([
    ...renderTable(
      ['Sync Rule ID', 'Source', 'Last Sync', 'Version', 'Status'],
      rows.map((row) => [
        row.rule,
        row.source,
        row.lastSync.slice(0, 10),
        row.version,
        renderState(row),
      ]),
    ),
    '',
    dim(`Whether a newer release is there: holdfast status, where ${sources.join(' and ')} is.`),
  ]);
}

function renderState({ status, files, drifted, unresolved, customised }: RowHere): string {
  const notes = [
    count(files, 'file'),
    ...(unresolved === undefined ? [] : [`${count(unresolved, 'conflict')} to decide`]),
    ...(drifted === undefined ? [] : [`${drifted} drifted`]),
    ...(customised === undefined ? [] : [`${customised} customised`]),
  ];
  return `${paint[status](status)} ${dim(`(${notes.join(', ')})`)}`;
}
