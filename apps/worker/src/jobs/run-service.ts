import { randomUUID } from 'node:crypto';
import type { PgBoss } from 'pg-boss';
import { targetJobId } from '../queue/job-id.js';
import { QUEUE } from '../queue/queues.js';
import type { RunJob, TargetJob } from '../queue/queues.js';
import type { Database, Query } from '../store/database.js';
import { finishRun, insertOutcomes, insertRun, startRun } from '../store/runs.js';
import type { Run } from '../store/runs.js';

/** A run that is asked for. */
export type NewRun = Pick<Run, 'kind' | 'selection' | 'trigger'>;

/** Starts runs, and takes them apart into jobs; each step is one transaction, and safe to repeat. */
export interface RunService {
  /** Writes a run and queues it; returns its id. */
  start(run: NewRun): Promise<string>;
  /**
   * Starts a run for a delivery, unless one with this digest came before; `run` is absent when nothing
   * follows from it.
   */
  receive(delivery: ReceivedDelivery): Promise<{ kind: 'started' | 'repeated'; run?: string }>;
  /** Writes and queues runs in one transaction with a claim; none when the claim fails. */
  startOnce(runs: readonly NewRun[], claim: (query: Query) => Promise<boolean>): Promise<string[]>;
  /** Queues one job for each target of a run. */
  expand(run: string, targets: readonly string[]): Promise<void>;
}

/** A delivery as the journal of deliveries keeps it. */
export interface ReceivedDelivery {
  readonly digest: string;
  readonly forge: string;
  readonly event: string;
  readonly repository: string;
  readonly run?: NewRun;
}

/** Makes the service over one database and its queue. */
export function createRunService(database: Database, boss: PgBoss): RunService {
  return {
    start: (run) => database.transaction((query, db) => start(run, query, db)),

    startOnce: (runs, claim) =>
      database.transaction(async (query, db) => {
        const ids: string[] = [];
        if (!(await claim(query))) return ids;
        for (const run of runs) ids.push(await start(run, query, db));
        return ids;
      }),

    receive: ({ digest, forge, event, repository, run }) =>
      database.transaction(async (query, db) => {
        const fresh = await query(
          `INSERT INTO holdfast.delivery (digest, forge, event, repository)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING digest`,
          [digest, forge, event, repository],
        );
        if (fresh.length === 0) {
          const [before] = await query<{ run: string | null }>(
            'SELECT run FROM holdfast.delivery WHERE digest = $1',
            [digest],
          );
          return { kind: 'repeated', ...(before?.run ? { run: before.run } : {}) };
        }
        if (!run) return { kind: 'started' };
        const id = await start(run, query, db);
        await query('UPDATE holdfast.delivery SET run = $2 WHERE digest = $1', [digest, id]);
        return { kind: 'started', run: id };
      }),

    async expand(run, targets) {
      await database.transaction(async (query, db) => {
        await insertOutcomes(query, run, targets);
        const jobs = targets.map((target) => ({
          id: targetJobId(run, target),
          data: { run, target } satisfies TargetJob,
          group: { id: target },
        }));
        if (jobs.length > 0) await boss.insert(QUEUE.target, jobs, { db });
      });
      await startRun(database, run);
      await finishRun(database, run);
    },
  };

  async function start(
    { kind, selection, trigger }: NewRun,
    ...[query, db]: Parameters<Parameters<Database['transaction']>[0]>
  ): Promise<string> {
    const id = randomUUID();
    await insertRun(query, { id, kind, selection, trigger });
    await boss.send(QUEUE.run, { run: id } satisfies RunJob, { db });
    return id;
  }
}
