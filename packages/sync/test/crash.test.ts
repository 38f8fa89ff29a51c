import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { syncFleet } from '../src/index.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

const target = 'org/webapp';
let world: World;
let child: string;
beforeEach(async () => {
  world = createWorld();
  child = join(world.root, 'kill-child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'kill-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@holdfast/source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
});
afterEach(() => world.close());

test('a process killed at any of its writes leaves what the next run finishes', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n' });
  world.addTarget(target);
  await syncFleet(world.fleet([{ id: 'webapp' }]));
  world.release('v1.1.0', { 'core/a.md': 'A2\n', 'core/b.md': 'B\n' });
  const directory = world.targetDirectory(target);
  world.git(world.root, 'clone', '-q', '--mirror', directory, 'saved.git');

  const run = (step: number) =>
    spawnSync(process.execPath, [child, world.root, String(step)], { encoding: 'utf8' });
  const undisturbed = run(-1);
  expect(undisturbed.stderr).toBe('');
  const { writes } = JSON.parse(undisturbed.stdout) as { writes: number };
  expect(writes).toBeGreaterThan(6);
  const state = () => describeState(world);
  const finished = await state();

  for (let step = 0; step < writes; step++) {
    for (const ref of world.git(directory, 'for-each-ref', '--format=%(refname)').split('\n')) {
      world.git(directory, 'update-ref', '-d', ref);
    }
    world.git(directory, 'fetch', '-q', join(world.root, 'saved.git'), '+refs/*:refs/*');
    expect(run(step).signal).toBe('SIGKILL');
    expect(world.git(directory, 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(run(-1).status).toBe(0);
    expect(await state()).toEqual(finished);
  }
}, 300_000);

/** Branches by their commits, and the requests by what people see of them. */
async function describeState(world: World) {
  const forge = await world.forge(target);
  const requests = await forge.list();
  return {
    branches: world
      .refs(target)
      .split('\n')
      .filter((line) => line.startsWith('refs/heads/')),
    requests: requests.map(({ number, state, head, closeReason }) => ({
      number,
      state,
      head,
      closeReason,
    })),
  };
}
