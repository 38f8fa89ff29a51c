import { hashBlob } from '@holdfast/manifest';
import { SyncError } from '../sync-error.js';

/**
 * Content by object id, bounded in size: past the limit, what was used longest ago is dropped. One store
 * serves a whole run, its source, all targets and what is derived: an id names the same bytes everywhere.
 */
export interface ContentStore {
  /** What is being read now, by whichever reader. */
  readonly pending: Map<string, Promise<Uint8Array>>;
  get(oid: string): Uint8Array | undefined;
  set(oid: string, content: Uint8Array): void;
}

/** Reads content by object id, each at most once while it stays within the limit. */
export interface ContentReader {
  read(oid: string): Promise<Uint8Array>;
  /** Reads what is not here yet in one go. */
  prefetch(oids: Iterable<string>): Promise<void>;
}

interface BlobSource {
  readBlob(oid: string): Promise<Uint8Array>;
  readBlobs(oids: Iterable<string>): AsyncIterable<{ oid: string; content: Uint8Array }>;
}

const DEFAULT_LIMIT = 256 * 1024 * 1024;

/** Creates a store that holds at most `limit` bytes (default 256 MiB), and always the newest entry. */
export function createContentStore({
  limit = DEFAULT_LIMIT,
}: { limit?: number } = {}): ContentStore {
  const contents = new Map<string, Uint8Array>();
  let size = 0;
  return {
    pending: new Map(),
    get(oid) {
      const content = contents.get(oid);
      if (content) {
        contents.delete(oid);
        contents.set(oid, content);
      }
      return content;
    },
    set(oid, content) {
      if (contents.has(oid)) return;
      contents.set(oid, content);
      size += content.length;
      for (const [oldest, { length }] of contents) {
        if (size <= limit || oldest === oid) break;
        contents.delete(oldest);
        size -= length;
      }
    },
  };
}

/** The content, if it is what its id says: git itself does not look when it reads. */
function checked(oid: string, content: Uint8Array): Uint8Array {
  const found = hashBlob(content);
  if (found === oid) return content;
  throw new SyncError('corrupt', `object ${oid} is damaged: its bytes are those of ${found}`, {
    blame: 'repository',
    hint: 'run git fsck in the repository, and fetch the object anew',
  });
}

/** Creates a reader before a repository's blobs; content that is not what its id says is an error. */
export function createContentReader(repository: BlobSource, store: ContentStore): ContentReader {
  const pending = new Map<string, Promise<Uint8Array>>();

  async function read(oid: string): Promise<Uint8Array> {
    const known = store.get(oid);
    if (known) return known;
    const own = pending.get(oid);
    if (own) return own;
    // Another repository may be reading it; where that one lacks it, this one is asked.
    const elsewhere = store.pending.get(oid);
    const shared = elsewhere && (await elsewhere.catch(() => undefined));
    if (shared) return shared;
    const reading = repository
      .readBlob(oid)
      .then((content) => checked(oid, content))
      .finally(() => {
        pending.delete(oid);
        if (store.pending.get(oid) === reading) store.pending.delete(oid);
      });
    pending.set(oid, reading);
    store.pending.set(oid, reading);
    const content = await reading;
    store.set(oid, content);
    return content;
  }

  async function prefetch(oids: Iterable<string>): Promise<void> {
    const missing = [...new Set(oids)].filter((oid) => !store.get(oid) && !pending.has(oid));
    if (missing.length === 0) return;
    const waiting = new Map(missing.map((oid) => [oid, Promise.withResolvers<Uint8Array>()]));
    for (const [oid, { promise }] of waiting) {
      promise.catch(() => undefined);
      pending.set(oid, promise);
    }
    try {
      for await (const { oid, content } of repository.readBlobs(missing)) {
        store.set(oid, checked(oid, content));
        waiting.get(oid)?.resolve(content);
      }
    } catch (error) {
      for (const { reject } of waiting.values()) reject(error);
      throw error;
    } finally {
      for (const oid of missing) pending.delete(oid);
    }
  }

  return { read, prefetch };
}
