/** An inline link or image as it stands in a text. */
export interface SimpleLink {
  kind: 'link' | 'image';
  url: string;
  start: number;
  end: number;
}

/** What a simple section holds. */
export interface SimpleSection {
  readonly links: readonly SimpleLink[];
  /** The section with its code blanked out. */
  readonly prose: string;
}

/** What makes a section more than plain text with inline links: escapes, HTML, tabs, code blocks, definitions. */
const notSimple = /[\\<\t]|```|~~~|``|\]:|^ {4}|(?:[-*+]|\d[.)]) {5}/m;
const codeSpan = /`[^`\n]*`/g;
/**
 * An inline link; or `[text][label]`, and brackets alone, which are a reference or text: neither is collected, and
 * neither changes what is around it.
 */
const simpleLink =
  /(!?)\[(?:[^[\]^|\n][^[\]|\n]*)?\](?:\(([^\s\u0000-\u001f\u007f()<>&[\]|]*)\)|\[(?:[^[\]^|\n][^[\]|\n]*)?\](?![([:])|(?![([:]))/g;

/**
 * The inline links of a section in which every bracket belongs to a plain one, so that their meaning depends on
 * nothing around them; undefined where a parser is needed to tell. Differential tests hold it to micromark.
 */
export function readSimpleLinks(section: string): SimpleSection | undefined {
  if (notSimple.test(section)) return undefined;
  const text = blankCode(section);
  if (text === undefined) return undefined;
  const links: SimpleLink[] = [];
  let rest = '';
  let from = 0;
  for (const { 0: all, 1: mark, 2: url, index: start } of text.matchAll(simpleLink)) {
    const end = start + all.length;
    rest += `${text.slice(from, start)}\u0000`;
    from = end;
    if (url === undefined) continue;
    links.push({
      kind: mark === '!' ? 'image' : 'link',
      url: section.slice(end - 1 - url.length, end - 1),
      start,
      end,
    });
  }
  rest += text.slice(from);
  const open = /[[\]]|(?:\/\/|www\.|@)[^\s\u0000]*\u0000/i;
  return open.test(rest) ? undefined : { links, prose: text };
}

/**
 * The section with its code spans blanked out. Spans of one backtick, closed on their line, are certain; a bar within
 * one may end a table's cell instead.
 */
function blankCode(section: string): string | undefined {
  if (!section.includes('`')) return section;
  let certain = true;
  const text = section.replace(codeSpan, (span) => {
    if (span.includes('|')) certain = false;
    return ' '.repeat(span.length);
  });
  return certain && !text.includes('`') ? text : undefined;
}
