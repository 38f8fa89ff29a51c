import { escapeBlock, escapeInline, quoteBlock } from './escape.js';
import { checkField, dataOf, fieldOf, formatField, type RenderEntry } from './field.js';
import { endMarker, entryMarker, regionMarker } from './marker.js';

export interface SectionsOptions {
  /** The field that is the heading. Default: `title`. */
  readonly title?: string;
  /** The field that is the text below. Default: none. */
  readonly body?: string;
  /** Fields that are listed between the two. Default: none. */
  readonly fields?: readonly string[];
  /** The level of the headings, 1 to 6. Default: 2. */
  readonly level?: number;
  /**
   * `text`: the body stands for itself, character by character. `markdown`: it is Markdown, shown as a
   * block quotation, out of which it cannot break. Default: `text`.
   */
  readonly format?: 'text' | 'markdown';
}

/**
 * Rows as sections: a heading, a list of fields, a text, for each entry, in the order given. Whatever a
 * field holds stands for itself; each section bears its key, so that an edit can be taken back.
 *
 * @returns Lines with a final line feed.
 * @throws TypeError for a name that no marker can hold, or a level that is none.
 */
export function renderSections(
  entries: Iterable<RenderEntry>,
  options: SectionsOptions = {},
): string {
  const { title = 'title', body, fields = [], level = 2, format = 'text' } = options;
  if (!Number.isInteger(level) || level < 1 || level > 6) {
    throw new TypeError(`a heading has level 1 to 6, got ${level}`);
  }
  [title, ...fields, ...(body === undefined ? [] : [body])].forEach(checkField);
  const lines = [
    regionMarker('sections', {
      level: String(level),
      title,
      ...(fields.length > 0 ? { fields: fields.join(',') } : {}),
      ...(body === undefined ? {} : { body, format }),
    }),
    '',
  ];
  for (const { key, value } of entries) {
    const data = dataOf(value);
    const show = (field: string) => formatField(fieldOf(data, field));
    lines.push(entryMarker(key), `${'#'.repeat(level)} ${escapeInline(show(title))}`.trimEnd(), '');
    for (const field of fields) {
      lines.push(`- **${escapeInline(field)}:** ${escapeInline(show(field))}`.trimEnd());
    }
    if (fields.length > 0) lines.push('');
    const text = body === undefined ? '' : show(body);
    if (text !== '') lines.push(format === 'text' ? escapeBlock(text) : quoteBlock(text), '');
  }
  lines.push(endMarker, '');
  return lines.join('\n');
}
