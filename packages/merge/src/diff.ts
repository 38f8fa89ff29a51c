import {
  checkArgument,
  checkOptions,
  CONTENT,
  DIFF_OPTIONS,
  isObject,
  NATURAL,
  type Expectation,
} from './check-arguments.js';
import { LineComparer, type DiffAlgorithm } from './compare-lines.js';
import type { LineIndex } from './line-interner.js';
import { indexTexts, type WhitespaceMode } from './line-keys.js';
import { MergeError } from './merge-error.js';
import type { Span } from './merge-regions.js';
import { ByteWriter, isSameBytes, toBytes, toText, type Content } from './text-content.js';

/** How two texts are compared. */
export interface DiffOptions {
  /** Default `myers`; `histogram` matches rare lines first. */
  algorithm?: DiffAlgorithm;
  /** Which lines count as equal; default `exact`. */
  whitespace?: WhitespaceMode;
}

/** Lines `a` of the old text, which hold `removed`, became lines `b` of the new one, which hold `inserted`. */
export interface Edit<T extends Content = Content> {
  /** Lines of the old text, counted from 1; empty where nothing was removed. */
  a: Span;
  /** Lines of the new text, counted from 1; empty where nothing was inserted. */
  b: Span;
  /** What lines `a` hold, with their ends. */
  removed: T;
  /** What lines `b` hold, with their ends. */
  inserted: T;
}

/** Edits close enough to be shown together, with the unchanged lines around them counted into the spans. */
export interface Hunk<T extends Content = Content> {
  /** Lines of the old text, counted from 1, context included. */
  a: Span;
  /** Lines of the new text, counted from 1, context included. */
  b: Span;
  /** At least one, in order. */
  edits: Edit<T>[];
}

/**
 * The edits that make `b` of `a`, in order; none when the texts are equal. Lines count from 1, ends are
 * excluded. A group of changed lines that could stand in several places stands beside a change of the
 * other text, else as far down as it goes (as for `git diff --no-indent-heuristic`).
 *
 * @throws {MergeError} `invalid-argument` for a text that is none; `invalid-option`
 */
export function diff(a: string, b: string, options?: DiffOptions): Edit<string>[];
export function diff(a: Uint8Array, b: Uint8Array, options?: DiffOptions): Edit<Uint8Array>[];
export function diff(a: Content, b: Content, options: DiffOptions = {}): Edit[] {
  checkArgument('a', a, CONTENT);
  checkArgument('b', b, CONTENT);
  checkOptions(options, DIFF_OPTIONS);
  const { algorithm = 'myers', whitespace = 'exact' } = options;
  const { classes, indexes } = indexTexts([toBytes(a), toBytes(b)], {
    whitespace,
    ignoreEndings: false,
  });
  const [oldText, newText] = indexes as [LineIndex, LineIndex];
  const isText = typeof a === 'string';
  const slice = ({ bytes, starts }: LineIndex, start: number, end: number): Content => {
    const part = bytes.subarray(starts[start]!, starts[end]!);
    return isText ? toText(part) : part;
  };
  return new LineComparer(classes, algorithm)
    .compare(oldText.ids, newText.ids)
    .map(({ aStart, aEnd, bStart, bEnd }) => ({
      a: { start: aStart + 1, end: aEnd + 1 },
      b: { start: bStart + 1, end: bEnd + 1 },
      removed: slice(oldText, aStart, aEnd),
      inserted: slice(newText, bStart, bEnd),
    }));
}

/**
 * Carries `edits` out on `a`: `applyDiff(a, diff(a, b))` is `b` where lines were compared exactly.
 *
 * @throws {MergeError} `script-mismatch` when `a` does not hold what an edit removes, at its lines;
 *   `invalid-argument` for what are no edits
 */
export function applyDiff(a: string, edits: readonly Edit<string>[]): string;
export function applyDiff(a: Uint8Array, edits: readonly Edit<Uint8Array>[]): Uint8Array;
export function applyDiff(a: Content, edits: readonly Edit[]): Content {
  checkArgument('a', a, CONTENT);
  checkArgument('edits', edits, EDITS);
  const bytes = toBytes(a);
  const { starts, count } = indexTexts([bytes], { whitespace: 'exact', ignoreEndings: false })
    .indexes[0]!;
  const writer = new ByteWriter(bytes.length);
  let done = 0;
  for (const edit of edits) {
    const start = edit.a.start - 1;
    const end = edit.a.end - 1;
    const fits = start >= done && end >= start && end <= count;
    if (
      !fits ||
      !isSameBytes(bytes.subarray(starts[start]!, starts[end]!), toBytes(edit.removed))
    ) {
      throw new MergeError(
        'script-mismatch',
        `cannot apply the edit of lines ${edit.a.start} to ${edit.a.end}: the text does not hold what it removes there; make the edits anew from this text`,
        { line: edit.a.start },
      );
    }
    writer.write(bytes, starts[done], starts[start]);
    writer.write(toBytes(edit.inserted));
    done = end;
  }
  writer.write(bytes, starts[done]);
  const result = writer.finish();
  return typeof a === 'string' ? toText(result) : result;
}

/**
 * Groups edits with at most `2 × context` unchanged lines between them; each hunk takes in up to `context`
 * unchanged lines before and after.
 *
 * @param lines number of lines of the old text
 * @param context default 3
 * @throws {MergeError} `invalid-argument` for what are no edits; `invalid-option` for a count that is none
 */
export function groupHunks<T extends Content>(
  edits: readonly Edit<T>[],
  { lines, context = 3 }: { lines: number; context?: number },
): Hunk<T>[] {
  checkArgument('edits', edits, EDITS);
  checkOptions({ lines, context }, { lines: NATURAL, context: NATURAL });
  const hunks: Hunk<T>[] = [];
  for (const edit of edits) {
    const before = Math.min(context, edit.a.start - 1);
    const after = Math.min(context, lines + 1 - edit.a.end);
    const last = hunks.at(-1)?.edits.at(-1);
    let hunk = hunks.at(-1);
    if (hunk === undefined || last === undefined || edit.a.start - last.a.end > 2 * context) {
      hunk = {
        a: { start: edit.a.start - before, end: 0 },
        b: { start: edit.b.start - before, end: 0 },
        edits: [],
      };
      hunks.push(hunk);
    }
    hunk.a.end = edit.a.end + after;
    hunk.b.end = edit.b.end + after;
    hunk.edits.push(edit);
  }
  return hunks;
}

const EDITS: Expectation = {
  expected: 'an array of edits, as `diff` gives them',
  holds: (value) => Array.isArray(value) && value.every(isEdit),
};

function isEdit(edit: unknown): boolean {
  return (
    isObject(edit) &&
    isSpan(edit['a']) &&
    isSpan(edit['b']) &&
    CONTENT.holds(edit['removed']) &&
    CONTENT.holds(edit['inserted'])
  );
}

function isSpan(span: unknown): boolean {
  return isObject(span) && Number.isInteger(span['start']) && Number.isInteger(span['end']);
}
