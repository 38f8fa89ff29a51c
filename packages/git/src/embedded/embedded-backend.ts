import { join } from 'node:path';
import type { Backend } from '../backend.js';
import { findRepository, isPartialClone, type FoundRepository } from '../files/find-repository.js';
import { readText } from '../files/read-file.js';
import { createEmbeddedEngine, type EmbeddedOptions } from './embedded-engine.js';
import { createObjectStore } from './object-store.js';
import { createRefStore } from './ref-store.js';
import { createEmbeddedRemote } from './embedded-remote.js';
import { unsupported } from './unsupported.js';

/** The backend that needs no git program: isomorphic-git for objects, and files for refs. */
export function createEmbeddedBackend(): Backend {
  return {
    async findRepository(path) {
      const found = findRepository(path);
      checkSupported(path, found);
      return found;
    },
    async createEngine(found) {
      return createEmbeddedEngine(readOptions(found));
    },
    createRemote: (options) =>
      createEmbeddedRemote(options, async () =>
        readOptions({ directory: options.directory, common: options.directory, bare: true }),
      ),
  };
}

function readOptions({
  directory,
  common,
  bare,
}: Pick<FoundRepository, 'directory' | 'common' | 'bare'>): EmbeddedOptions {
  const objects = createObjectStore(common, {});
  return { directory, common, bare, objects, refs: createRefStore(directory, common) };
}

/** Refuses what would be read wrongly. */
function checkSupported(path: string, { common, refStorage }: FoundRepository): void {
  if (refStorage !== undefined) throw unsupported(`${path} keeps its refs as ${refStorage}`);
  if (isPartialClone(common)) {
    throw unsupported(`${path} is a partial clone, whose objects are elsewhere`);
  }
  const alternates = readText(join(common, 'objects', 'info', 'alternates'))?.trim() ?? '';
  if (alternates !== '') {
    throw unsupported(`${path} borrows objects from ${alternates.split('\n')[0]}`);
  }
}
