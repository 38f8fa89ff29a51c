import type { Database, Query } from './database.js';

/**
 * What a run does: `sync` delivers; `plan` says what a sync would do; `check` looks where targets stand; `alerts` looks, and tells what
 * needs attention; `impact` tells a request of the source what it would do downstream; `drift` tells a
 * branch of a target which delivered files it changes; `command` runs a command of `holdfast`.
 */
export type RunKind = 'sync' | 'plan' | 'check' | 'alerts' | 'impact' | 'drift' | 'command';

/** What a run is about, as `holdfast sync` takes it; what is absent is chosen as there. */
export interface RunSelection {
  readonly rules?: readonly string[];
  readonly targets?: readonly string[];
  readonly release?: string;
  /** A revision of the source; of `drift`, a branch of the target. */
  readonly ref?: string;
  /** Of `command`: the name of the job in the configuration. */
  readonly job?: string;
}

/** What started a run. */
export interface RunTrigger {
  readonly by: 'webhook' | 'schedule' | 'api' | 'operator' | 'catch-up' | 'source' | 'rollout';
  /** In words, for people: the tag that was pushed, the schedule's name. */
  readonly detail: string;
}

/** `queued` until a worker takes it, `running` until the last target is done. */
export type RunState = 'queued' | 'running' | 'done' | 'failed';

/** What went wrong, in the words of the engine. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A run without its outcomes. */
export interface Run {
  readonly id: string;
  readonly kind: RunKind;
  readonly selection: RunSelection;
  readonly trigger: RunTrigger;
  readonly state: RunState;
  readonly error?: RunError;
  /** ISO 8601, in UTC, as all times here. */
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** How many targets it has, and how many of them are done, and failed. */
  readonly targets: { readonly total: number; readonly done: number; readonly failed: number };
}

/** One rule of a target in a run. */
export interface OutcomeItem {
  readonly rule: string;
  /** `created`, `updated`, `current`, `merged`, `failed` and so on, as `holdfast sync --json` says it. */
  readonly outcome: string;
  readonly version?: string;
  readonly request?: { readonly number: number; readonly url?: string };
  readonly error?: RunError;
  /** What there is to say beside, for people. */
  readonly detail?: string;
  /** Of a plan: the files that would change. */
  readonly files?: readonly PlannedFile[];
}

/** One file of a plan; its difference in the unified format, cut to a size that people look at. */
export interface PlannedFile {
  readonly path: string;
  readonly kind: string;
  readonly diff?: string;
}

