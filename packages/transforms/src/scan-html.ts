import type { Span } from './markdown-scan.js';

/** An `href` or `src` attribute in raw HTML. */
export interface HtmlLink {
  /** Lower case. */
  tag: string;
  attribute: 'href' | 'src';
  /** The tag, from `<` to `>`. */
  element: Span;
  /** The attribute with the white space before it. */
  attributeSpan: Span;
  /** The value, without quotes. */
  value: Span;
  /** The value of the tag's `alt` attribute, without quotes. */
  alt?: Span;
}

/** An opening tag's start, or something whose content is no markup, and how that ends. */
const opener = /<(?:(!--)|(!\[CDATA\[)|(\?)|([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]))/g;
const attributePattern =
  /(\s+)([A-Za-z_:][\w.:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;
const tagEnd = /\s*\/?>/y;
const rawTextTags = new Set(['script', 'style', 'textarea', 'title']);

/** Finds `href` and `src` attributes in a span of raw HTML; comments and scripts hold none. */
export function scanHtml(text: string, span: Span): HtmlLink[] {
  const html = text.slice(span.start, span.end);
  const links: HtmlLink[] = [];
  opener.lastIndex = 0;
  for (let match = opener.exec(html); match !== null; match = opener.exec(html)) {
    const [, comment, cdata, instruction, name] = match;
    let next: number;
    if (name === undefined) {
      const closer = comment ? '-->' : cdata ? ']]>' : instruction ? '?>' : '>';
      next = endOf(html, closer, match.index + 2);
    } else {
      const tag = name.toLowerCase();
      next = readTag(html, match.index, opener.lastIndex, tag, span.start, links);
      if (rawTextTags.has(tag)) next = endOf(html, `</${tag}`, next);
    }
    opener.lastIndex = next;
  }
  return links;
}

function endOf(html: string, closer: string, from: number): number {
  const at = closer.startsWith('</')
    ? html.slice(from).search(new RegExp(closer, 'i'))
    : html.indexOf(closer, from) - from;
  return at < 0 ? html.length : from + at + closer.length;
}

/** An image leads nowhere but to its source. */
function linksBy(tag: string, attribute: string): attribute is 'href' | 'src' {
  return attribute === 'src' || (attribute === 'href' && tag !== 'img');
}

/** Reads a tag's attributes; what is no whole tag holds no links. Returns where to go on. */
function readTag(
  html: string,
  start: number,
  afterName: number,
  tag: string,
  offset: number,
  links: HtmlLink[],
): number {
  const found: Omit<HtmlLink, 'element'>[] = [];
  let alt: Span | undefined;
  let at = afterName;
  for (;;) {
    attributePattern.lastIndex = at;
    const match = attributePattern.exec(html);
    if (match === null) break;
    const attribute = (match[2] as string).toLowerCase();
    const value = match[3] ?? match[4] ?? match[5];
    const end = attributePattern.lastIndex;
    if (value !== undefined) {
      const quote = match[5] === undefined ? 1 : 0;
      const valueEnd = offset + end - quote;
      const valueSpan = { start: valueEnd - value.length, end: valueEnd };
      if (attribute === 'alt') alt = valueSpan;
      if (linksBy(tag, attribute) && !found.some((link) => link.attribute === attribute)) {
        const attributeSpan = { start: offset + at, end: offset + end };
        found.push({ tag, attribute, attributeSpan, value: valueSpan });
      }
    }
    at = end;
  }
  tagEnd.lastIndex = at;
  if (!tagEnd.test(html)) return at;
  const element = { start: offset + start, end: offset + tagEnd.lastIndex };
  for (const link of found) links.push({ ...link, element, ...(alt === undefined ? {} : { alt }) });
  return tagEnd.lastIndex;
}
