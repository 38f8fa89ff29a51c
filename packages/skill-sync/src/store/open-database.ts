import { getBuiltinModule } from 'node:process';
import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';

/**
 * Opens a SQLite database. `node:sqlite` is loaded by the first call, not by importing this library: a
 * program that needs no store starts without it, and Node.js 22, which warns of its youth, warns then.
 */
export function openDatabase(
  location: string | URL,
  options: DatabaseSyncOptions = {},
): DatabaseSync {
  const { DatabaseSync } = getBuiltinModule('node:sqlite');
  return new DatabaseSync(location, options);
}
