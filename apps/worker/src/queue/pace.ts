import type { ConstructorOptions } from 'pg-boss';
import type { Database } from '../store/database.js';

/** How often the queue is looked after. */
export interface Pace {
  /** Settings of pg-boss. */
  readonly boss: ConstructorOptions;
  /** Between two looks for jobs that nobody told of, such as those whose next attempt is due; seconds. */
  readonly lookSeconds: number;
}

/**
 * A new job is told of by the database (LISTEN and NOTIFY). Many workers on PostgreSQL look often beside
 * that, so that the jobs of one that died go on soon; a worker that is alone with an embedded database
 * has nobody to watch, and rests.
 */
export const PACES: Readonly<Record<Database['kind'], Pace>> = {
  postgres: {
    boss: {
      superviseIntervalSeconds: 2,
      maintenanceIntervalSeconds: 60,
      monitorIntervalSeconds: 2,
      cronMonitorIntervalSeconds: 10,
      cronWorkerIntervalSeconds: 5,
    },
    lookSeconds: 2,
  },
  pglite: {
    boss: {
      superviseIntervalSeconds: 15,
      maintenanceIntervalSeconds: 600,
      monitorIntervalSeconds: 15,
      cronMonitorIntervalSeconds: 30,
      cronWorkerIntervalSeconds: 30,
      flowIntervalSeconds: 120,
      queueCacheIntervalSeconds: 120,
      clockMonitorIntervalSeconds: 600,
    },
    lookSeconds: 10,
  },
};
