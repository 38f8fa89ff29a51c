import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { targetJobId } from '../queue/job-id.js';
import { PACES } from '../queue/pace.js';
import { QUEUE, TARGET_RETRIES } from '../queue/queues.js';
import type { RunJob, TargetJob } from '../queue/queues.js';
import type { Database } from '../store/database.js';
import { readFailures } from '../store/failures.js';
import { currentTargets, saveRegistry } from '../store/registry.js';
import {
  failRun,
  finishRun,
  readRun,
  saveAttempt,
  saveForTwins,
  startOutcomes,
} from '../store/runs.js';
import type { Attempt, Run } from '../store/runs.js';
import { advanceWaves } from './advance-waves.js';
import { describeFailure } from './describe-failure.js';
import type { FleetHost, TargetResult } from '../host/fleet-host.js';
import type { RunService } from './run-service.js';

/** What the handlers of jobs work with. */
export interface JobContext {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly host: FleetHost;
  readonly runs: RunService;
  readonly logger: Logger;
  /** The name of this worker, as outcomes bear it. */
  readonly worker: string;
  /** Called when a target is done, for the metrics. */
  readonly onTarget?: (result: TargetResult, seconds: number) => void;
}

/** How many targets of one run a worker takes at once: the source is read once for them. */
const TARGETS_A_BATCH = 32;

/** Between two looks for jobs where the database cannot tell of them, in seconds. */
const POLL_SECONDS = 0.5;

/** Takes jobs as long as the queue runs. */
export async function workJobs(context: JobContext): Promise<void> {
  const { boss, database } = context;
  const looks = {
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: PACES[database.kind].lookSeconds,
  };
  const runner = await boss.work(
    QUEUE.run,
    { ...looks, includeMetadata: true },
    async (jobs: JobWithMetadata<RunJob>[]) => {
      boss.notifyWorker(runner);
      for (const job of jobs) await takeApart(context, job);
    },
  );
  const worker = await boss.work(
    QUEUE.target,
    {
      ...looks,
      batchSize: TARGETS_A_BATCH,
      groupConcurrency: 1,
      includeMetadata: true,
      perJobResults: true,
    },
    (jobs: TargetJobs) => {
      // What waits behind these is told of by nobody: look again right after them.
      boss.notifyWorker(worker);
      return workTargets(context, jobs);
    },
  );
  await boss.work<Partial<TargetJob>>(
    QUEUE.dead,
    { ...looks, pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 30 },
    async (jobs) => {
      for (const { data } of jobs) await giveUp(context, data);
    },
  );
}

/** Ends what was tried too often without an answer: every worker that took it died or hung. */
async function giveUp(
  { database, logger }: JobContext,
  { run, target }: Partial<TargetJob>,
): Promise<void> {
  if (run === undefined) return;
  const error = {
    code: 'gave-up',
    message: `no worker came to an end with it in ${TARGET_RETRIES + 1} attempts`,
    hint: 'look into the logs of the workers, then start the run again',
  };
  if (target === undefined) await failRun(database, run, error);
  else {
    await saveAttempt(database, run, { target, items: [], finished: true, failed: true, error });
    await finishRun(database, run);
  }
  logger.error({ run, target }, 'given up');
}

/** Turns a run into jobs of its targets. A configuration that is wrong ends the run with the reason. */
async function takeApart(context: JobContext, job: JobWithMetadata<RunJob>): Promise<void> {
  const { database, runs, logger } = context;
  const run = await readRun(database, job.data.run);
  if (!run || run.finishedAt !== undefined) return;
  try {
    const targets = await targetsOf(context, run);
    await runs.expand(run.id, targets);
    logger.info({ run: run.id, job: job.id, targets: targets.length }, 'run started');
  } catch (error) {
    const { failure, blame } = describeFailure(error);
    if (blame === 'environment' && job.retryCount < job.retryLimit) throw error;
    await failRun(database, run.id, failure);
    logger.warn({ run: run.id, job: job.id, err: error }, 'run could not start');
  }
}

/** A sync that names no targets goes as far as the waves do. */
async function targetsOf(
  { host }: JobContext,
  { kind, selection }: Run,
): Promise<readonly string[]> {
  const targets = await host.select(kind, selection);
  if (kind !== 'sync' || selection.targets || !host.hasWaves()) return targets;
  const { rules, release, ref } = selection;
  const steps = await host.advance(
    {
      ...(rules ? { rules } : {}),
      ...(release === undefined ? {} : { release }),
      ...(ref === undefined ? {} : { ref }),
    },
    [],
  );
  return [...new Set(steps.flatMap(({ due }) => due))].sort();
}

