import type { Backend } from '../backend.js';
import { createEmbeddedEngine, type EmbeddedOptions } from './embedded-engine.js';
import { findCommonDirectory, findRepository } from './find-repository.js';
import { createObjectStore } from './object-store.js';
import { createRefStore } from './ref-store.js';
import { createEmbeddedRemote } from './embedded-remote.js';

/** The backend that needs no git program: isomorphic-git for objects, and files for refs. */
export function createEmbeddedBackend(): Backend {
  return {
    findRepository,
    async createEngine({ directory, bare }) {
      return createEmbeddedEngine(await readOptions(directory, bare));
    },
    createRemote: (options) =>
      createEmbeddedRemote(options, () => readOptions(options.directory, true)),
  };
}

async function readOptions(directory: string, bare: boolean): Promise<EmbeddedOptions> {
  const common = await findCommonDirectory(directory);
  const objects = createObjectStore(common, {});
  return { directory, common, bare, objects, refs: createRefStore(directory, common) };
}
