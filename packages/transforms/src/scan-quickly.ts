import type { MarkdownScan } from './markdown-scan.js';
import { scanBlocks } from './scan-blocks.js';
import { scanInlines } from './scan-inlines.js';

/** A scan, and whether it is to be relied on. */
export interface QuickScan extends MarkdownScan {
  /** Whether micromark may find other links. */
  doubtful: boolean;
  /** Whether micromark would take more than linear time to tell. */
  costly: boolean;
}

const loneReturn = /\r(?!\n)/;

/** What micromark reads within seconds, whatever is in it: UTF-16 units, and squares of such. */
const longestText = 2 ** 18;
const mostInlineSquares = 2 ** 28;

/**
 * Finds links in two passes of linear time. Where it is not `doubtful`, the result equals micromark's.
 * The text has no byte order mark.
 */
export function scanQuickly(text: string): QuickScan {
  const { inlines, definitions, codeBlocks, html, ...blocks } = scanBlocks(text);
  let doubtful =
    blocks.doubtful || blocks.tooDeep || (text.includes('\r') && loneReturn.test(text));
  const found: MarkdownScan = { links: definitions, codeSpans: [], codeBlocks, html };
  const labels = new Set(definitions.map(({ label }) => label as string));
  for (const span of inlines) {
    if (scanInlines(text, span, labels, found)) doubtful = true;
  }
  found.links.sort((a, b) => a.start - b.start);
  found.html.sort((a, b) => a.start - b.start);
  const costly =
    text.length > longestText || blocks.tooDeep || blocks.inlineSquares > mostInlineSquares;
  return { ...found, doubtful, costly };
}
