/**
 * Text that stands for itself within a line of Markdown, whatever it holds: a title, a list item. The
 * inverse is `unescapeInline`.
 */
export function escapeInline(text: string): string {
  return guardEdges(escapeCharacters(text).replaceAll('\n', '&#10;'));
}

/** As `escapeInline`, for a cell of a table: a line feed becomes `<br>`. */
export function escapeCell(text: string): string {
  return guardEdges(escapeCharacters(text).replaceAll('\n', '<br>'));
}

/**
 * Text of several lines that stands for itself as paragraphs of Markdown: no line of it becomes a
 * heading, a list, code, HTML or a marker. The inverse is `unescapeBlock`.
 */
export function escapeBlock(text: string): string {
  const inner = text.replace(/^\n+/, '');
  const leading = text.length - inner.length;
  let end = inner.length;
  while (inner[end - 1] === '\n') end--;
  const lines = inner.slice(0, end).split('\n').map(escapeLine);
  return '&#10;'.repeat(leading) + lines.join('\n') + '&#10;'.repeat(inner.length - end);
}

function escapeLine(line: string): string {
  return guardStart(guardEdges(escapeCharacters(line)));
}

/**
 * Markdown as a block quotation, which holds it together: a heading, an open fence or an open HTML
 * comment in it ends with it. The inverse is `unquoteBlock`.
 */
export function quoteBlock(markdown: string): string {
  return markdown
    .replaceAll('\r', '&#13;')
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** What a line of Markdown says, with escapes of punctuation, numeric entities and `<br>` undone. */
export function unescapeInline(markdown: string): string {
  return markdown.replace(
    /\\([!-/:-@[-`{-~])|&#(\d{1,7});|<br ?\/?>/g,
    (whole, character: string | undefined, code: string | undefined) => {
      if (character !== undefined) return character;
      if (code === undefined) return '\n';
      const point = Number(code);
      return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)
        ? whole
        : String.fromCodePoint(point);
    },
  );
}

/** What paragraphs of Markdown say, line by line. */
export function unescapeBlock(markdown: string): string {
  return markdown.split('\n').map(unescapeInline).join('\n');
}

/** The Markdown in a block quotation. */
export function unquoteBlock(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) => line.replace(/^>[ ]?/, ''))
    .join('\n')
    .replaceAll('&#13;', '\r');
}

function escapeCharacters(text: string): string {
  return text
    .replace(/[\\`*_[\]<>&|~#]/g, '\\$&')
    .replace(/[\0-\x08\x0b-\x1f\x7f\u2028\u2029\x85]/g, (control) => `&#${control.charCodeAt(0)};`);
}

/** White space at an end of a line would be lost, or mean something. */
function guardEdges(line: string): string {
  return line
    .replace(/^[ \t]/, (space) => `&#${space.charCodeAt(0)};`)
    .replace(/[ \t]$/, (space) => `&#${space.charCodeAt(0)};`);
}

/** What makes a block at the start of a line: lists, rules, underlines of headings, numbers. */
function guardStart(line: string): string {
  return line.replace(/^[-+=]/, '\\$&').replace(/^(\d{1,9})([.)])/, '$1\\$2');
}
