import type { DatabaseSync } from 'node:sqlite';
import { SkillSyncError } from '../skill-sync-error.js';

/** The version of the table that this library knows; kept in SQLite's `user_version`. */
export const storeVersion = 1;

const wanted = ['key', 'value', 'updated_at'];

/**
 * Refuses a database that is not a store, or one of a newer version. One without tables, and one whose
 * version is 0 (as the described system leaves it), is a store of version 1.
 */
export function verifySchema(database: DatabaseSync, file: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  const tables = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all() as { name: string }[];
  const hasTable = tables.some(({ name }) => name === 'runtime_kv');
  if (version > storeVersion && (hasTable || tables.length === 0)) {
    throw new SkillSyncError(
      'store-newer',
      `${file} has version ${version} of the store's schema, this program knows ${storeVersion}`,
      { hint: 'use the Holdfast that wrote it, or a newer one; nothing was changed' },
    );
  }
  if (tables.length === 0) return;
  if (!hasTable) {
    throw new SkillSyncError(
      'not-a-store',
      `${file} is a database of something else: it has no table runtime_kv`,
      { hint: 'name the store with --db FILE or HOLDFAST_STATE_DB' },
    );
  }
  const columns = database.prepare('PRAGMA table_info(runtime_kv)').all() as { name: string }[];
  const absent = wanted.filter((column) => !columns.some(({ name }) => name === column));
  if (absent.length === 0) return;
  throw new SkillSyncError(
    'not-a-store',
    `the table runtime_kv of ${file} lacks ${absent.join(', ')}; it has ${columns.map(({ name }) => name).join(', ')}`,
    { hint: 'expected runtime_kv(key TEXT PRIMARY KEY, value TEXT, updated_at TEXT)' },
  );
}

/** Makes the table where it is not there; within the transaction of the first write. */
export function prepareSchema(database: DatabaseSync, file: string): void {
  verifySchema(database, file);
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version === storeVersion) return;
  database.exec(
    `CREATE TABLE IF NOT EXISTS runtime_kv (key TEXT PRIMARY KEY, value TEXT, updated_at TEXT);
     PRAGMA user_version = ${storeVersion};`,
  );
}
