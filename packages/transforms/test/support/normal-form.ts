import { indexLines } from '@holdfast/text';
import type { MarkdownScan, Span } from '../../src/markdown-scan.js';
import { scanHtml } from '../../src/scan-html.js';

/** A scan in a form that is equal for equal results: code blocks by line, HTML by what links in it. */
export function normalForm(text: string, scan: MarkdownScan) {
  const index = indexLines(text);
  const lines = text.split(/\r\n|\n|\r/);
  const codeLines = scan.codeBlocks.flatMap(({ start, end }) => {
    const first = index.positionAt(start).line;
    const last = index.positionAt(Math.max(start, end - 1)).line;
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset).filter(
      (line) => (lines[line - 1] ?? '').replace(/^[\s>]+/, '') !== '',
    );
  });
  const html = scan.html.flatMap((span: Span) => scanHtml(text, span));
  return { links: scan.links, codeSpans: scan.codeSpans, codeLines, html };
}