/** What became of one target in a run. */
export interface Outcome {
  readonly target: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly attempts: number;
  /** The worker that did it last. */
  readonly worker?: string;
  readonly items: readonly OutcomeItem[];
  readonly error?: RunError;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

interface RunRow {
  readonly id: string;
  readonly kind: RunKind;
  readonly selection: RunSelection;
  readonly trigger: RunTrigger;
  readonly state: RunState;
  readonly error: RunError | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

const RUN_COLUMNS = `r.id, r.kind, r.selection, r.trigger, r.state, r.error, r.created_at,
  r.started_at, r.finished_at,
  (SELECT count(*) FROM holdfast.outcome o WHERE o.run = r.id)::int AS total,
  (SELECT count(*) FROM holdfast.outcome o WHERE o.run = r.id AND o.finished_at IS NOT NULL)::int AS done,
  (SELECT count(*) FROM holdfast.outcome o WHERE o.run = r.id AND o.state = 'failed')::int AS failed`;

/** Writes a new run, queued. */
export async function insertRun(
  query: Query,
  run: Pick<Run, 'id' | 'kind' | 'selection' | 'trigger'>,
): Promise<void> {
  await query(
    `INSERT INTO holdfast.run (id, kind, selection, trigger, state) VALUES ($1, $2, $3, $4, 'queued')`,
    [run.id, run.kind, JSON.stringify(run.selection), JSON.stringify(run.trigger)],
  );
}

/** Reads one run; undefined when there is none of this id. */
export async function readRun({ query }: Database, id: string): Promise<Run | undefined> {
  const [row] = await query<RunRow>(`SELECT ${RUN_COLUMNS} FROM holdfast.run r WHERE r.id = $1`, [
    id,
  ]);
  return row && toRun(row);
}

/** Lists runs, the newest first; `before` is the id that the last page ended with. */
export async function listRuns(
  { query }: Database,
  { limit = 50, before, target }: { limit?: number; before?: string; target?: string } = {},
): Promise<Run[]> {
  const rows = await query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM holdfast.run r
     WHERE ($2::uuid IS NULL OR (r.created_at, r.id) <
             (SELECT b.created_at, b.id FROM holdfast.run b WHERE b.id = $2))
       AND ($3::text IS NULL OR EXISTS
             (SELECT 1 FROM holdfast.outcome o WHERE o.run = r.id AND o.target = $3))
     ORDER BY r.created_at DESC, r.id DESC LIMIT $1`,
    [limit, before ?? null, target ?? null],
  );
  return rows.map(toRun);
}

/** The runs that nobody has finished, the oldest first: what a restarted worker looks after. */
export async function unfinishedRuns({ query }: Database): Promise<Run[]> {
  const rows = await query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM holdfast.run r WHERE r.finished_at IS NULL ORDER BY r.created_at`,
  );
  return rows.map(toRun);
}

/** Those of some targets that no sync was to reach, or reached, since a moment. */
export async function untouchedTargets(
  { query }: Database,
  targets: readonly string[],
  since: string,
): Promise<string[]> {
  const rows = await query<{ target: string }>(
    `SELECT target FROM unnest($1::text[]) AS wanted(target) WHERE NOT EXISTS
       (SELECT 1 FROM holdfast.outcome o JOIN holdfast.run r ON r.id = o.run
        WHERE o.target = wanted.target AND r.kind = 'sync'
          AND (o.finished_at IS NULL OR o.started_at >= $2))`,
    [targets, since],
  );
  return rows.map(({ target }) => target);
}

/** Marks a run as taken. */
export async function startRun({ query }: Database, id: string): Promise<void> {
  await query(
    `UPDATE holdfast.run SET state = 'running', started_at = coalesce(started_at, now())
     WHERE id = $1 AND finished_at IS NULL`,
    [id],
  );
}

/** Ends a run that has no unfinished target left; says whether it did. */
export async function finishRun({ query }: Database, id: string): Promise<boolean> {
  const rows = await query(
    `UPDATE holdfast.run r SET finished_at = now(), state =
       CASE WHEN EXISTS (SELECT 1 FROM holdfast.outcome o WHERE o.run = r.id AND o.state = 'failed')
         THEN 'failed' ELSE 'done' END
     WHERE r.id = $1 AND r.state = 'running' AND r.finished_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM holdfast.outcome o WHERE o.run = r.id AND o.finished_at IS NULL)
     RETURNING r.id`,
    [id],
  );
  return rows.length > 0;
}

/** Ends a run that could not even begin with its targets. */
export async function failRun({ query }: Database, id: string, error: RunError): Promise<void> {
  await query(
    `UPDATE holdfast.run SET state = 'failed', error = $2, finished_at = now()
     WHERE id = $1 AND finished_at IS NULL`,
    [id, JSON.stringify(error)],
  );
}

/** Adds a run's targets, queued; those that are there already stay as they are. */
export async function insertOutcomes(
  query: Query,
  run: string,
  targets: readonly string[],
): Promise<void> {
  await query(
    `INSERT INTO holdfast.outcome (run, target, state)
     SELECT $1, target, 'queued' FROM unnest($2::text[]) AS target ON CONFLICT DO NOTHING`,
    [run, targets],
  );
}

/** Marks targets as being worked on; returns those that are not finished already. */
export async function startOutcomes(
  { query }: Database,
  run: string,
  targets: readonly string[],
  worker: string,
): Promise<Set<string>> {
  const rows = await query<{ target: string }>(
    `UPDATE holdfast.outcome SET state = 'running', worker = $3, attempts = attempts + 1,
       started_at = now(), changed_at = clock_timestamp()
     WHERE run = $1 AND target = ANY($2::text[]) AND finished_at IS NULL RETURNING target`,
    [run, targets, worker],
  );
  return new Set(rows.map(({ target }) => target));
}

/** What one attempt on a target came to; `finished: false` when it will be tried again. */
export interface Attempt {
  readonly target: string;
  readonly finished: boolean;
  readonly failed: boolean;
  readonly items: readonly OutcomeItem[];
  readonly error?: RunError;
}

/** Writes down what an attempt came to; a target that is finished stays as it is. */
export async function saveAttempt(
  { query }: Database,
  run: string,
  { target, finished, failed, items, error }: Attempt,
): Promise<void> {
  await query(
    `UPDATE holdfast.outcome SET state = $3, items = $4, error = $5,
       finished_at = CASE WHEN $6 THEN now() END, changed_at = clock_timestamp()
     WHERE run = $1 AND target = $2 AND finished_at IS NULL`,
    [
      run,
      target,
      finished ? (failed ? 'failed' : 'done') : 'queued',
      JSON.stringify(items),
      error ? JSON.stringify(error) : null,
      finished,
    ],
  );
}

/**
 * Writes what an attempt came to also where the same was waiting: queued outcomes of this target in
 * runs of the same kind and selection that were asked for before the attempt began.
 *
 * @returns the ids of those runs
 */
export async function saveForTwins(
  { query }: Database,
  run: Pick<Run, 'id' | 'kind' | 'selection'>,
  { target, items, failed }: Attempt,
): Promise<string[]> {
  const rows = await query<{ run: string }>(
    `UPDATE holdfast.outcome o SET state = $5, items = $6, attempts = 1, started_at = now.started_at,
       worker = now.worker, finished_at = now(), changed_at = clock_timestamp()
     FROM holdfast.run r, holdfast.outcome now
     WHERE o.run = r.id AND r.id <> $1 AND r.kind = $2 AND r.selection = $3::jsonb
       AND o.target = $4 AND o.state = 'queued' AND o.attempts = 0
       AND now.run = $1 AND now.target = $4 AND r.created_at < now.started_at
     RETURNING o.run`,
    [
      run.id,
      run.kind,
      JSON.stringify(run.selection),
      target,
      failed ? 'failed' : 'done',
      JSON.stringify(items),
    ],
  );
  return rows.map((row) => row.run);
}

interface OutcomeRow {
  readonly target: string;
  readonly state: Outcome['state'];
  readonly attempts: number;
  readonly worker: string | null;
  readonly items: OutcomeItem[];
  readonly error: RunError | null;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly changed_at: string;
}

/** Outcomes of a run by target, and the moment of the last change among them. */
export interface OutcomePage {
  readonly outcomes: readonly Outcome[];
  /** Hand it back as `since` to get what changed later. */
  readonly cursor?: string;
}

/**
 * Lists a run's outcomes by target; with `since`, what changed after, and what changed shortly before:
 * a change that was made earlier may be seen later.
 */
export async function listOutcomes(
  { query }: Database,
  run: string,
  { since, limit = 10_000 }: { since?: string; limit?: number } = {},
): Promise<OutcomePage> {
  const rows = await query<OutcomeRow>(
    `SELECT target, state, attempts, worker, items, error, started_at, finished_at,
       to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS changed_at
     FROM holdfast.outcome
     WHERE run = $1 AND ($2::timestamptz IS NULL OR changed_at > $2::timestamptz - interval '2 s')
     ORDER BY ${since === undefined ? 'target' : 'changed_at'} LIMIT $3`,
    [run, since ?? null, limit],
  );
  const cursor = rows.reduce<string | undefined>(
    (last, { changed_at }) => (last === undefined || changed_at > last ? changed_at : last),
    since,
  );
  return { outcomes: rows.map(toOutcome), ...(cursor === undefined ? {} : { cursor }) };
}

/** Forgets finished runs, and deliveries, that are older than so many days. */
export async function pruneHistory({ query }: Database, days: number): Promise<void> {
  await query(`DELETE FROM holdfast.run WHERE finished_at < now() - make_interval(days => $1)`, [
    days,
  ]);
  await query(
    `DELETE FROM holdfast.delivery WHERE received_at < now() - make_interval(days => $1)`,
    [days],
  );
}

function toRun(row: RunRow): Run {
  const { id, kind, selection, trigger, state, error, total, done, failed } = row;
  return {
    id,
    kind,
    selection,
    trigger,
    state,
    ...(error ? { error } : {}),
    createdAt: row.created_at.toISOString(),
    ...(row.started_at ? { startedAt: row.started_at.toISOString() } : {}),
    ...(row.finished_at ? { finishedAt: row.finished_at.toISOString() } : {}),
    targets: { total, done, failed },
  };
}

function toOutcome(row: OutcomeRow): Outcome {
  const { target, state, attempts, items } = row;
  return {
    target,
    state,
    attempts,
    ...(row.worker === null ? {} : { worker: row.worker }),
    items,
    ...(row.error ? { error: row.error } : {}),
    ...(row.started_at ? { startedAt: row.started_at.toISOString() } : {}),
    ...(row.finished_at ? { finishedAt: row.finished_at.toISOString() } : {}),
  };
}