type TargetJobs = JobWithMetadata<TargetJob>[];

async function workTargets(context: JobContext, jobs: TargetJobs): Promise<JobResult[]> {
  const results: JobResult[] = [];
  for (const [id, own] of Map.groupBy(jobs, ({ data }) => data.run)) {
    const run = await readRun(context.database, id);
    if (run) for (const one of await workRun(context, run, own)) results.push(one);
    else
      for (const one of own.map((job) => ({ id: job.id, status: 'completed' as const })))
        results.push(one);
  }
  return results;
}

/** What was waiting for the very same is done with it: a storm of events is worked off at once. */
async function settleTwins(
  { boss, database }: JobContext,
  run: Run,
  attempt: Attempt,
): Promise<void> {
  const twins = await saveForTwins(database, run, attempt);
  if (twins.length === 0) return;
  const jobs = twins.map((twin) => targetJobId(twin, attempt.target));
  await boss.cancel(QUEUE.target, jobs);
  for (const twin of twins) await finishRun(database, twin);
}

/** After a delivery, or a look that an event asked for, the next wave may be due. */
async function goOn(context: JobContext, run: Run): Promise<void> {
  const { host, logger } = context;
  const moved = run.kind === 'sync' || (run.kind === 'check' && run.trigger.by === 'webhook');
  if (!moved || !host.hasWaves()) return;
  await advanceWaves(context, run).catch((error: unknown) =>
    logger.warn({ run: run.id, err: error }, 'the rollout could not go on; the schedule will try'),
  );
}

/** A span of its own for the work on some targets of a run. */
async function traced(run: Run, targets: number, work: () => Promise<void>): Promise<void> {
  const attributes = { 'holdfast.run': run.id, 'holdfast.targets': targets };
  await trace
    .getTracer('holdfast-worker')
    .startActiveSpan(`${run.kind} targets`, { attributes }, async (span) => {
      try {
        await work();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}

/** Does some targets of one run; what fails for its surroundings is handed back to be tried again. */
async function workRun(context: JobContext, run: Run, jobs: TargetJobs): Promise<JobResult[]> {
  const { database, host, logger, worker, onTarget } = context;
  const byTarget = new Map(jobs.map((job) => [job.data.target, job]));
  const names = await startOutcomes(database, run.id, [...byTarget.keys()], worker);
  const open = new Set(names);
  const retried = new Set<string>();
  const started = performance.now();

  async function save(result: TargetResult): Promise<void> {
    const job = byTarget.get(result.target);
    if (!job || !open.has(result.target)) return;
    const again = result.verdict === 'retry' && job.retryCount < TARGET_RETRIES;
    const attempt = {
      target: result.target,
      items: result.items,
      finished: !again,
      failed: result.verdict !== 'done',
      ...(result.error ? { error: result.error } : {}),
    };
    await saveAttempt(database, run.id, attempt);
    if (result.verdict === 'done') await settleTwins(context, run, attempt);
    if (result.registry.length > 0) await saveRegistry(database, [result.target], result.registry);
    open.delete(result.target);
    if (again) retried.add(result.target);
    onTarget?.(result, (performance.now() - started) / 1000);
    logger.info(
      { run: run.id, job: job.id, target: result.target, verdict: result.verdict },
      again ? 'target will be tried again' : 'target done',
    );
  }

  const signal = AbortSignal.any(jobs.map((job) => job.signal));
  try {
    if (names.size > 0) {
      const current = await currentTargets(database, [...names]);
      const failures = await readFailures(database, [...names]);
      await traced(run, names.size, () =>
        host.perform(run.kind, run.selection, [...names], {
          signal,
          logger: logger.child({ run: run.id }),
          failures,
          isCurrent: (target) => current.has(target),
          onResult: save,
        }),
      );
    }
  } catch (error) {
    const { failure, blame } = describeFailure(error);
    logger.warn({ run: run.id, err: error }, 'a run failed on the targets of this worker');
    for (const target of [...open]) {
      const verdict = blame === 'environment' ? 'retry' : 'failed';
      await save({ target, items: [], verdict, registry: [], error: failure });
    }
  }
  for (const target of [...open]) {
    const error = { code: 'not-addressed', message: `no rule of the run delivers to ${target}` };
    await save({ target, items: [], verdict: 'done', registry: [], error });
  }
  if (await finishRun(database, run.id)) {
    logger.info({ run: run.id }, 'run done');
    await goOn(context, run);
  }
  return jobs.map(({ id, data }) => ({
    id,
    status: retried.has(data.target) ? ('failed' as const) : ('completed' as const),
  }));
}
