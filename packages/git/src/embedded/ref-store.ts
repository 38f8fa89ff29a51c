import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedRef } from '../damaged-ref.js';
import { isObjectId } from '../object-id.js';
import { isRefName } from '../ref-name.js';
import { readText } from '../files/read-file.js';

/** Symbolic refs that point at symbolic refs deeper than this are taken for a loop. */
const MAX_SYMBOLIC_DEPTH = 5;

/** Reads the refs of a repository: loose files first, then `packed-refs`. */
export interface RefStore {
  /** What a ref or HEAD holds in the end; undefined when it holds nothing sound. */
  read(name: string): Promise<string | undefined>;
  /** The ref that HEAD names; undefined when it holds a commit. */
  readHead(): Promise<string | undefined>;
  list(prefix: string): Promise<{ name: string; oid: string }[]>;
  /** All of `packed-refs`, by name. */
  readPacked(): Promise<ReadonlyMap<string, string>>;
}

/** `own` is the work tree's git directory (for HEAD), `common` the one that holds the refs. */
export function createRefStore(own: string, common: string): RefStore {
  let packed: { version: string; refs: ReadonlyMap<string, string> } | undefined;

  async function readPacked(): Promise<ReadonlyMap<string, string>> {
    const file = join(common, 'packed-refs');
    const version = await describeVersion(file);
    if (packed?.version !== version) {
      packed = { version, refs: parsePackedRefs((await readText(file)) ?? '') };
    }
    return packed.refs;
  }

  async function read(name: string, depth = 0): Promise<string | undefined> {
    const text = (await readText(join(name === 'HEAD' ? own : common, name)))?.trim();
    if (text === undefined || text === '') return (await readPacked()).get(name);
    const target = /^ref: (.+)$/.exec(text)?.[1];
    if (target === undefined) return isObjectId(text) ? text : undefined;
    const isSound = isRefName(target) && target.startsWith('refs/') && depth < MAX_SYMBOLIC_DEPTH;
    return isSound ? read(target, depth + 1) : undefined;
  }

  /** A symbolic ref to nothing is no ref yet; anything else that does not read is damaged. */
  async function unread(name: string): Promise<string> {
    const text = await readText(join(common, name));
    if (text === undefined || text.startsWith('ref: ')) return '';
    throw damagedRef(name);
  }

  return {
    read,
    readPacked,
    async readHead() {
      return /^ref: (.+)$/m.exec((await readText(join(own, 'HEAD'))) ?? '')?.[1];
    },
    async list(prefix) {
      const loose = await listFiles(join(common, 'refs'));
      const names = new Set([
        ...loose.map((name) => `refs/${name}`),
        ...(await readPacked()).keys(),
      ]);
      const wanted = [...names].filter((name) => name.startsWith(prefix) && isRefName(name)).sort();
      const refs = await Promise.all(
        wanted.map(async (name) => ({ name, oid: (await read(name)) ?? (await unread(name)) })),
      );
      return refs.filter(({ oid }) => oid !== '');
    },
  };
}

/** Lines are `OID SP NAME`; those that begin with `#` or `^` (what a tag points at) say more. */
export function parsePackedRefs(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => /^[0-9a-f]{40} /.test(line));
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

async function describeVersion(file: string): Promise<string> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((name) => name.replaceAll('\\', '/'));
}
