import { escapeCell } from './escape.js';
import { checkField, dataOf, fieldOf, formatField, type RenderEntry } from './field.js';
import { endMarker, entryMarker, regionMarker } from './marker.js';

export interface TableOptions {
  /** The fields that are shown, in order; a dot leads into a structure (`context.project`). */
  readonly columns: readonly string[];
}

/**
 * Rows as a table of GitHub-flavoured Markdown, a row for each entry, in the order given. Whatever a
 * field holds stands for itself; each row bears its key, so that an edit can be taken back.
 *
 * @returns Lines with a final line feed.
 * @throws TypeError for a name that no marker can hold.
 */
export function renderTable(entries: Iterable<RenderEntry>, { columns }: TableOptions): string {
  const fields = columns.map(checkField);
  if (fields.length === 0) throw new TypeError('a table needs at least one column');
  const lines = [
    regionMarker('table', { columns: fields.join(',') }),
    '',
    `| ${fields.map(escapeCell).join(' | ')} |`,
    `|${' --- |'.repeat(fields.length)}`,
  ];
  for (const { key, value } of entries) {
    const data = dataOf(value);
    const cells = fields.map((field) => escapeCell(formatField(fieldOf(data, field))));
    lines.push(`| ${entryMarker(key)} ${cells.join(' | ')} |`);
  }
  lines.push('', endMarker, '');
  return lines.join('\n');
}
