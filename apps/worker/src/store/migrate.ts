import { WorkerError } from '../worker-error.js';
import type { Database } from './database.js';

/** Any number; the same for every worker, so that one migrates at a time. */
const MIGRATION_LOCK = 4_719_260_114;

/** Each step is run once, in order; a landed step is never edited. */
const steps: readonly string[] = [
  `CREATE TABLE holdfast.run (
     id uuid PRIMARY KEY,
     kind text NOT NULL,
     selection jsonb NOT NULL,
     trigger jsonb NOT NULL,
     state text NOT NULL,
     error jsonb,
     created_at timestamptz NOT NULL DEFAULT now(),
     started_at timestamptz,
     finished_at timestamptz
   );
   CREATE INDEX run_created_at ON holdfast.run (created_at DESC, id);
   CREATE INDEX run_unfinished ON holdfast.run (id) WHERE finished_at IS NULL;
   CREATE TABLE holdfast.outcome (
     run uuid NOT NULL REFERENCES holdfast.run ON DELETE CASCADE,
     target text NOT NULL,
     state text NOT NULL,
     attempts integer NOT NULL DEFAULT 0,
     worker text,
     items jsonb NOT NULL DEFAULT '[]',
     error jsonb,
     started_at timestamptz,
     finished_at timestamptz,
     changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     PRIMARY KEY (run, target)
   );
   CREATE INDEX outcome_target ON holdfast.outcome (target, finished_at DESC);
   CREATE TABLE holdfast.delivery (
     digest text PRIMARY KEY,
     forge text NOT NULL,
     event text NOT NULL,
     repository text NOT NULL,
     received_at timestamptz NOT NULL DEFAULT now(),
     run uuid
   );
   CREATE INDEX delivery_received_at ON holdfast.delivery (received_at);
   CREATE TABLE holdfast.registry (
     target text NOT NULL,
     rule text NOT NULL,
     row jsonb NOT NULL,
     seen_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (target, rule)
   );
   CREATE TABLE holdfast.setting (name text PRIMARY KEY, value text NOT NULL)`,
];

/** The version of the schema that this worker reads and writes. */
export const SCHEMA_VERSION = steps.length;

/**
 * Brings the worker's tables (schema `holdfast`) to {@link SCHEMA_VERSION}: one worker at a time, each
 * step and its version in one transaction.
 *
 * @throws WorkerError `newer-schema` when a newer worker was here: nothing is written then.
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (query) => {
    if (database.kind === 'postgres')
      await query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await query('CREATE SCHEMA IF NOT EXISTS holdfast');
    await query('CREATE TABLE IF NOT EXISTS holdfast.version (version integer NOT NULL)');
    const [row] = await query<{ version: number }>('SELECT version FROM holdfast.version');
    const found = row?.version ?? 0;
    if (found > SCHEMA_VERSION) {
      throw new WorkerError(
        'newer-schema',
        `the database has version ${found} of the worker's tables, this worker knows ${SCHEMA_VERSION}`,
        { hint: 'start the newer worker, or give this one a database of its own' },
      );
    }
    for (const step of steps.slice(found)) {
      for (const statement of step.split(';')) await query(statement);
    }
    if (!row) await query('INSERT INTO holdfast.version VALUES ($1)', [SCHEMA_VERSION]);
    else if (found < SCHEMA_VERSION)
      await query('UPDATE holdfast.version SET version = $1', [SCHEMA_VERSION]);
  });
}
