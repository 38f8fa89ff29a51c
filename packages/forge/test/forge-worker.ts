import { openRepository } from '@holdfast/git';

import { createEmbeddedForge, type Forge } from '../src/index.js';
import { actor } from './actor.js';
import { interruptWrites } from './interrupt-writes.js';

/** One call of the port: the operation's name and its arguments. */
export type WorkerCall = {
  [K in keyof Forge]: Forge[K] extends (...args: infer A) => unknown ? [K, ...A] : never;
}[keyof Forge];

/** What a worker does: its calls, one after the other; where it kills itself. */
export interface WorkerTask {
  readonly directory: string;
  readonly calls: readonly WorkerCall[];
  readonly killAt?: number;
}

async function work({ directory, calls, killAt = -1 }: WorkerTask): Promise<unknown[]> {
  const repository = await openRepository(directory, { environment: process.env });
  const forge = createEmbeddedForge({
    repository: interruptWrites(repository, killAt, () => {
      process.kill(process.pid, 'SIGKILL');
      throw new Error('unreachable');
    }),
    clock: () => new Date(),
    actor,
  });
  const results: unknown[] = [];
  for (const [operation, ...args] of calls) {
    const call = forge[operation] as (...values: unknown[]) => Promise<unknown>;
    results.push(await call(...args));
  }
  await repository.close();
  return results;
}

work(JSON.parse(process.argv[2]!) as WorkerTask).then(
  (results) => process.stdout.write(JSON.stringify(results)),
  (error: unknown) => {
    process.stderr.write(String(error instanceof Error ? error.stack : error));
    process.exitCode = 1;
  },
);
