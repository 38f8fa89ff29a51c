import type { Backend } from '../backend.js';
import { findRepository } from '../files/find-repository.js';
import { createEmbeddedEngine } from './embedded-engine.js';
import { createEmbeddedRemote } from './embedded-remote.js';
import { unsupported } from './unsupported.js';

/** The backend that needs no git program. */
export function createEmbeddedBackend(): Backend {
  return {
    async findRepository(path) {
      const found = findRepository(path);
      const { refStorage } = found;
      if (refStorage !== undefined) throw unsupported(`${path} keeps its refs as ${refStorage}`);
      return found;
    },
    async createEngine(found, options) {
      return createEmbeddedEngine(found, options);
    },
    createRemote: createEmbeddedRemote,
  };
}
