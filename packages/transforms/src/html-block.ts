import { endOfHtml } from './html-syntax.js';

/** How an HTML block ends: at the line that matches, or before a blank line. */
export type HtmlBlockEnd = RegExp | 'blank';

/** CommonMark's names of block elements (start condition 6). */
const blockNames = new Set(
  (
    'address article aside base basefont blockquote body caption center col colgroup dd details ' +
    'dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 ' +
    'head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p ' +
    'param search section summary table tbody td tfoot th thead title tr track ul'
  ).split(' '),
);

const literalStart = /^<(?:script|pre|style|textarea)(?=[\s>]|$)/i;
const literalEnd = /<\/(?:script|pre|style|textarea)>/i;
const namedStart = /^<\/?([A-Za-z][A-Za-z0-9-]*)(?=[\s>]|\/>|$)/;

/**
 * Whether a line, from its first character that is no space on, begins an HTML block, and how that ends:
 * CommonMark's seven start conditions. The last one, a whole tag on its own, interrupts no paragraph.
 */
export function htmlBlockStart(line: string, interrupts: boolean): HtmlBlockEnd | undefined {
  if (literalStart.test(line)) return literalEnd;
  if (line.startsWith('<!--')) return /-->/;
  if (line.startsWith('<?')) return /\?>/;
  if (line.startsWith('<![CDATA[')) return /\]\]>/;
  if (/^<![A-Za-z]/.test(line)) return />/;
  const name = namedStart.exec(line)?.[1];
  if (name !== undefined && blockNames.has(name.toLowerCase())) return 'blank';
  if (interrupts || !/^<\/?[A-Za-z]/.test(line)) return undefined;
  const end = endOfHtml(line, 0, line.length, new Set());
  return end >= 0 && line.slice(end).trim() === '' ? 'blank' : undefined;
}
