import { decodeString } from 'micromark-util-decode-string';
import { indexLines, type Range } from '@holdfast/text';
import type { MarkdownScan, ScannedLink, Span } from './markdown-scan.js';
import { scanHtml } from './scan-html.js';
import { scanMarkdown } from './scan-markdown.js';

/** A link in a Markdown file; spans are offsets in UTF-16 units, `end` exclusive. */
export interface MarkdownLink extends Span {
  /** `html`: an `href` or `src` attribute in raw HTML; the others as in {@link ScannedLink}. */
  kind: ScannedLink['kind'] | 'html';
  /** Where it leads, escapes and character references decoded; a reference leads where its definition does. */
  url: string;
  /** The whole construct, in lines and columns. */
  range: Range;
  /** Between the brackets. Absent for autolinks and HTML. */
  text?: Span;
  /** The destination as written. Absent where there is none: references, and `[a]()`. */
  destination?: Span;
  /** Whether the destination stands in angle brackets. */
  angled?: boolean;
  /** The normalised label of a reference or a definition. */
  label?: string;
  /** What is only known of links in HTML. */
  html?: { tag: string; attribute: 'href' | 'src'; attributeSpan: Span; alt?: Span };
}

/**
 * Finds the links of a Markdown file (CommonMark with GFM's tables and footnotes), sorted by place.
 *
 * Links in code are none, nor is what looks like a link in front matter or HTML comments. Bare URLs
 * (GFM's autolink literals) are not reported: they always are absolute.
 *
 * @example
 * findLinks('See [the plan](PLAN.md).')[0]?.url; // 'PLAN.md'
 */
export function findLinks(markdown: string): MarkdownLink[] {
  return describeLinks(markdown, scanMarkdown(markdown));
}

/** Turns what a scan found into links with their URLs and places. */
export function describeLinks(text: string, scan: MarkdownScan): MarkdownLink[] {
  const index = indexLines(text);
  const read = (span: Span | undefined) =>
    span === undefined ? '' : text.slice(span.start, span.end);
  const definitions = new Map<string, string>();
  for (const link of scan.links) {
    if (link.kind !== 'definition' || link.label === undefined) continue;
    if (!definitions.has(link.label)) {
      definitions.set(link.label, decodeString(read(link.destination)));
    }
  }
  const links = scan.links.map((link): MarkdownLink => {
    const byLabel = link.kind === 'linkReference' || link.kind === 'imageReference';
    const url = byLabel
      ? (definitions.get(link.label ?? '') ?? '')
      : link.kind === 'autolink'
        ? read(link.destination)
        : decodeString(read(link.destination));
    return { ...link, url, range: index.rangeAt(link.start, link.end) };
  });
  for (const span of scan.html) {
    for (const { element, value, ...html } of scanHtml(text, span)) {
      const url = decodeHtml(read(value));
      const range = index.rangeAt(element.start, element.end);
      links.push({ kind: 'html', ...element, url, range, destination: value, html });
    }
  }
  return links.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Character references only: in HTML a backslash is a backslash. */
function decodeHtml(value: string): string {
  return decodeString(value.replaceAll('\\', '\\\\'));
}
