import { spawn, type ChildProcess } from 'node:child_process';

/** One request to `git http-backend`: its surroundings and what it reads. */
export interface BackendRequest {
  readonly env: Readonly<Record<string, string>>;
  readonly input: Buffer;
}

interface Helper {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (output: Buffer) => void>;
}

/** As many as work at a time on the machines that tests run on. */
const HELPERS = 3;

/** To start a program takes a process long that has read the descriptions, and all others wait for it. */
const program = `
  const { spawnSync } = require('node:child_process');
  process.on('message', ({ id, env, input }) => {
    const options = { env, input, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'ignore'] };
    const { stdout } = spawnSync('git', ['http-backend'], options);
    process.send({ id, output: stdout ?? Buffer.alloc(0) });
  });
  process.on('disconnect', () => process.exit());
`;

const helpers = new Map<number, Helper>();
let next = 0;

/** Runs `git http-backend` in a small process beside this one; gives what it wrote. */
export function runBackend({ env, input }: BackendRequest): Promise<Buffer> {
  const id = next++;
  const place = id % HELPERS;
  const { child, waiting } = helpers.get(place) ?? start(place);
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    child.send({ id, env, input }, (error) => {
      if (error) answer(waiting, id, Buffer.alloc(0));
    });
  });
}

/** Neither the process nor its channel keeps ours alive; it ends with ours. */
function start(place: number): Helper {
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const waiting: Helper['waiting'] = new Map();
  child.on('message', ({ id, output }: { id: number; output: Uint8Array }) =>
    answer(waiting, id, Buffer.from(output)),
  );
  child.on('exit', () => {
    helpers.delete(place);
    for (const id of [...waiting.keys()]) answer(waiting, id, Buffer.alloc(0));
  });
  child.unref();
  child.channel?.unref();
  const helper = { child, waiting };
  helpers.set(place, helper);
  return helper;
}

function answer(waiting: Helper['waiting'], id: number, output: Buffer): void {
  waiting.get(id)?.(output);
  waiting.delete(id);
}
