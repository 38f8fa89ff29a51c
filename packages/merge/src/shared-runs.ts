const FACTOR = 0x9e3779b1;
/** A table this full of collisions was made so: the answer is then yes. */
const MAX_PROBES = 64;

/** Whether two texts may have `length` equal lines in a row; found by hashes, so that a yes may be wrong. */
export function mayShareRun(a: Int32Array, b: Int32Array, length: number): boolean {
  const inB = hashRuns(b, length);
  const slots = new Int32Array(2 ** (33 - Math.clz32(inB.length)));
  for (const hash of inB) {
    const slot = findSlot(slots, hash);
    if (slot < 0) return true;
    slots[slot] = hash;
  }
  return hashRuns(a, length).some((hash) => {
    const slot = findSlot(slots, hash);
    return slot < 0 || slots[slot] === hash;
  });
}

/** A rolling hash, which is not 0, of the lines from each place on. */
function hashRuns(ids: Int32Array, length: number): Int32Array {
  const hashes = new Int32Array(Math.max(0, ids.length - length + 1));
  let first = 1;
  for (let power = 0; power < length; power++) first = Math.imul(first, FACTOR);
  let hash = 0;
  for (let line = 0; line < ids.length; line++) {
    hash = (Math.imul(hash, FACTOR) + ids[line]! + 1) | 0;
    if (line >= length) hash = (hash - Math.imul(first, ids[line - length]! + 1)) | 0;
    if (line >= length - 1) hashes[line - length + 1] = hash === 0 ? 1 : hash;
  }
  return hashes;
}

/** Where `hash` is or would be put; −1 when that takes too long to find. */
function findSlot(slots: Int32Array, hash: number): number {
  const mask = slots.length - 1;
  let slot = (hash ^ (hash >>> 15)) & mask;
  for (let probes = 0; probes < MAX_PROBES; probes++) {
    if (slots[slot] === 0 || slots[slot] === hash) return slot;
    slot = (slot + 1) & mask;
  }
  return -1;
}
