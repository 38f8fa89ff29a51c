import type { MarkdownScan, Span } from './markdown-scan.js';
import { findFrontMatter } from './front-matter.js';
import { scanWithMicromark } from './scan-with-micromark.js';

/** Which way a document went. */
export type ScannedBy = 'nothing' | 'micromark';

/** A scan of a whole file, with its front matter left out, and the way it was found. */
export interface DocumentScan extends MarkdownScan {
  by: ScannedBy;
  frontMatter: Span;
}

/** Finds links, code and raw HTML in a Markdown file. Offsets are those of the file's text. */
export function scanMarkdown(text: string): DocumentScan {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const frontMatter = findFrontMatter(text) ?? { start: bom, end: bom };
  const scan = scanWithMicromark(text.slice(frontMatter.end));
  return { by: 'micromark', frontMatter, ...shiftScan(scan, frontMatter.end) };
}

function shiftScan(scan: MarkdownScan, by: number): MarkdownScan {
  if (by === 0) return scan;
  const shift = <T extends Span>(span: T): T => ({
    ...span,
    start: span.start + by,
    end: span.end + by,
  });
  return {
    links: scan.links.map((link) => ({
      ...shift(link),
      ...(link.text === undefined ? {} : { text: shift(link.text) }),
      ...(link.destination === undefined ? {} : { destination: shift(link.destination) }),
    })),
    codeSpans: scan.codeSpans.map(shift),
    codeBlocks: scan.codeBlocks.map(shift),
    html: scan.html.map(shift),
  };
}
