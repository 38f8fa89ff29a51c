import type { EngineOptions } from '../backend.js';
import { listNewObjects, type Engine } from '../engine.js';
import { GitError } from '../git-error.js';
import { listTree } from '../list-tree.js';
import type { RefState } from '../ref-outcome.js';
import type { UpdateRefsOutcome } from '../repository.js';
import type { FoundRepository } from './find-repository.js';
import { createObjectFiles, type ObjectFiles } from './object-files.js';
import { updateRefFiles, type RefTransactionPlace } from './ref-transaction.js';
import { createRefStore } from './ref-store.js';
import { writeObjects } from './write-objects.js';

/** What both engines do in this process, on the files of a repository. */
export type FilesEngine = Omit<Engine, 'kind' | 'log' | 'mergeBase' | 'isAncestor'> & {
  readonly objects: ObjectFiles;
  readonly place: RefTransactionPlace;
};

/** Runs while refs are locked; see `updateRefFiles`. */
export type WhileLocked = (moves: readonly RefState[]) => Promise<UpdateRefsOutcome | undefined>;

/** Opens the files of a repository. Nothing is read yet. */
export function createFilesEngine(
  { directory, common, bare, worktree }: FoundRepository,
  { limits, onNotice, disposable = false }: EngineOptions,
  whileLocked: WhileLocked,
): FilesEngine {
  const objects = createObjectFiles(common, limits);
  const refs = createRefStore(directory, common, limits.refs);
  const places = [...new Set([common, directory, worktree ?? common])];
  const place = { directory, common, bare, refs, places, ...(onNotice ? { onNotice } : {}) };
  let closed = false;
  const whenOpen =
    <Args extends unknown[], Result>(work: (...args: Args) => Result | Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (closed) throw new GitError('closed', 'the repository was closed');
      return work(...args);
    };
  const readTree = (oid: string): Buffer | undefined => {
    const object = objects.read(oid, limits.objectBytes);
    return object?.type === 'tree' ? object.content : undefined;
  };
  return {
    objects,
    place,
    readObject: whenOpen(objects.read),
    objectInfo: whenOpen(objects.info),
    readRef: whenOpen((name) => refs.read(name)),
    expandOid: whenOpen(objects.expand),
    listRefs: whenOpen(refs.list),
    readHead: whenOpen(refs.readHead),
    listFiles: whenOpen((tree) => listTree(tree, readTree, limits)),
    writeObjects: whenOpen((added) => writeObjects(listNewObjects(added), common, { disposable })),
    updateRefs: whenOpen((updates, message) =>
      updateRefFiles(updates, message, place, whileLocked),
    ),
    close: async () => {
      closed = true;
      objects.close();
    },
  };
}
