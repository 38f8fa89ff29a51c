import { hashObject, type ObjectType } from './object-id.js';
import type { PackableObject } from './pack.js';
import { serializeTree, type RawTreeEntry } from './tree-object.js';
import type { EngineKind, LogRange, RefUpdate, Snapshot, UpdateRefsOutcome } from './repository.js';

/** An object as it is stored. */
export interface GitObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly content: Buffer;
}

/** An object's kind, and the bytes of its content. */
export interface ObjectInfo {
  readonly type: ObjectType;
  readonly size: number;
}

/** Reads objects in a row, each as `Engine.readObject` and `Engine.objectInfo` do. */
export interface ManyReader {
  read(oid: string, limit: number): Promise<GitObject | undefined>;
  inspect(oid: string): Promise<ObjectInfo | undefined>;
}

/** The objects of one commit, by the ids that they will have. */
export interface NewObjects {
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  readonly trees: ReadonlyMap<string, readonly RawTreeEntry[]>;
  readonly commit: Buffer;
}

/** The objects in the order to write them: each after what it points at, the commit last. */
export function listNewObjects({ blobs, trees, commit }: NewObjects): PackableObject[] {
  return [
    ...Array.from(blobs, ([oid, content]): PackableObject => ({ oid, type: 'blob', content })),
    ...Array.from(trees, ([oid, entries]): PackableObject => ({
      oid,
      type: 'tree',
      content: serializeTree(entries),
    })),
    { oid: hashObject('commit', commit), type: 'commit', content: commit },
  ];
}

/**
 * What an engine does for a repository; everything that can be said in these terms is shared. Ids
 * and ref names are valid when they arrive here.
 */
export interface Engine {
  readonly kind: EngineKind;
  /** Undefined when it is missing; fails with `too-large` beyond `limit`, or that of its kind. */
  readObject(oid: string, limit?: number): Promise<GitObject | undefined>;
  /** Its kind and the bytes of its content; undefined when it is missing. */
  objectInfo(oid: string): Promise<ObjectInfo | undefined>;
  /** What reads so many objects faster than one by one, where there is such a thing. */
  readMany?(oids: readonly string[]): ManyReader | undefined;
  /** What a full ref name or `HEAD` holds, symbolic refs followed. */
  readRef(name: string): Promise<string | undefined>;
  /** The objects whose ids begin so; two are enough to know that there are several. */
  expandOid(prefix: string): Promise<string[]>;
  /** What git takes a revision for, in notations that only it reads. */
  resolveByGit?(revision: string): Promise<string | undefined>;
  listRefs(prefix: string): Promise<{ name: string; oid: string }[]>;
  /** The ref that `HEAD` names, whether or not it exists. */
  readHead(): Promise<string | undefined>;
  listFiles(tree: string): Promise<Pick<Snapshot, 'entries' | 'unreadable'>>;
  /** Writes the commit last, so that it is never there without what it points at. */
  writeObjects(objects: NewObjects): Promise<void>;
  updateRefs(updates: readonly RefUpdate[], message: string): Promise<UpdateRefsOutcome>;
  /** Ids of commits, newest first. */
  log(range: LogRange): Promise<string[]>;
  mergeBase(a: string, b: string): Promise<string | undefined>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  close(): Promise<void>;
}
