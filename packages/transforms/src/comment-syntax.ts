import type { FileKind } from './file-kind.js';

/** How a comment is written: before each line, or around all of them. */
export type CommentSyntax = { prefix: string } | { open: string; close: string };

const syntaxes: Partial<Record<FileKind, CommentSyntax>> = {
  markdown: { open: '<!--', close: '-->' },
  markup: { open: '<!--', close: '-->' },
  style: { open: '/*', close: '*/' },
  yaml: { prefix: '#' },
  hash: { prefix: '#' },
  jsonc: { prefix: '//' },
  slash: { prefix: '//' },
  dash: { prefix: '--' },
  semicolon: { prefix: ';' },
  batch: { prefix: 'REM' },
};

/** A kind's comment syntax; `undefined` where it has none (JSON, plain text) or none is known. */
export function commentSyntax(kind: FileKind): CommentSyntax | undefined {
  return syntaxes[kind];
}

/**
 * Writes lines as one comment, without a final line ending. What would end the comment early is broken
 * up by a space.
 */
export function writeComment(
  lines: readonly string[],
  syntax: CommentSyntax,
  lineEnding: string,
): string {
  if ('prefix' in syntax)
    return lines.map((line) => `${syntax.prefix} ${line}`.trimEnd()).join(lineEnding);
  const safe = lines.map((line) => line.replaceAll('--', '- -').replaceAll('*/', '* /'));
  const between = lines.length > 1 ? lineEnding : ' ';
  return [syntax.open, ...safe, syntax.close].join(between);
}

/** The line ending that a text uses first; `\n` where it has none. */
export function lineEndingOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

const mustComeFirst =
  /^(?:#!.*|#.*coding[:=].*|#[ \t]*(?:syntax|escape)[ \t]*=.*|<\?(?:xml|php)\b.*|<!doctype\b.*|@charset\b.*)(?:\r\n|\n|\r|$)/i;

/** Where a comment can go at the top: after a byte order mark and what only works as the first line. */
export function topOf(text: string): number {
  let top = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let line = 0; line < 2; line++) {
    const match = mustComeFirst.exec(text.slice(top, top + 1000));
    if (match === null) break;
    top += match[0].length;
  }
  return top;
}
