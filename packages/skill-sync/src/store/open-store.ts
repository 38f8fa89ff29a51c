import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { SkillSyncError } from '../skill-sync-error.js';
import { checkKey, checkRow } from './check-row.js';
import { checkPattern, patternLimits, toSqliteGlob } from './key-pattern.js';
import { openDatabase } from './open-database.js';
import { prepareSchema, verifySchema } from './schema.js';
import { storeFailure } from './store-failure.js';
import type { ImportedEntry, StateEntry, Store } from './store.js';

export interface OpenStoreOptions {
  /** `read` opens a store without changing a byte of it. Default: `write`. */
  readonly access?: 'read' | 'write';
  /**
   * What a store that is not there means: an `error` (`store-missing`), a store without rows that
   * cannot be written to (`empty`), or that it is to be made (`create`). Default: `error` to read,
   * `create` to write.
   */
  readonly missing?: 'error' | 'empty' | 'create';
  /** How long to wait for a store that others hold, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number;
  /** The present, for `updatedAt`. Default: the system's clock. */
  readonly clock?: () => Date;
}

/**
 * Opens a store of skills: a SQLite file with the table `runtime_kv(key, value, updated_at)`, in
 * write-ahead mode. A store that another program made is used as it is.
 *
 * @throws SkillSyncError `store-missing`, `not-a-store`, `store-newer`, or another of the `store-…` codes.
 */
export function openStore(file: string, options: OpenStoreOptions = {}): Store {
  const { access = 'write', busyTimeout = 5000, clock = () => new Date() } = options;
  const { missing = access === 'read' ? 'error' : 'create' } = options;
  if (!existsSync(file)) {
    if (missing === 'error') throw missingStore(file);
    if (missing === 'create' && !existsSync(dirname(file))) throw missingFolder(file);
  }
  const isEmpty = missing === 'empty' && !existsSync(file);
  let database: DatabaseSync | undefined;
  try {
    database = isEmpty
      ? openEmpty()
      : access === 'read'
        ? openToRead(file, busyTimeout)
        : openToWrite(file, busyTimeout);
    return createStore(database, file, clock);
  } catch (error) {
    database?.close();
    throw storeFailure(error, file);
  }
}

function missingStore(file: string): SkillSyncError {
  return new SkillSyncError('store-missing', `there is no store at ${file}`, {
    hint: 'name the one that is meant (--db FILE, HOLDFAST_STATE_DB), or make it: holdfast state set KEY VALUE',
  });
}

function missingFolder(file: string): SkillSyncError {
  return new SkillSyncError('store-missing', `the folder of the store ${file} is not there`, {
    hint: `make it: mkdir -p ${dirname(file)}`,
  });
}

function openEmpty(): DatabaseSync {
  const database = openDatabase(':memory:');
  prepareSchema(database, ':memory:');
  database.exec('PRAGMA query_only = ON');
  return database;
}

function openToRead(file: string, timeout: number): DatabaseSync {
  let database = openDatabase(file, { readOnly: true, timeout });
  try {
    verifySchema(database, file);
  } catch (error) {
    database.close();
    if (!isUnreadableLog(error, file)) throw error;
    // A write-ahead log needs a file beside the store; where none can be made nobody writes either.
    const location = pathToFileURL(file);
    location.searchParams.set('immutable', '1');
    database = openDatabase(location, { readOnly: true, timeout });
    verifySchema(database, file);
  }
  return database;
}

function isUnreadableLog(error: unknown, file: string): boolean {
  const { errcode = 0 } = error as { errcode?: number };
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return [8, 14].includes(errcode & 0xff) && (log === undefined || log.size === 0);
}

