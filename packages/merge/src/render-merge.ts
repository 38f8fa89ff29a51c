import { MARKER_BYTES } from './conflict-markers.js';
import { CRLF, LF, lineEndingLength } from './line-endings.js';
import type { LineIndex } from './line-interner.js';
import type { ConflictStyle, IndexedSides, Region, Span } from './merge-regions.js';
import { ByteWriter, toBytes } from './text-content.js';

/** What is written behind the markers; `''` writes nothing there. */
export interface MarkerLabels {
  /** Behind the opening marker; one line. */
  ours: string;
  /** Behind the marker before the base, in styles that show it; one line. */
  base: string;
  /** Behind the closing marker; one line. */
  theirs: string;
}

export interface RenderOptions {
  style: ConflictStyle;
  labels: MarkerLabels;
  markerSize: number;
  favor: 'none' | 'ours' | 'theirs' | 'union';
  /** Every line that does not come from ours gets this ending; without it lines stay as they are. */
  lineEnding?: Uint8Array | undefined;
  /** Whether the result ends in a line feed; goes with `lineEnding`. */
  finalNewline?: boolean | undefined;
}

/**
 * A conflict in lines counted from 1, the end excluded, so that an empty side has `start === end`.
 * `output` is the whole of it, markers included. In style `merge` parts of one conflict that were
 * narrowed share its `base`.
 */
export interface Conflict {
  /** Lines of the base. */
  base: Span;
  /** Lines of ours. */
  ours: Span;
  /** Lines of theirs. */
  theirs: Span;
  /** Lines of the result, from the opening marker to the closing one. */
  output: Span;
}

/** Writes the merged text out. */
export function renderMerge(
  sides: IndexedSides,
  regions: readonly Region[],
  options: RenderOptions,
): { bytes: Uint8Array; conflicts: Conflict[] } {
  const writer = new MergeWriter(sides, options);
  for (const region of regions) writer.write(region);
  return writer.finish();
}

class MergeWriter {
  #sides: IndexedSides;
  #options: RenderOptions;
  #output: ByteWriter;
  /** The marker lines, without their ends. */
  #markers: Record<keyof typeof MARKER_BYTES, Uint8Array>;
  #conflicts: Conflict[] = [];
  /** Lines of ours that are written already, and lines of the result. */
  #written = 0;
  #line = 1;
  #endsInMarker = false;

