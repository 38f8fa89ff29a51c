/** What a delta says of itself: the size of its base and of what comes of it. */
export interface DeltaHead {
  readonly baseSize: number;
  readonly size: number;
  /** Where the instructions begin. */
  readonly at: number;
}

/** Reads the head of a delta; undefined where there is none. See git's gitformat-pack. */
export function readDeltaHead(delta: Buffer): DeltaHead | undefined {
  const base = readSize(delta, 0);
  const result = base && readSize(delta, base.at);
  return result && { baseSize: base.value, size: result.value, at: result.at };
}

/** Carries out the instructions of a delta on its base; undefined where they do not fit. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer | undefined {
  const head = readDeltaHead(delta);
  if (head === undefined || head.baseSize !== base.length) return undefined;
  const result = Buffer.allocUnsafeSlow(head.size);
  let filled = 0;
  let { at } = head;
  while (at < delta.length) {
    const instruction = delta[at++] ?? 0;
    if (instruction === 0) return undefined;
    if (instruction & 0x80) {
      let from = 0;
      let length = 0;
      for (let bit = 0; bit < 4; bit++)
        if (instruction & (1 << bit)) from += (delta[at++] ?? 0) * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++)
        if (instruction & (0x10 << bit)) length += (delta[at++] ?? 0) * 2 ** (8 * bit);
      if (length === 0) length = 0x10000;
      if (from + length > base.length || filled + length > head.size) return undefined;
      base.copy(result, filled, from, from + length);
      filled += length;
    } else {
      if (at + instruction > delta.length || filled + instruction > head.size) return undefined;
      delta.copy(result, filled, at, at + instruction);
      filled += instruction;
      at += instruction;
    }
  }
  return filled === head.size ? result : undefined;
}

function readSize(delta: Buffer, from: number): { value: number; at: number } | undefined {
  let value = 0;
  let at = from;
  for (let scale = 1; ; scale *= 128) {
    const byte = delta[at++];
    if (byte === undefined || !Number.isSafeInteger(value)) return undefined;
    value += (byte & 0x7f) * scale;
    if ((byte & 0x80) === 0) return { value, at };
  }
}