function openToWrite(file: string, timeout: number): DatabaseSync {
  const database = openDatabase(file, { timeout });
  try {
    verifySchema(database, file);
    database.exec('PRAGMA journal_mode = WAL');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function createStore(database: DatabaseSync, file: string, clock: () => Date): Store {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    if (statements.size < 64) statements.set(sql, statement);
    return statement;
  };
  const guarded = <Result>(body: () => Result): Result => {
    try {
      return body();
    } catch (error) {
      throw storeFailure(error, file);
    }
  };
  let depth = 0;
  const within = <Result>(begin: string, body: () => Result): Result => {
    if (depth > 0) return body();
    database.exec(begin);
    depth++;
    try {
      const result = body();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    } finally {
      depth--;
    }
  };
  const write = <Result>(body: () => Result): Result =>
    guarded(() => {
      if (depth > 0) return body();
      return within('BEGIN IMMEDIATE', () => {
        prepareSchema(database, file);
        return body();
      });
    });
  const put = (key: string, value: string, updatedAt: string): void => {
    prepare(
      'INSERT INTO runtime_kv (key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at',
    ).run(key, value, updatedAt);
  };
  function* iterate(patterns?: readonly string[]): IterableIterator<StateEntry> {
    if (!hasTable(database)) return;
    const { where, parameters } = selection(patterns);
    try {
      yield* database
        .prepare(`SELECT ${columns} FROM runtime_kv WHERE ${where} ORDER BY runtime_kv.key`)
        .iterate(...parameters) as Iterable<unknown> as Iterable<StateEntry>;
    } catch (error) {
      throw storeFailure(error, file);
    }
  }

  return {
    file,
    list: (patterns) =>
      guarded(() => {
        if (!hasTable(database)) return [];
        const { where, parameters } = selection(patterns);
        return prepare(
          `SELECT ${columns} FROM runtime_kv WHERE ${where} ORDER BY runtime_kv.key`,
        ).all(...parameters) as unknown as StateEntry[];
      }),
    iterate,
    get: (key) =>
      guarded(() => {
        checkKey(key);
        if (!hasTable(database)) return undefined;
        const row = prepare(`SELECT ${columns} FROM runtime_kv WHERE key = ?`).get(key);
        return row as unknown as StateEntry | undefined;
      }),
    set: (key, value) =>
      write(() => {
        checkRow(key, value);
        const updatedAt = clock().toISOString();
        put(key, value, updatedAt);
        return { key, value, updatedAt };
      }),
    delete: (keys) =>
      write(() => {
        let deleted = 0;
        for (const key of keys) {
          deleted += Number(prepare('DELETE FROM runtime_kv WHERE key = ?').run(key).changes);
        }
        return deleted;
      }),
    deleteMatching: (patterns) =>
      write(() => {
        const { where, parameters } = selection(patterns);
        return Number(prepare(`DELETE FROM runtime_kv WHERE ${where}`).run(...parameters).changes);
      }),
    importEntries: (entries: Iterable<ImportedEntry>) =>
      write(() => {
        let count = 0;
        const now = clock().toISOString();
        for (const { key, value, updatedAt = now } of entries) {
          checkRow(key, value);
          put(key, value, updatedAt);
          count++;
        }
        return count;
      }),
    transaction: write,
    snapshot: (body) => guarded(() => within('BEGIN', body)),
    dataVersion: () =>
      guarded(() => {
        const row = prepare('PRAGMA data_version').get() as { data_version: number };
        return row.data_version;
      }),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** A value that is no text reads as the text that SQLite makes of it. */
const columns =
  "CAST(key AS TEXT) AS key, ifnull(CAST(value AS TEXT), '') AS value, ifnull(CAST(updated_at AS TEXT), '') AS updatedAt";

function hasTable(database: DatabaseSync): boolean {
  return (
    database
      .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'runtime_kv'")
      .get() !== undefined
  );
}

/** SQLite turns a bound GLOB pattern into a range of the index, as far as it begins with literals. */
function selection(patterns: readonly string[] | undefined): {
  where: string;
  parameters: string[];
} {
  if (patterns === undefined) return { where: 'key IS NOT NULL', parameters: [] };
  if (patterns.length === 0) return { where: '0', parameters: [] };
  if (patterns.length > patternLimits.count) {
    throw new SkillSyncError(
      'invalid-pattern',
      `more than ${patternLimits.count} patterns at once`,
    );
  }
  for (const pattern of patterns) checkPattern(pattern);
  const distinct = [...new Set(patterns.map(toSqliteGlob))];
  return { where: distinct.map(() => 'key GLOB ?').join(' OR '), parameters: distinct };
}
