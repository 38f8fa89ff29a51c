import type { MarkdownScan, Span } from './markdown-scan.js';
import { findFrontMatter } from './front-matter.js';
import { scanQuickly } from './scan-quickly.js';
import { scanWithMicromark } from './scan-with-micromark.js';

/**
 * Which way a document went: `quick`, the tokenizer of this library; `micromark`, for what that is not
 * sure of; `unsure`, the quick way's answer for a document that micromark would take too long for.
 */
export type ScannedBy = 'quick' | 'micromark' | 'unsure';

/** A scan of a whole file, its front matter left out, and the way it was found. */
export interface DocumentScan extends MarkdownScan {
  by: ScannedBy;
  frontMatter: Span;
}

/** Finds links, code and raw HTML in a Markdown file, in linear time. Offsets are those of its text. */
export function scanMarkdown(text: string): DocumentScan {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const frontMatter = findFrontMatter(text) ?? { start: bom, end: bom };
  const body = text.slice(frontMatter.end);
  const { doubtful, costly, ...quick } = scanQuickly(body);
  const by = !doubtful ? 'quick' : costly ? 'unsure' : 'micromark';
  const scan = by === 'micromark' ? scanWithMicromark(body) : quick;
  return { by, frontMatter, ...shiftScan(scan, frontMatter.end) };
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
