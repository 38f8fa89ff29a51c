import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { damagedRef } from '../damaged-ref.js';
import { beyondLimit } from '../limits.js';
import { isObjectId } from '../object-id.js';
import { isRefName } from '../ref-name.js';
import { readRegularFile, readText } from './read-file.js';

/** Symbolic refs that point at symbolic refs deeper than this are taken for a loop. */
const MAX_SYMBOLIC_DEPTH = 5;

/** A loose ref is an id or a name. */
const MAX_REF_BYTES = 4_096;

/** A line of `packed-refs` is no longer: an id and a name. */
const BYTES_PER_REF = 1_100;

/** Reads the refs of a repository, by exact name: loose files first, then `packed-refs`. */
export interface RefStore {
  /** What a full ref name or HEAD holds in the end; undefined when it holds nothing sound. */
  read(name: string): string | undefined;
  /** The ref that HEAD names; undefined when it holds a commit. */
  readHead(): string | undefined;
  /** Fails with `too-large` beyond the limit of refs, and with `corrupt` on a damaged one. */
  list(prefix: string): { name: string; oid: string }[];
  /** All of `packed-refs`, by name. */
  readPacked(): ReadonlyMap<string, string>;
  /** A ref in whose place, above or below, another one lies. */
  findClash(name: string, isGoing: (name: string) => boolean): string | undefined;
}

/** `own` is the work tree's git directory (for HEAD), `common` the one that holds the refs. */
export function createRefStore(own: string, common: string, maxRefs: number): RefStore {
  let packed: { version: string; refs: ReadonlyMap<string, string> } | undefined;

  function readPacked(): ReadonlyMap<string, string> {
    const file = join(common, 'packed-refs');
    const version = describeVersion(file);
    if (packed?.version !== version || version === '') {
      const text = readRegularFile(file, maxRefs * BYTES_PER_REF)?.toString() ?? '';
      packed = { version, refs: parsePackedRefs(text) };
      if (packed.refs.size > maxRefs) throw tooMany(packed.refs.size);
    }
    return packed.refs;
  }

  function read(name: string, depth = 0): string | undefined {
    const file = join(name === 'HEAD' ? own : common, name);
    const text = readRegularFile(file, MAX_REF_BYTES)?.toString().trim();
    if (text === undefined || text === '') return readPacked().get(name);
    const target = /^ref: (.+)$/.exec(text)?.[1];
    if (target === undefined) return isObjectId(text) ? text : undefined;
    const isSound = isRefName(target) && target.startsWith('refs/') && depth < MAX_SYMBOLIC_DEPTH;
    return isSound ? read(target, depth + 1) : undefined;
  }

  /** A symbolic ref to nothing is no ref yet; anything else that does not read is damaged. */
  function unread(name: string): string {
    const text = readText(join(common, name));
    if (text === undefined || text.startsWith('ref: ')) return '';
    throw damagedRef(name);
  }

  function tooMany(found: number): Error {
    return beyondLimit('refs', `the repository has ${found} refs and more`, maxRefs, { found });
  }

  /** Full names of loose refs below a folder of refs. */
  function* listLoose(folder: string): Generator<string> {
    for (const entry of readFolder(join(common, folder))) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* listLoose(name);
      else if (!entry.name.endsWith('.lock')) yield name;
    }
  }

  return {
    read,
    readPacked,
    readHead() {
      return /^ref: (.+)$/m.exec(readText(join(own, 'HEAD')) ?? '')?.[1];
    },
    list(prefix) {
      const folder = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
      const names = new Set<string>();
      const note = (name: string): void => {
        if (name.startsWith(prefix) && isRefName(name)) names.add(name);
        if (names.size > maxRefs) throw tooMany(names.size);
      };
      const isBelowRefs = folder === 'refs' || folder.startsWith('refs/');
      for (const name of listLoose(isBelowRefs && isRefName(folder) ? folder : 'refs')) note(name);
      for (const name of readPacked().keys()) note(name);
      const refs = [...names].sort().map((name) => ({ name, oid: read(name) ?? unread(name) }));
      return refs.filter(({ oid }) => oid !== '');
    },
    findClash(name, isGoing) {
      const parts = name.split('/');
      for (let count = 2; count < parts.length; count++) {
        const above = parts.slice(0, count).join('/');
        if (!isGoing(above) && read(above) !== undefined) return above;
      }
      for (const below of listLoose(name)) if (!isGoing(below)) return below;
      for (const other of readPacked().keys()) {
        if (other.startsWith(`${name}/`) && !isGoing(other)) return other;
      }
      return undefined;
    },
  };
}

/** Lines are `OID SP NAME`; those that begin with `#` or `^` (what a tag points at) say more. */
export function parsePackedRefs(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => /^[0-9a-f]{40} /.test(line));
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

function describeVersion(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return [];
    throw error;
  }
}
