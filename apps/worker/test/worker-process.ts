import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const bin = new URL('../bin/holdfast-worker.js', import.meta.url).pathname;

/** The token of every worker of the tests. */
export const TOKEN = 'token-of-the-tests';

/** A worker as users start it: a process of its own. */
export interface WorkerProcess {
  readonly url: string;
  readonly pid: number;
  /** Calls the API with the token. */
  api<Answer>(path: string, body?: object): Promise<{ status: number; answer: Answer }>;
  /** SIGKILL: as a crash would. */
  kill(): Promise<void>;
  /** SIGTERM: as an operator would; gives the exit code. */
  stop(): Promise<number | null>;
  log(): string;
}

/** Starts a worker and waits until it tells its address. */
export async function startWorkerProcess(options: {
  readonly cwd: string;
  readonly data: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<WorkerProcess> {
  const { cwd, data, environment = {} } = options;
  const port = environment['PORT'] ?? '0';
  const child = spawn(process.execPath, [bin, '--data', data, '--port', port], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: data,
      GIT_CONFIG_GLOBAL: '/dev/null',
      HOLDFAST_WORKER_TOKEN: TOKEN,
      HOLDFAST_WEBHOOK_SECRET_GITHUB: 'secret-of-the-tests',
      HOLDFAST_STATE_DIR: join(data, 'state'),
      HOLDFAST_CACHE_DIR: join(data, 'cache'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => logs.push(text));
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Holdfast worker: (\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    void exited.then((code) =>
      reject(new Error(`the worker ended with ${code}:\n${logs.join('')}`)),
    );
  });
  return {
    url,
    pid: child.pid ?? 0,
    log: () => logs.join(''),
    async api(path, body) {
      const response = await fetch(`${url}${path}`, {
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, answer: (await response.json()) as never };
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Looks again and again, until what is looked for is there. */
export async function eventually<Found>(
  look: () => Promise<Found | undefined | false>,
  { seconds = 45, what = 'it' }: { seconds?: number; what?: string } = {},
): Promise<Found> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`${what} did not come about in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
