import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { FleetHost } from './host/fleet-host.js';
import { createRunService } from './jobs/run-service.js';
import type { RunService } from './jobs/run-service.js';
import { applySchedules, workSchedules } from './jobs/schedules.js';
import { watchChanges } from './jobs/watch-changes.js';
import { workJobs } from './jobs/work-jobs.js';
import { PACES } from './queue/pace.js';
import { declareQueues } from './queue/queues.js';
import type { WorkerOptions } from './read-options.js';
import type { SignIn } from './service/authenticate.js';
import { createServer } from './service/create-server.js';
import { createMetrics } from './service/metrics.js';
import { openDatabase } from './store/database.js';
import type { Database } from './store/database.js';
import { migrate } from './store/migrate.js';
import { madeToken, sessionKey, tokenDigest } from './store/settings.js';

/** What a worker meets outside itself. */
export interface WorkerSurroundings {
  readonly host: FleetHost;
  readonly logger: Logger;
  readonly clock: () => Date;
  readonly version: string;
}

/** A worker that runs. */
export interface RunningWorker {
  /** Where the page and the API are. */
  readonly url: string;
  /** The token, when it was made just now: it is told once. */
  readonly token?: string;
  readonly database: Database;
  readonly runs: RunService;
  /** Reads the configuration anew, and schedules by it. */
  reload(): Promise<void>;
  /** Finishes what is under way, or hands it back, then lets everything go. */
  stop(): Promise<void>;
}

/** How long stopping waits for what is under way; the rest goes back to the queue. */
const STOP_MS = 20_000;

/** Opens the database, brings it up to date, starts the queue, the schedules and the service. */
export async function startWorker(
  options: WorkerOptions,
  { host, logger, clock, version }: WorkerSurroundings,
  { newToken = false }: { readonly newToken?: boolean } = {},
): Promise<RunningWorker> {
  const { database, boss } = await openQueue(options, logger);
  try {
    const runs = createRunService(database, boss);
    const metrics = createMetrics(boss);
    const { signIn, token } = await signInOf(options, database, { clock, newToken });
    const server = await createServer({
      database,
      host,
      runs,
      logger,
      metrics,
      signIn,
      secrets: options.secrets,
      ...(options.oidc ? { oidc: options.oidc } : {}),
      clock,
      version,
      isReady: async () => (await database.query('SELECT 1')).length === 1,
    });
    const worker = options.name;
    await workJobs({
      boss,
      database,
      host,
      runs,
      logger,
      worker,
      onTarget: ({ verdict }, seconds) => metrics.target(verdict, seconds),
    });
    await applySchedules(boss, host.settings());
    await workSchedules({ boss, database, host, runs, logger });
    const watch = watchChanges({ boss, database, host, runs, logger });
    const url = await server.listen({ host: options.host, port: options.port });
    return {
      url,
      ...(token === undefined ? {} : { token }),
      database,
      runs,
      async reload() {
        await host.reload();
        await applySchedules(boss, host.settings());
      },
      async stop() {
        await watch.stop();
        await server.close();
        await boss.stop({ graceful: true, timeout: STOP_MS });
        await host.close();
        await database.close();
      },
    };
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    await database.close();
    throw error;
  }
}

/** Opens the database and the queue alone, for who only asks for a run. */
export async function openQueue(
  options: Pick<WorkerOptions, 'database'>,
  logger: Logger,
): Promise<{ readonly database: Database; readonly boss: PgBoss }> {
  const warn = (error: Error) => logger.warn({ err: error }, 'the database failed');
  const database = await openDatabase(options.database, warn);
  try {
    await migrate(database);
    const boss = new PgBoss({
      ...database.boss,
      ...PACES[database.kind].boss,
      useListenNotify: true,
    });
    boss.on('error', warn);
    boss.on('warning', ({ message, data }) => logger.debug({ data }, message));
    await boss.start();
    await declareQueues(boss);
    return { database, boss };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function signInOf(
  { actToken, lookToken, actors, proxy }: WorkerOptions,
  database: Database,
  { clock, newToken }: { readonly clock: () => Date; readonly newToken: boolean },
): Promise<{ readonly signIn: SignIn; readonly token?: string }> {
  const made = actToken === undefined ? await madeToken(database, { anew: newToken }) : undefined;
  const act = actToken === undefined ? (made?.digest ?? '') : tokenDigest(actToken);
  return {
    signIn: {
      tokens: [
        { digest: act, role: 'act' },
        ...(lookToken === undefined
          ? []
          : [{ digest: tokenDigest(lookToken), role: 'look' as const }]),
      ],
      actors,
      ...(proxy ? { proxy } : {}),
      key: await sessionKey(database),
      clock,
    },
    ...(made?.token === undefined ? {} : { token: made.token }),
  };
}
