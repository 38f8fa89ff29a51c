import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const INSTALLED = '/usr/lib/postgresql';

/** A PostgreSQL of its own, on loopback and in a temporary folder. */
export interface Postgres extends AsyncDisposable {
  readonly url: string;
  /** Ends it as a crash would, or starts it again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * The databases to run a suite on: PGlite always, PostgreSQL where it is installed. Where
 * `HOLDFAST_REQUIRE_SERVICES` is set (`.ci/run` does), a missing PostgreSQL is a failure.
 */
export async function databases(): Promise<readonly ('pglite' | 'postgres')[]> {
  if (await findPrograms()) return ['pglite', 'postgres'];
  if (process.env['HOLDFAST_REQUIRE_SERVICES'])
    throw new Error(`PostgreSQL is required, and there is none in ${INSTALLED}`);
  return ['pglite'];
}

async function findPrograms(): Promise<string | undefined> {
  const versions = await readdir(INSTALLED).catch(() => []);
  const newest = versions
    .map(Number)
    .filter(Boolean)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(INSTALLED, String(newest), 'bin');
}

/** Makes and starts one. PostgreSQL refuses to run as root: its own user runs it then. */
export async function startPostgres(): Promise<Postgres> {
  const programs = await findPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const { stdout: ids } = isRoot ? await execute('getent', ['passwd', 'postgres']) : { stdout: '' };
  const [, , uid, gid] = ids.split(':').map(Number);
  if (isRoot) await chown(folder, uid ?? 0, gid ?? 0);
  const run = (program: string, ...args: string[]) =>
    isRoot
      ? execute(
          'setpriv',
          [
            '--reuid=postgres',
            '--regid=postgres',
            '--clear-groups',
            join(programs, program),
            ...args,
          ],
          { cwd: folder },
        )
      : execute(join(programs, program), args, { cwd: folder });
  const data = join(folder, 'data');
  await run('initdb', '-D', data, '-U', 'holdfast', '-A', 'trust', '--no-sync');
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c max_connections=80`;
  const start = async () => {
    await run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  };
  const stop = async () => {
    await run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  };
  await start();
  return {
    url: `postgres://holdfast@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
