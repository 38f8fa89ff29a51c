import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StandInKind } from '@holdfast/forge-stand-in';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServerFleet, type ServerFleet } from './server-world.js';

const kinds: readonly StandInKind[] = ['github', 'gitlab', 'forgejo'];
const targets = 5;
const branch = 'acme-sync/v1.0.0/docs';

/** All points with `HOLDFAST_CRASH_POINTS=all`; some of them otherwise, since each costs two runs. */
const every = process.env['HOLDFAST_CRASH_POINTS'] === 'all' ? 1 : 16;

const folder = mkdtempSync(join(tmpdir(), 'holdfast-crash-'));
const program = join(folder, 'worker.cjs');

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('sync-worker.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['@holdfast/source'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a sync in a process of its own; it is killed as its n-th request comes in. */
async function run({ standIn, source, surroundings }: ServerFleet, killAt: number) {
  const child = spawn(process.execPath, [program, source], {
    env: surroundings.environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  let seen = 0;
  standIn.onRequest = () => {
    // The whole group: a git that is left alone would go on by itself.
    if (seen++ === killAt && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const signal = await new Promise((resolve) => child.on('close', (_, name) => resolve(name)));
  delete standIn.onRequest;
  return { killed: signal === 'SIGKILL', requests: seen };
}

test.each(kinds)(
  '%s: killed at any request of a sync of five targets, the next run leaves one request each',
  async (kind) => {
    for (let killAt = 0, killed = true; killed; killAt += every) {
      await using at = await createServerFleet(kind, { targets });
      at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
      ({ killed } = await run(at, killAt));
      await run(at, Infinity);
      for (const { name, git, items } of at.standIn.world.repositories.values()) {
        const where = `${name}, killed at request ${killAt}`;
        const branches = git.git('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads');
        expect(branches.split('\n'), where).toEqual([branch, 'main']);
        expect(
          items.filter(({ kind: what }) => what === 'request'),
          where,
        ).toMatchObject([
          {
            state: 'open',
            head: branch,
            reviewers: ['ada'],
            labels: ['acme-sync', 'auto-generated'],
          },
        ]);
      }
    }
  },
  3_600_000,
);