  constructor(sides: IndexedSides, options: RenderOptions) {
    this.#sides = sides;
    this.#options = options;
    this.#output = new ByteWriter(sides.ours.bytes.length + sides.theirs.bytes.length);
    const { labels, markerSize } = options;
    this.#markers = {
      ours: markerLine(MARKER_BYTES.ours, markerSize, labels.ours),
      base: markerLine(MARKER_BYTES.base, markerSize, labels.base),
      separator: markerLine(MARKER_BYTES.separator, markerSize, ''),
      theirs: markerLine(MARKER_BYTES.theirs, markerSize, labels.theirs),
    };
  }

  write(region: Region): void {
    const { ours, theirs } = this.#sides;
    const { favor } = this.#options;
    if (region.kind === 'same') return;
    this.#copy(ours, { start: this.#written, end: region.ours.start });
    const kind = region.kind === 'conflict' && favor !== 'none' ? favor : region.kind;
    if (kind === 'ours') this.#copy(ours, region.ours);
    else if (kind === 'theirs') this.#copy(theirs, region.theirs);
    else if (kind === 'union') {
      this.#copyEnded(ours, region.ours, this.#markerEnding(region));
      this.#copy(theirs, region.theirs);
    } else this.#writeConflict(region);
    this.#endsInMarker = kind === 'conflict';
    this.#written = region.ours.end;
  }

  finish(): { bytes: Uint8Array; conflicts: Conflict[] } {
    const { ours } = this.#sides;
    if (this.#written < ours.count) {
      this.#copy(ours, { start: this.#written, end: ours.count });
      this.#endsInMarker = false;
    }
    const { finalNewline, lineEnding } = this.#options;
    let bytes = this.#output.finish();
    if (finalNewline === false && lineEnding !== undefined && !this.#endsInMarker) {
      bytes = withoutFinalNewline(bytes);
    }
    return { bytes, conflicts: this.#conflicts };
  }

  #writeConflict(region: Region): void {
    const { base, ours, theirs } = this.#sides;
    const { style } = this.#options;
    const ending = this.#markerEnding(region);
    const start = this.#line;
    this.#writeMarker(this.#markers.ours, ending);
    this.#copyEnded(ours, region.ours, ending);
    if (style !== 'merge') {
      this.#writeMarker(this.#markers.base, ending);
      this.#copyEnded(base, region.base, ending);
    }
    this.#writeMarker(this.#markers.separator, ending);
    this.#copyEnded(theirs, region.theirs, ending);
    this.#writeMarker(this.#markers.theirs, ending);
    this.#conflicts.push({
      base: fromOne(region.base),
      ours: fromOne(region.ours),
      theirs: fromOne(region.theirs),
      output: { start, end: this.#line },
    });
  }

  #writeMarker(marker: Uint8Array, ending: Uint8Array): void {
    this.#output.write(marker);
    this.#output.write(ending);
    this.#line++;
  }

  #copy(side: LineIndex, span: Span): void {
    const { lineEnding } = this.#options;
    if (lineEnding !== undefined) return this.#copyWithEnding(side, span, lineEnding);
    if (span.start >= span.end) return;
    this.#output.write(side.bytes, side.starts[span.start], side.starts[span.end]);
    this.#line += span.end - span.start;
  }

  /** Copies, and ends the last line when it has no end of its own. */
  #copyEnded(side: LineIndex, span: Span, ending: Uint8Array): void {
    this.#copy(side, span);
    if (
      this.#options.lineEnding === undefined &&
      span.start < span.end &&
      lineEndingLength(side, span.end - 1) === 0
    ) {
      this.#output.write(ending);
    }
  }

  /** Copies lines so that each ends: those of ours as they do, if they do; the others in `ending`. */
  #copyWithEnding(side: LineIndex, { start, end }: Span, ending: Uint8Array): void {
    for (let line = start; line < end; line++) {
      const own = lineEndingLength(side, line);
      const isKept = own === ending.length || (own > 0 && side === this.#sides.ours);
      const textEnd = side.starts[line + 1]! - (isKept ? 0 : own);
      this.#output.write(side.bytes, side.starts[line], textEnd);
      if (!isKept) this.#output.write(ending);
    }
    this.#line += Math.max(0, end - start);
  }

  /** What the lines before a conflict end in on both sides, and the base's first: markers end alike. */
  #markerEnding(region: Region): Uint8Array {
    if (this.#options.lineEnding !== undefined) return this.#options.lineEnding;
    const { base, ours, theirs } = this.#sides;
    const before = (span: Span): number => Math.max(0, span.start - 1);
    if (endsInCrlf(ours, before(region.ours)) === false) return LF;
    if (endsInCrlf(theirs, before(region.theirs)) === false) return LF;
    return endsInCrlf(base, 0) === true ? CRLF : LF;
  }
}

function markerLine(byte: number, size: number, label: string): Uint8Array {
  return toBytes(String.fromCharCode(byte).repeat(size) + (label === '' ? '' : ` ${label}`));
}

/** Whether `line`, or the one before it where it is a last line without an end, ends in CRLF; if any does. */
function endsInCrlf(side: LineIndex, line: number): boolean | undefined {
  if (side.count === 0) return undefined;
  const own = lineEndingLength(side, line);
  if (own > 0) return own === 2;
  return line === 0 ? undefined : lineEndingLength(side, line - 1) === 2;
}

function withoutFinalNewline(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end--;
  if (end < bytes.length && bytes[end - 1] === 0x0d) end--;
  return bytes.subarray(0, end);
}

function fromOne({ start, end }: Span): Span {
  return { start: start + 1, end: end + 1 };
}
