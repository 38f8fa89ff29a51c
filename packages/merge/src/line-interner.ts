const NEWLINE = 0x0a;
const NEWLINES = 0x0a0a0a0a;
const LOW_BITS = 0x01010101;
const HIGH_BITS = 0x80808080;

/**
 * The lines of one text: line `n` (from 0) is `bytes[starts[n]] … bytes[starts[n + 1]]`, its line feed
 * included. `ids[n]` is equal for equal lines of every text that one {@link LineInterner} read.
 */
export interface LineIndex {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ids: Int32Array;
}

/**
 * Gives equal lines of several texts the same small integer, so that everything after it compares
 * integers. Lines are hashed a 32-bit word at a time and compared byte for byte before two are called
 * equal; a later text is first compared with the lines of the first one in order, which costs no hashing
 * where they agree. Time and memory are linear. Lines made to collide cost no more than a constant
 * factor: past a budget of probes the keys go into a `Map`, whose hashing the engine seeds.
 */
export class LineInterner {
  /** How many different lines were seen; ids are below it. */
  classes = 0;

  #documents: DataView[] = [];
  #slots = new Int32Array(256);
  #hashes = new Int32Array(128);
  #homes = new Int32Array(128);
  #starts = new Int32Array(128);
  #lengths = new Int32Array(128);
  #probes = 0;
  #byKey: Map<string, number> | undefined;

  #guide: LineIndex | undefined;
  /** For each id of the guide the line it is on, or −1 where it is on several. */
  #guideLine = new Int32Array(0);

  #lineEnd = 0;
  #lineHash = 0;

  /** Reads the lines of `bytes`. */
  add(bytes: Uint8Array): LineIndex {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#documents.push(view);
    const index =
      this.#guide === undefined
        ? this.#read(bytes, view)
        : this.#readAlong(bytes, view, this.#guide);
    if (this.#guide === undefined) this.#setGuide(index);
    return index;
  }

  #setGuide(index: LineIndex): void {
    this.#guide = index;
    this.#guideLine = new Int32Array(this.classes).fill(-2);
    for (let line = 0; line < index.count; line++) {
      const id = index.ids[line]!;
      this.#guideLine[id] = this.#guideLine[id] === -2 ? line : -1;
    }
  }

  #read(bytes: Uint8Array, view: DataView): LineIndex {
    const lines = new LineBuffer(bytes);
    const home = this.#documents.length - 1;
    for (let start = 0; start < bytes.length; start = this.#lineEnd) {
      this.#scanLine(view, start);
      lines.push(start, this.#intern(view, home, start));
    }
    return lines.finish();
  }

