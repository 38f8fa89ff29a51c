import type { Database } from './database.js';

/** Counts for rules and targets how many syncs in a row failed, up to the last one that did not. */
export async function readFailures(
  { query }: Database,
  targets: readonly string[],
): Promise<(item: { readonly rule: string; readonly target: string }) => number> {
  const rows = await query<{ target: string; rule: string; n: number }>(
    `SELECT o.target, i->>'rule' AS rule, count(*)::int AS n
     FROM holdfast.outcome o JOIN holdfast.run r ON r.id = o.run,
       jsonb_array_elements(o.items) AS i
     WHERE o.target = ANY($1::text[]) AND o.state = 'failed' AND r.kind = 'sync' AND i ? 'error'
       AND o.finished_at > coalesce((SELECT max(p.finished_at) FROM holdfast.outcome p
         JOIN holdfast.run q ON q.id = p.run
         WHERE p.target = o.target AND p.state = 'done' AND q.kind = 'sync'), '-infinity')
     GROUP BY 1, 2`,
    [targets],
  );
  const counts = new Map(rows.map(({ rule, target, n }) => [JSON.stringify([rule, target]), n]));
  return ({ rule, target }) => counts.get(JSON.stringify([rule, target])) ?? 0;
}
