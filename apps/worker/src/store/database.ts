import { execFile } from 'node:child_process';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { fromPglite } from 'pg-boss';
import type { ConstructorOptions, Db } from 'pg-boss';
import { WorkerError } from '../worker-error.js';
import { lockDataFolder } from './data-lock.js';

/** A row as the database gives it; what reads it names its columns. */
export type Row = Record<string, unknown>;

/** Runs one statement with `$1`-style values. */
export type Query = <R extends object = Row>(text: string, values?: unknown[]) => Promise<R[]>;

/** PostgreSQL, or PGlite in a folder: the same statements on both. */
export interface Database {
  readonly kind: 'postgres' | 'pglite';
  readonly query: Query;
  /** Runs statements as one transaction; `db` is the same transaction as pg-boss takes it. */
  transaction<Result>(use: (query: Query, db: Db) => Promise<Result>): Promise<Result>;
  /** How pg-boss reaches the same database. */
  readonly boss: ConstructorOptions;
  close(): Promise<void>;
}

/** Which database: a PostgreSQL by its URL, or one embedded in a folder. */
export type DatabaseLocation = { readonly url: string } | { readonly folder: string };

/** Connections of one worker for its own statements, beside those of the queue. */
const CONNECTIONS = 4;

/** PostgreSQL's defaults are for a server of its own: 128 MB of buffers, a hundred connections. */
const FRUGAL = ['shared_buffers=2MB', 'max_connections=4', 'wal_buffers=256kB'].flatMap(
  (setting) => ['-c', setting],
);

/**
 * V8 would optimise PostgreSQL's functions one by one, and takes 300 to 900 MB for it while the database
 * is at work; its baseline code is quick enough for a queue.
 */
const BASELINE = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/**
 * Opens the worker's database.
 *
 * @throws WorkerError `database-unreachable`, `data-in-use`
 */
export function openDatabase(
  location: DatabaseLocation,
  onError: (error: Error) => void,
): Promise<Database> {
  return 'url' in location ? openPostgres(location.url, onError) : openPglite(location.folder);
}

async function openPostgres(url: string, onError: (error: Error) => void): Promise<Database> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    application_name: 'holdfast-worker',
  });
  pool.on('error', onError);
  await pool.query('SELECT 1').catch(async (cause: unknown) => {
    await pool.end();
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new WorkerError(
      'database-unreachable',
      `the database of DATABASE_URL does not answer${reason}`,
      {
        cause,
        hint: 'check that PostgreSQL runs there and that user, password and database are right',
      },
    );
  });
  return {
    kind: 'postgres',
    query: (text, values) => run(pool, text, values),
    async transaction(use) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await use((text, values) => run(client, text, values), {
          executeSql: async (text, values) => {
            const { rows } = await client.query<Row>(text, values);
            return { rows };
          },
        });
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        const broken = await client.query('ROLLBACK').then(
          () => false,
          () => true,
        );
        client.release(broken);
        throw error;
      }
    },
    boss: { connectionString: url, max: CONNECTIONS, application_name: 'holdfast-worker' },
    close: () => pool.end(),
  };
}

async function run<R extends object>(
  client: { query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> },
  text: string,
  values?: unknown[],
): Promise<R[]> {
  const { rows } = await client.query(text, values);
  return rows as R[];
}

/** Makes a database in a folder of its own; ends with the process, and so does the memory it took. */
const MAKE = `
const [, module, dataDir] = process.argv;
const { PGlite } = await import(module);
const made = await PGlite.create({ dataDir });
await made.close();
process.exit(0);
`;

/** Makes the database at the first start: whole, or not at all. */
async function makePglite(folder: string): Promise<void> {
  const place = join(folder, 'pglite');
  if (await stat(place).catch(() => undefined)) return;
  for (const left of await readdir(folder))
    if (/^pglite\.\d+\.new$/.test(left)) await rm(join(folder, left), { recursive: true });
  const unfinished = `${place}.${process.pid}.new`;
  const flags = [...BASELINE, '--input-type=module', '-e', MAKE];
  const module = import.meta.resolve('@electric-sql/pglite');
  await promisify(execFile)(process.execPath, [...flags, module, unfinished]);
  await rename(unfinished, place);
}

async function openPglite(folder: string): Promise<Database> {
  const lock = await lockDataFolder(folder);
  await makePglite(folder).catch((cause: unknown) => {
    lock.release();
    throw new WorkerError('database-unreachable', `no database could be made in ${folder}`, {
      cause,
      hint: 'check that the folder can be written and that the disk has room, 100 MB or more',
    });
  });
  for (const flag of BASELINE) setFlagsFromString(flag);
  const { PGlite } = await import('@electric-sql/pglite');
  const lite = await PGlite.create({
    dataDir: join(folder, 'pglite'),
    startParams: [...PGlite.defaultStartParams, ...FRUGAL],
  }).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  return {
    kind: 'pglite',
    query: (text, values) => run(lite, text, values),
    transaction: (use) =>
      lite.transaction((tx) =>
        use((text, values) => run(tx, text, values), {
          executeSql: (text, values) => tx.query<Row>(text, values),
        }),
      ),
    boss: { db: fromPglite(lite), backend: 'pglite' },
    async close() {
      await lite.close();
      lock.release();
    },
  };
}
