import {
  checkArgument,
  checkLabels,
  checkOptions,
  CONTENT,
  DIFF_OPTIONS,
  NATURAL,
} from './check-arguments.js';
import { diff, groupHunks, type DiffOptions, type Edit, type Hunk } from './diff.js';
import { isBinary } from './is-binary.js';
import type { Span } from './merge-regions.js';
import { isSameBytes, toBytes, toText } from './text-content.js';

/** How a difference is shown. */
export interface UnifiedOptions extends DiffOptions {
  /** Unchanged lines around each change; default 3. */
  context?: number;
  /** What the two texts are called in the header; default `a` and `b`. */
  labels?: { a: string; b: string };
}

/**
 * The difference of two texts in the unified format that `patch` and `git apply` read; `''` when there is
 * none. Of contents that are no text (a NUL, or no UTF-8) it only says that they differ.
 *
 * @throws {MergeError} `invalid-argument` for a text that is none; `invalid-option`
 */
export function formatUnified(
  a: string | Uint8Array,
  b: string | Uint8Array,
  options: UnifiedOptions = {},
): string {
  checkOptions(options, { ...DIFF_OPTIONS, context: NATURAL });
  if (options.labels !== undefined) checkLabels(options.labels, ['a', 'b']);
  checkArgument('a', a, CONTENT);
  checkArgument('b', b, CONTENT);
  const { context = 3, labels = { a: 'a', b: 'b' } } = options;
  if (isBinary(a, 'utf-8') || isBinary(b, 'utf-8')) {
    const isEqual = isSameBytes(toBytes(a), toBytes(b));
    return isEqual ? '' : `Binary files ${labels.a} and ${labels.b} differ\n`;
  }
  const oldText = typeof a === 'string' ? a : toText(a);
  const newText = typeof b === 'string' ? b : toText(b);
  const edits = diff(oldText, newText, options);
  if (edits.length === 0) return '';
  const oldLines = splitLines(oldText);
  const hunks = groupHunks(edits, { lines: oldLines.length, context });
  return `--- ${labels.a}\n+++ ${labels.b}\n${hunks.map((hunk) => formatHunk(hunk, oldLines)).join('')}`;
}

function formatHunk(hunk: Hunk<string>, oldLines: readonly string[]): string {
  let text = `@@ -${formatSpan(hunk.a)} +${formatSpan(hunk.b)} @@\n`;
  let line = hunk.a.start;
  for (const edit of hunk.edits) {
    text += formatLines(' ', oldLines.slice(line - 1, edit.a.start - 1)) + formatEdit(edit);
    line = edit.a.end;
  }
  return text + formatLines(' ', oldLines.slice(line - 1, hunk.a.end - 1));
}

function formatEdit({ removed, inserted }: Edit<string>): string {
  return formatLines('-', splitLines(removed)) + formatLines('+', splitLines(inserted));
}

function formatLines(sign: string, lines: readonly string[]): string {
  return lines
    .map((line) => sign + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`))
    .join('');
}

/** An empty span is named by the line before it; a count of one is left out. */
function formatSpan({ start, end }: Span): string {
  const count = end - start;
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}

/** Lines with their line feeds. */
function splitLines(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return text === '' ? [] : lines;
}