  #readAlong(bytes: Uint8Array, view: DataView, guide: LineIndex): LineIndex {
    const lines = new LineBuffer(bytes);
    const home = this.#documents.length - 1;
    const guideView = this.#documents[0]!;
    const { starts, ids, count } = guide;
    const length = bytes.length;
    let expected = 0;
    let start = 0;
    while (start < length) {
      if (expected < count) {
        const from = starts[expected]!;
        const end = start + starts[expected + 1]! - from;
        if (
          end <= length &&
          (end === length || bytes[end - 1] === NEWLINE) &&
          sameBytes(guideView, from, view, start, end - start)
        ) {
          lines.push(start, ids[expected]!);
          expected++;
          start = end;
          continue;
        }
      }
      this.#scanLine(view, start);
      const id = this.#intern(view, home, start);
      lines.push(start, id);
      const line = id < this.#guideLine.length ? this.#guideLine[id]! : -1;
      if (line >= 0) expected = line + 1;
      start = this.#lineEnd;
    }
    return lines.finish();
  }

  /** Finds where the line that begins at `start` ends, and its hash. */
  #scanLine(view: DataView, start: number): void {
    const length = view.byteLength;
    const lastWord = length - 4;
    let hash = 0x2545f491;
    let position = start;
    while (position <= lastWord) {
      const word = view.getInt32(position, true);
      const difference = word ^ NEWLINES;
      const found = (difference - LOW_BITS) & ~difference & HIGH_BITS;
      if (found !== 0) {
        const bytes = ((31 - Math.clz32(found & -found)) >>> 3) + 1;
        const kept = bytes === 4 ? word : word & ((1 << (bytes * 8)) - 1);
        this.#lineEnd = position + bytes;
        this.#lineHash = finishHash(hash, kept);
        return;
      }
      hash = Math.imul(hash ^ word, 0x5bd1e995);
      hash ^= hash >>> 15;
      position += 4;
    }
    let rest = 0;
    let shift = 0;
    while (position < length) {
      const byte = view.getUint8(position++);
      rest |= byte << shift;
      shift += 8;
      if (byte === NEWLINE) break;
    }
    this.#lineEnd = position;
    this.#lineHash = finishHash(hash, rest);
  }

  /** The id of the line that was just scanned. */
  #intern(view: DataView, home: number, start: number): number {
    if (this.#byKey !== undefined) return this.#internByKey(this.#byKey, view, home, start);
    const hash = this.#lineHash;
    const length = this.#lineEnd - start;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const id = this.#slots[slot]! - 1;
      if (id < 0) break;
      if (
        this.#hashes[id] === hash &&
        this.#lengths[id] === length &&
        sameBytes(this.#documents[this.#homes[id]!]!, this.#starts[id]!, view, start, length)
      ) {
        return id;
      }
      slot = (slot + 1) & mask;
      this.#probes++;
    }
    const id = this.#addClass(home, start, length, hash);
    this.#slots[slot] = id + 1;
    if (this.classes * 2 > this.#slots.length) this.#growSlots();
    if (this.#probes > 64 * this.classes + 4096) this.#byKey = this.#keysOfClasses();
    return id;
  }

  #internByKey(keys: Map<string, number>, view: DataView, home: number, start: number): number {
    const length = this.#lineEnd - start;
    const key = decodeKey(view, start, length);
    let id = keys.get(key);
    if (id === undefined) {
      id = this.#addClass(home, start, length, 0);
      keys.set(key, id);
    }
    return id;
  }

  #keysOfClasses(): Map<string, number> {
    const keys = new Map<string, number>();
    for (let id = 0; id < this.classes; id++) {
      const view = this.#documents[this.#homes[id]!]!;
      keys.set(decodeKey(view, this.#starts[id]!, this.#lengths[id]!), id);
    }
    return keys;
  }

  #addClass(home: number, start: number, length: number, hash: number): number {
    const id = this.classes++;
    if (id === this.#hashes.length) this.#growClasses();
    this.#hashes[id] = hash;
    this.#homes[id] = home;
    this.#starts[id] = start;
    this.#lengths[id] = length;
    return id;
  }

  #growClasses(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = grown(this.#hashes, size);
    this.#homes = grown(this.#homes, size);
    this.#starts = grown(this.#starts, size);
    this.#lengths = grown(this.#lengths, size);
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let id = 0; id < this.classes; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Collects line starts and ids whose number is not known before. */
class LineBuffer {
  #bytes: Uint8Array;
  #starts: Int32Array;
  #ids: Int32Array;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const guess = (bytes.length >>> 5) + 16;
    this.#starts = new Int32Array(guess + 1);
    this.#ids = new Int32Array(guess);
  }

  push(start: number, id: number): void {
    const line = this.#count++;
    if (line === this.#ids.length) {
      this.#ids = grown(this.#ids, line * 2);
      this.#starts = grown(this.#starts, line * 2 + 1);
    }
    this.#starts[line] = start;
    this.#ids[line] = id;
  }

  finish(): LineIndex {
    const count = this.#count;
    this.#starts[count] = this.#bytes.length;
    return {
      bytes: this.#bytes,
      count,
      starts: this.#starts.subarray(0, count + 1),
      ids: this.#ids.subarray(0, count),
    };
  }
}

/** A copy of `values` with room for `size`. */
export function grown(values: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(size);
  result.set(values);
  return result;
}

function finishHash(hash: number, word: number): number {
  let result = Math.imul(hash ^ word, 0x5bd1e995);
  result = Math.imul(result ^ (result >>> 13), 0x85ebca6b);
  return result ^ (result >>> 16);
}

function sameBytes(
  left: DataView,
  leftStart: number,
  right: DataView,
  rightStart: number,
  length: number,
): boolean {
  let offset = 0;
  for (; offset + 4 <= length; offset += 4) {
    if (left.getInt32(leftStart + offset, true) !== right.getInt32(rightStart + offset, true)) {
      return false;
    }
  }
  for (; offset < length; offset++) {
    if (left.getUint8(leftStart + offset) !== right.getUint8(rightStart + offset)) return false;
  }
  return true;
}

/** A string that is different for different bytes: windows-1252 gives each of the 256 its own character. */
function decodeKey(view: DataView, start: number, length: number): string {
  return new TextDecoder('windows-1252').decode(
    new Uint8Array(view.buffer, view.byteOffset + start, length),
  );
}
