import type { WorkerSettings } from '@holdfast/manifest';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { FleetHost } from '../host/fleet-host.js';
import { QUEUE } from '../queue/queues.js';
import type { ScheduleJob } from '../queue/queues.js';
import type { Database } from '../store/database.js';
import { pruneHistory } from '../store/runs.js';
import { advanceWaves } from './advance-waves.js';
import type { NewRun, RunService } from './run-service.js';

/** When what is started, where the configuration does not say: cron lines. */
export const DEFAULT_SCHEDULES = {
  drift: '0 3 * * *',
  staleness: '30 3 * * *',
  catch_up: '17 * * * *',
} as const;

/** When old runs are forgotten. */
const PRUNE = '30 4 * * *';

/** When waves are looked at: what they wait for may be a time, or checks of a forge. */
const WAVES = '*/5 * * * *';

/** What a job of the configuration is called among schedules. */
const JOB_PREFIX = 'job-';

const starts: Readonly<Record<keyof typeof DEFAULT_SCHEDULES, NewRun>> = {
  drift: { kind: 'check', selection: {}, trigger: { by: 'schedule', detail: 'schedule: drift' } },
  staleness: {
    kind: 'alerts',
    selection: {},
    trigger: { by: 'schedule', detail: 'schedule: staleness' },
  },
  catch_up: {
    kind: 'sync',
    selection: {},
    trigger: { by: 'catch-up', detail: 'schedule: catching up' },
  },
};

/** All schedules of a configuration, by name; `off` never. */
export function schedulesOf({ schedules, jobs }: WorkerSettings): Map<string, string> {
  return new Map([
    ...Object.entries({ ...DEFAULT_SCHEDULES, ...schedules }),
    ['prune', PRUNE],
    ['waves', WAVES],
    ...Object.entries(jobs).map(
      ([name, { schedule }]) => [`${JOB_PREFIX}${name}`, schedule] as const,
    ),
  ]);
}

/** Brings the queue's schedules to those of the configuration. */
export async function applySchedules(boss: PgBoss, settings: WorkerSettings): Promise<void> {
  const wanted = schedulesOf(settings);
  for (const { key } of await boss.getSchedules(QUEUE.schedule)) {
    if ((wanted.get(key) ?? 'off') === 'off') await boss.unschedule(QUEUE.schedule, key);
  }
  for (const [schedule, cron] of wanted) {
    if (cron === 'off') continue;
    const job: ScheduleJob = { schedule };
    await boss.schedule(QUEUE.schedule, cron, job, { key: schedule, tz: settings.timezone });
  }
}

/** What scheduled work needs. */
export interface ScheduleContext {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly host: FleetHost;
  readonly runs: RunService;
  readonly logger: Logger;
}

/** Takes the jobs that come of schedules. */
export async function workSchedules(context: ScheduleContext): Promise<void> {
  const { boss, database, host, runs, logger } = context;
  await boss.work<ScheduleJob>(
    QUEUE.schedule,
    { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 30 },
    async (jobs) => {
      for (const { data } of jobs) {
        const { schedule } = data;
        if (schedule === 'prune') {
          await pruneHistory(database, host.settings().history_days);
          continue;
        }
        if (schedule === 'waves') {
          if (host.hasWaves()) await advanceWaves(context);
          continue;
        }
        const run = runOf(schedule);
        if (run) logger.info({ run: await runs.start(run), schedule }, 'scheduled');
      }
    },
  );
}

function runOf(schedule: string): NewRun | undefined {
  if (!schedule.startsWith(JOB_PREFIX))
    return Object.hasOwn(starts, schedule) ? starts[schedule as keyof typeof starts] : undefined;
  const job = schedule.slice(JOB_PREFIX.length);
  return {
    kind: 'command',
    selection: { job },
    trigger: { by: 'schedule', detail: `schedule: ${job}` },
  };
}
