import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { QUEUE } from '../queue/queues.js';
import type { ScheduleJob } from '../queue/queues.js';
import type { Database } from '../store/database.js';
import { pruneHistory } from '../store/runs.js';
import type { NewRun, RunService } from './run-service.js';

/** When what is started, as cron lines in UTC; `off` starts it never. */
export interface Schedules {
  /** Looks at every target: drift, staleness, failures. */
  readonly check: string;
  /** Delivers what webhooks should have told of. */
  readonly catch_up: string;
  /** Forgets old runs. */
  readonly prune: string;
}

/** Drift and staleness daily, catching up hourly, as the specification wants it. */
export const DEFAULT_SCHEDULES: Schedules = {
  check: '0 3 * * *',
  catch_up: '17 * * * *',
  prune: '30 4 * * *',
};

const runs: Readonly<Record<string, NewRun>> = {
  check: { kind: 'check', selection: {}, trigger: { by: 'schedule', detail: 'daily check' } },
  catch_up: { kind: 'sync', selection: {}, trigger: { by: 'catch-up', detail: 'catching up' } },
};

/** What scheduled work needs. */
export interface ScheduleContext {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly runs: RunService;
  readonly logger: Logger;
  /** How long finished runs are kept. */
  readonly historyDays: number;
}

/** Writes the schedules, and takes the jobs that come of them. */
export async function workSchedules(
  { boss, database, runs: service, logger, historyDays }: ScheduleContext,
  schedules: Schedules,
): Promise<void> {
  for (const [schedule, cron] of Object.entries(schedules)) {
    const job: ScheduleJob = { schedule };
    if (cron === 'off') await boss.unschedule(QUEUE.schedule, schedule);
    else await boss.schedule(QUEUE.schedule, cron, job, { key: schedule, tz: 'UTC' });
  }
  await boss.work<ScheduleJob>(
    QUEUE.schedule,
    { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 30 },
    async (jobs) => {
      for (const { data } of jobs) {
        const run = runs[data.schedule];
        if (run)
          logger.info({ run: await service.start(run), schedule: data.schedule }, 'scheduled');
        else if (data.schedule === 'prune') await pruneHistory(database, historyDays);
      }
    },
  );
}
