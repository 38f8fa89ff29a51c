import type { LineIndex } from './line-interner.js';

/** What git writes, and the least that {@link chooseMarkerSize} chooses. */
export const DEFAULT_MARKER_SIZE = 7;

/** The characters that markers are made of, in the order they come in. */
export const MARKER_BYTES = { ours: 0x3c, base: 0x7c, separator: 0x3d, theirs: 0x3e } as const;

/** The smallest size from 7 up at which no line of the texts could be taken for a marker. */
export function chooseMarkerSize(texts: readonly LineIndex[]): number {
  const taken = new Set<number>();
  for (const { bytes, starts, count } of texts) {
    for (let line = 0; line < count; line++) {
      const size = markerLength(bytes, starts[line]!, starts[line + 1]!);
      if (size >= DEFAULT_MARKER_SIZE) taken.add(size);
    }
  }
  let size = DEFAULT_MARKER_SIZE;
  while (taken.has(size)) size++;
  return size;
}

/** How many equal marker characters the line begins with, when a space or its end follows; else 0. */
export function markerLength(bytes: Uint8Array, start: number, end: number): number {
  const marker = bytes[start]!;
  const isMarker =
    (marker >= MARKER_BYTES.ours && marker <= MARKER_BYTES.theirs) || marker === MARKER_BYTES.base;
  if (!isMarker) return 0;
  let at = start + 1;
  while (at < end && bytes[at] === marker) at++;
  const next = at < end ? bytes[at] : 0x0a;
  return next === 0x20 || next === 0x0a || next === 0x0d ? at - start : 0;
}
