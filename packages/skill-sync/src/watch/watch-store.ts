import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store.js';

export interface WatchOptions {
  /** Opens the store; called again when another file stands in its place. */
  readonly open: () => Store;
  /** The path of the store. */
  readonly file: string;
  /** Called when the store changed, once for a burst, and at each beat; never twice at a time. */
  readonly onChange: (store: Store, cause: 'start' | 'change' | 'heartbeat') => Promise<void>;
  /** How long the store must be quiet before a burst counts as over, in milliseconds. Default: 500. */
  readonly debounce?: number;
  /** The time between two heartbeats, in milliseconds; 0: none. Default: 0. */
  readonly every?: number;
  /** How often the store is looked at, in milliseconds. Default: 100. */
  readonly interval?: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** A burst that does not end counts as over after this many times `debounce`. */
const patience = 20;

/**
 * Watches a store for changes by any process, through SQLite's own counter (`PRAGMA data_version`), which
 * is not fooled by the time of a file. Calls `onChange` once at the start, after each burst of changes,
 * and at each heartbeat. Ends when the signal comes.
 */
export async function watchStore(options: WatchOptions): Promise<void> {
  const { open, file, onChange, signal } = options;
  const { debounce = 500, every = 0, interval = 100 } = options;
  let store = open();
  let identity = identityOf(file);
  try {
    let version = store.dataVersion();
    let burst: { readonly since: number; last: number } | undefined;
    let beatAt = performance.now() + every;
    await onChange(store, 'start');
    while (!signal.aborted) {
      await sleep(interval, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const now = performance.now();
      if (identityOf(file) !== identity) {
        const next = reopen(open);
        if (!next) continue;
        store.close();
        store = next;
        identity = identityOf(file);
        version = Number.NaN;
      }
      const next = store.dataVersion();
      if (next !== version) {
        version = next;
        burst = { since: burst?.since ?? now, last: now };
      }
      const isOver =
        burst && (now - burst.last >= debounce || now - burst.since >= patience * debounce);
      const isBeat = every > 0 && now >= beatAt;
      if (!isOver && !isBeat) continue;
      const cause = isOver ? 'change' : 'heartbeat';
      burst = undefined;
      await onChange(store, cause);
      beatAt = performance.now() + every;
    }
  } finally {
    store.close();
  }
}

/** `undefined` while whoever replaces the store is not done. */
function reopen(open: () => Store): Store | undefined {
  try {
    return open();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'store-missing' || code === 'store-locked' || code === 'store-failed') {
      return undefined;
    }
    throw error;
  }
}

/** Tells one file from another that took its name. */
function identityOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.dev} ${stats.ino}` : '';
}
