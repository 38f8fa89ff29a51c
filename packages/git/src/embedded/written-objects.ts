import { listNewObjects, type NewObjects } from '../engine.js';
import type { PackableObject } from '../pack.js';

/** The objects that were written last and not pushed yet, in their own bytes: one release goes to many. */
export interface WrittenObjects {
  add(objects: NewObjects): void;
  get(oid: string): PackableObject | undefined;
  clear(): void;
}

/** More than this is read from the mirror again, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Keeps objects until they are cleared away, or are too much. */
export function createWrittenObjects(): WrittenObjects {
  const kept = new Map<string, PackableObject>();
  let bytes = 0;
  const clear = (): void => {
    kept.clear();
    bytes = 0;
  };
  return {
    clear,
    get: (oid) => kept.get(oid),
    add(objects) {
      for (const object of listNewObjects(objects)) {
        bytes += object.content.length;
        kept.set(object.oid, object);
      }
      if (bytes > MAX_BYTES) clear();
    },
  };
}
