import { GitError } from './git-error.js';
import type { FileMode } from './repository.js';

/**
 * One entry of a tree object. `name` holds the raw bytes, one per character (latin1), so that names
 * in any encoding survive; `mode` is the octal text as stored, such as `40000` or `100664`.
 */
export interface RawTreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

/** Whether an entry's mode is that of a folder. */
export function isTreeMode(mode: string): boolean {
  return mode === '40000' || mode === '040000';
}

/** Reads a tree object's content. Fails with `corrupt` where it is not one. */
export function parseTree(oid: string, content: Buffer): RawTreeEntry[] {
  const entries: RawTreeEntry[] = [];
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const nul = space === -1 ? -1 : content.indexOf(0, space);
    const mode = content.toString('latin1', at, Math.max(space, at));
    if (nul === -1 || nul + 21 > content.length) throw corruptTree(oid, at);
    if (!/^[0-7]{5,6}$/.test(mode) || nul === space + 1) throw corruptTree(oid, at);
    entries.push({
      mode,
      name: content.toString('latin1', space + 1, nul),
      oid: content.toString('hex', nul + 1, nul + 21),
    });
    at = nul + 21;
  }
  return entries;
}

/** The content of the tree object with these entries, which must be sorted. */
export function serializeTree(entries: readonly RawTreeEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(oid, 'hex'),
    ]),
  );
}

/** Git's order of a tree's entries: by bytes, a folder's name as if it ended in `/`. */
export function compareTreeEntries(a: RawTreeEntry, b: RawTreeEntry): number {
  const keyOfA = sortKey(a);
  const keyOfB = sortKey(b);
  return keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0;
}

/** The mode that git gives an entry when it reads it: odd permissions become 644 or 755. */
export function canonicalMode(mode: string): FileMode {
  const bits = Number.parseInt(mode, 8);
  switch (bits & 0o170000) {
    case 0o120000:
      return '120000';
    case 0o160000:
      return '160000';
    default:
      return bits & 0o100 ? '100755' : '100644';
  }
}

function sortKey(entry: RawTreeEntry): string {
  return isTreeMode(entry.mode) ? `${entry.name}/` : entry.name;
}

function corruptTree(oid: string, offset: number): GitError {
  return new GitError('corrupt', `tree ${oid} is damaged at byte ${offset}`, {
    data: { oid, offset },
    hint: 'run "git fsck" in the repository',
  });
}
