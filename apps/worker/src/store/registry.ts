import type { Database, Query } from './database.js';

/** One row of the registry as the last look at its target found it. */
export interface RegistryRow<Status = unknown> {
  readonly target: string;
  readonly rule: string;
  /** The row of `holdfast status --json`. */
  readonly status: Status;
  /** When it was looked at, ISO 8601 in UTC. */
  readonly seenAt: string;
}

interface Stored {
  readonly target: string;
  readonly rule: string;
  readonly row: unknown;
  readonly seen_at: Date;
}

/** Writes what was seen of targets; rows of these targets that are no longer there go. */
export async function saveRegistry(
  { transaction }: Database,
  targets: readonly string[],
  rows: readonly { readonly target: string; readonly rule: string }[],
): Promise<void> {
  await transaction(async (query: Query) => {
    await query(
      `DELETE FROM holdfast.registry r WHERE r.target = ANY($1::text[]) AND NOT EXISTS
         (SELECT 1 FROM jsonb_to_recordset($2::jsonb) AS n(target text, rule text)
          WHERE n.target = r.target AND n.rule = r.rule)`,
      [targets, JSON.stringify(rows)],
    );
    await query(
      `INSERT INTO holdfast.registry (target, rule, row, seen_at)
       SELECT n->>'target', n->>'rule', n, now() FROM jsonb_array_elements($1::jsonb) AS n
       ON CONFLICT (target, rule) DO UPDATE SET row = excluded.row, seen_at = excluded.seen_at`,
      [JSON.stringify(rows)],
    );
  });
}

/** Reads the registry by target and rule; of one target where it is named. */
export async function readRegistry<Status>(
  { query }: Database,
  target?: string,
): Promise<RegistryRow<Status>[]> {
  const rows = await query<Stored>(
    `SELECT target, rule, row, seen_at FROM holdfast.registry
     WHERE $1::text IS NULL OR target = $1 ORDER BY target, rule`,
    [target ?? null],
  );
  return rows.map(({ target: name, rule, row, seen_at }) => ({
    target: name,
    rule,
    status: row as Status,
    seenAt: seen_at.toISOString(),
  }));
}

/** Drops the rows of targets that the configuration no longer has. */
export async function keepTargets({ query }: Database, targets: readonly string[]): Promise<void> {
  await query(`DELETE FROM holdfast.registry WHERE NOT target = ANY($1::text[])`, [targets]);
}

/** Those of some targets whose every row says `Current`. */
export async function currentTargets(
  { query }: Database,
  targets: readonly string[],
): Promise<Set<string>> {
  const rows = await query<{ target: string }>(
    `SELECT target FROM holdfast.registry WHERE target = ANY($1::text[])
     GROUP BY target HAVING bool_and(row->>'status' = 'Current')`,
    [targets],
  );
  return new Set(rows.map(({ target }) => target));
}
