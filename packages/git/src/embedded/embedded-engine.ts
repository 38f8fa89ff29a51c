import type { EngineOptions } from '../backend.js';
import type { Engine } from '../engine.js';
import { findMergeBase, listLog, reaches, type History } from '../files/commit-walk.js';
import { createFilesEngine } from '../files/files-engine.js';
import type { FoundRepository } from '../files/find-repository.js';
import { createHistory } from '../files/history.js';
import { checkNotCheckedOut } from './work-trees.js';

/** The engine that does all of the work in process. */
export function createEmbeddedEngine(found: FoundRepository, options: EngineOptions): Engine {
  const files = createFilesEngine(found, options, async (moves) => {
    checkNotCheckedOut(moves, found);
    return undefined;
  });
  const history = (): History => createHistory(files, found.common);
  return {
    ...files,
    kind: 'embedded',
    log: async (range) => listLog(history(), range),
    mergeBase: async (a, b) => findMergeBase(history(), a, b),
    isAncestor: async (ancestor, descendant) => reaches(history(), descendant, ancestor),
  };
}
