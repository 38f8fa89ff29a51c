import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { createFleetHost } from './host/create-fleet-host.js';
import { createRunService } from './jobs/run-service.js';
import { HELP, readOptions } from './read-options.js';
import type { Invocation } from './read-options.js';
import { startTracing } from './start-tracing.js';
import { openQueue, startWorker } from './start-worker.js';
import { listOutcomes, readRun } from './store/runs.js';
import { WorkerError } from './worker-error.js';

/** What pino must never write, wherever it stands. */
const REDACTED = ['req.headers', '*.password', '*.token', '*.secret', '*.authorization'];

/** How often `holdfast-worker run` looks at its run, in milliseconds. */
const LOOK_INTERVAL = 500;

/** Runs `holdfast-worker` on the process's arguments; the exit codes are those of `holdfast`. */
export async function main(): Promise<void> {
  try {
    const defaultName = `${hostname()}-${process.pid}`;
    const invocation = readOptions(process.argv.slice(2), process.env, { defaultName });
    if (invocation.kind === 'help') process.stdout.write(HELP);
    else if (invocation.kind === 'version') process.stdout.write(`${await readVersion()}\n`);
    else if (invocation.kind === 'serve') await serve(invocation);
    else process.exitCode = await runOnce(invocation);
  } catch (error) {
    const { message, hint, code, findings } = asError(error);
    process.stderr.write(`error: ${message}\n`);
    for (const { path, message: what } of findings ?? [])
      process.stderr.write(`  ${path}: ${what}\n`);
    if (hint !== undefined) process.stderr.write(`hint: ${hint}\n`);
    process.exitCode = INPUT_CODES.has(code) ? 2 : 3;
  }
}

const INPUT_CODES = new Set([
  'bad-argument',
  'bad-configuration',
  'no-configuration',
  'invalid-configuration',
]);

interface Described {
  readonly message: string;
  readonly code: string;
  readonly hint?: string;
  readonly findings?: readonly { readonly path: string; readonly message: string }[];
}

function asError(error: unknown): Described {
  return error instanceof Error
    ? (error as Error & Described)
    : { message: String(error), code: 'unexpected' };
}

async function serve({ options, newToken }: Extract<Invocation, { kind: 'serve' }>): Promise<void> {
  const logger = pino(
    { level: options.logLevel, base: { worker: options.name }, redact: REDACTED },
    pino.destination(2),
  );
  const version = await readVersion();
  const tracing = await startTracing(process.env, { version });
  const interrupt = new AbortController();
  const clock = () => new Date();
  const host = await createFleetHost({
    cwd: process.cwd(),
    environment: process.env,
    clock,
    signal: interrupt.signal,
    logger,
    ...(options.config === undefined ? {} : { config: options.config }),
  });
  const surroundings = { host, logger, clock, version };
  const worker = await startWorker(options, surroundings, { newToken });
  process.stdout.write(`Holdfast worker: ${worker.url}\n`);
  if (worker.token !== undefined) process.stdout.write(`Token, shown this once: ${worker.token}\n`);

  let stopping = false;
  const stop = (): void => {
    if (stopping) interrupt.abort();
    else {
      stopping = true;
      logger.info('stopping: what is under way is finished or handed back');
      const stopped = worker.stop().then(() => tracing?.shutdown());
      stopped.then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'stopping failed');
          process.exit(3);
        },
      );
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {
    worker.reload().then(
      () => logger.info('the configuration was read anew'),
      (error: unknown) => logger.error({ err: error }, 'reading the configuration failed'),
    );
  });
}

/** Queues a run and waits for it; a worker of the same database does it. */
async function runOnce({
  options,
  rules,
  targets,
}: Extract<Invocation, { kind: 'run' }>): Promise<number> {
  if ('folder' in options.database) {
    throw new WorkerError('bad-argument', 'a run is queued in a database that workers share', {
      hint: 'set DATABASE_URL to it; beside an embedded worker use its page or POST /api/runs, or holdfast sync',
    });
  }
  const { database, boss } = await openQueue(options, pino({ level: 'silent' }));
  try {
    const runs = createRunService(database, boss);
    const id = await runs.start({
      kind: 'sync',
      selection: {
        ...(rules.length > 0 ? { rules } : {}),
        ...(targets.length > 0 ? { targets } : {}),
      },
      trigger: { by: 'operator', detail: `holdfast-worker run on ${hostname()}` },
    });
    process.stdout.write(`Run ${id}\n`);
    for (;;) {
      const run = await readRun(database, id);
      if (!run || run.finishedAt !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL));
    }
    const run = await readRun(database, id);
    const { outcomes } = await listOutcomes(database, id);
    for (const { target, items, error } of outcomes) {
      const words = items.map(({ rule, outcome }) => `${rule} ${outcome}`).join(', ');
      process.stdout.write(`${target}: ${error?.message ?? words}\n`);
    }
    if (run?.error) process.stderr.write(`error: ${run.error.message}\n`);
    return run?.state === 'done' ? 0 : 3;
  } finally {
    await boss.stop({ graceful: false });
    await database.close();
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
