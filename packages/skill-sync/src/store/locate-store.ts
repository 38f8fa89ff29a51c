import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the described system keeps everything. */
const publishedDataFolder = '/data';

export interface LocateStoreOptions {
  /** The folder that relative paths are resolved in. */
  readonly cwd: string;
  /** The user's own folder. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `--db`: a store. */
  readonly db?: string | undefined;
  /** `--data`: a data folder. */
  readonly data?: string | undefined;
}

/** Where a store is, and how that was found out. */
export interface StoreLocation {
  /** The store's path, absolute. */
  readonly file: string;
  /** `named`: the user named this very file. `found`: it is `state.db` in a data folder. */
  readonly kind: 'named' | 'found';
}

/**
 * Finds the store: `--db`, else `HOLDFAST_STATE_DB`, else `state.db` in the data folder (`--data`, else
 * `HOLDFAST_DATA_DIR`, else `/data` where that is a folder, else `holdfast` in the user's XDG data folder).
 */
export function locateStore(options: LocateStoreOptions): StoreLocation {
  const { cwd, environment, data } = options;
  const db = options.db ?? environment['HOLDFAST_STATE_DB'];
  if (db) return { file: resolve(cwd, db), kind: 'named' };
  const folder = data ?? environment['HOLDFAST_DATA_DIR'];
  if (folder) return { file: resolve(cwd, folder, 'state.db'), kind: 'found' };
  return { file: join(defaultDataFolder(options), 'state.db'), kind: 'found' };
}

function defaultDataFolder({ environment, home }: LocateStoreOptions): string {
  if (statSync(publishedDataFolder, { throwIfNoEntry: false })?.isDirectory()) {
    return publishedDataFolder;
  }
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'holdfast');
}
