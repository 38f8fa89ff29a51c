import type { PgBoss } from 'pg-boss';

/** A run to be taken apart into one job per target. */
export interface RunJob {
  readonly run: string;
}

/** One target of a run. */
export interface TargetJob {
  readonly run: string;
  readonly target: string;
}

/** What a schedule starts. */
export interface ScheduleJob {
  readonly schedule: string;
}

/** The queues, by what lies in them. */
export const QUEUE = {
  run: 'run',
  target: 'target',
  schedule: 'schedule',
  dead: 'dead',
} as const;

/** How often a target is tried again after a failure of its surroundings. */
export const TARGET_RETRIES = 5;

/** A worker that dies is noticed after this many seconds; another takes its jobs over. */
const HEARTBEAT_SECONDS = 10;

/** Makes the queues, or brings them to these settings. */
export async function declareQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(QUEUE.dead, { retentionSeconds: 30 * 86_400, notify: true });
  const common = {
    notify: true,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    retryBackoff: true,
    retryDelay: 2,
    retryDelayMax: 300,
    deadLetter: QUEUE.dead,
  };
  const settings = [
    { name: QUEUE.run, ...common, retryLimit: 5, expireInSeconds: 900 },
    { name: QUEUE.target, ...common, retryLimit: TARGET_RETRIES, expireInSeconds: 3_600 },
    { name: QUEUE.schedule, ...common, retryLimit: 3, expireInSeconds: 900 },
  ];
  for (const { name, ...options } of settings) {
    if (await boss.getQueue(name)) await boss.updateQueue(name, options);
    else await boss.createQueue(name, options);
  }
}
