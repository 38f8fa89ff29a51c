import { SkillSyncError } from '../skill-sync-error.js';

/** An error of SQLite as one of ours; what is none of SQLite's comes back as it is. */
export function storeFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code, errcode = 0 } = error as Error & { code?: string; errcode?: number };
  if (code !== 'ERR_SQLITE_ERROR') return error;
  const environment = { blame: 'environment', cause: error } as const;
  // See https://www.sqlite.org/rescode.html: the low byte is the primary result code.
  switch (errcode & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new SkillSyncError(
        'store-locked',
        `${file} is locked: another process has been writing to it all the while`,
        { ...environment, hint: 'try again when that process is done' },
      );
    case 8: // SQLITE_READONLY
      return new SkillSyncError('store-read-only', `${file} may not be written to`, {
        ...environment,
        hint: 'check the permissions of the file and of its folder',
      });
    case 11: // SQLITE_CORRUPT
      return new SkillSyncError('store-corrupt', `${file} is damaged: ${error.message}`, {
        ...environment,
        hint: `save what can be read: sqlite3 ${file} .recover | sqlite3 recovered.db`,
      });
    case 13: // SQLITE_FULL
      return new SkillSyncError('store-full', `${file} cannot grow: the disk is full`, environment);
    case 14: // SQLITE_CANTOPEN
      return new SkillSyncError('store-failed', `${file} cannot be opened`, {
        ...environment,
        hint: 'it must be a file, in a folder that is there and may be read and searched',
      });
    case 18: // SQLITE_TOOBIG
      return new SkillSyncError('invalid-value', 'the value is larger than a store can hold', {
        cause: error,
      });
    case 26: // SQLITE_NOTADB
      return new SkillSyncError('not-a-store', `${file} is not a SQLite database`, {
        cause: error,
        hint: 'name the store with --db FILE or HOLDFAST_STATE_DB',
      });
    default:
      return new SkillSyncError('store-failed', `${file}: ${error.message}`, environment);
  }
}
