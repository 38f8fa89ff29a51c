import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../src/store/runs.js';
import { createTestFleet } from '../test/fleet.js';
import type { TestFleet } from '../test/fleet.js';
import { databases, startPostgres } from '../test/postgres.js';
import { eventually, startWorkerProcess } from '../test/worker-process.js';

const full = process.env['HOLDFAST_ATTACK'] === 'full';
const kills = full ? 100 : 4;
const targets = full ? 50 : 8;

/** A generator of numbers below 1 that gives the same ones for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many workers share one PostgreSQL; without one, a single worker on PGlite. */
const counts = full ? [2, 4] : [2];

describe('workers killed at random', () => {
  test.for(counts)(
    '%i of them lose nothing and double nothing: one branch and one request a target and release',
    { timeout: 3_600_000 },
    async (count, { task }) => {
      const [, shared] = await databases();
      await using postgres = shared ? await startPostgres() : undefined;
      await using fleet = await createTestFleet(targets);
      const environment = postgres ? { DATABASE_URL: postgres.url } : {};
      const start = (name: string) =>
        startWorkerProcess({ cwd: fleet.source, data: join(fleet.folder, name), environment });
      const random = randomOf(20_261_124 + count);
      const names = Array.from({ length: postgres ? count : 1 }, (_, i) => `worker-${i}`);
      const workers = await Promise.all(names.map(start));
      const ids: string[] = [];
      const meta = task.meta as { tried?: number; held?: number };
      meta.tried = kills;
      try {
        for (let i = 0; i < kills; i += 1) {
          const victim = Math.floor(random() * workers.length);
          const worker = workers[victim];
          if (i % 10 === 0) await fleet.release(`v1.${i}.1`, { 'docs/guide.md': `# Guide ${i}\n` });
          const body = i % 10 === 0 ? {} : { targets: [fleet.targets[i % targets] ?? ''] };
          const asked = await worker?.api<{ id: string }>('/api/runs', body);
          if (asked) ids.push(asked.answer.id);
          await new Promise((resolve) => setTimeout(resolve, random() * 2_000));
          await worker?.kill();
          workers[victim] = await start(names[victim] ?? '');
          meta.held = i;
        }
        const [survivor] = workers;
        for (const id of ids) {
          const run = await eventually(
            async () => {
              const found = await survivor?.api<Run>(`/api/runs/${id}`);
              return found?.answer.finishedAt === undefined ? undefined : found.answer;
            },
            { seconds: 600, what: `the end of run ${id}` },
          );
          expect(run.state).toBe('done');
        }
        expect(new Set(ids).size).toBe(kills);
        for (const target of fleet.targets) await expectNothingDoubled(fleet, target);
        meta.held = kills;
      } finally {
        for (const worker of workers) await worker.kill();
      }
    },
  );
});

/** A target has one branch and one request for each release that reached it, and the last one did. */
async function expectNothingDoubled(fleet: TestFleet, target: string): Promise<void> {
  const git = (...args: string[]) => fleet.git(fleet.repository(target), ...args);
  const refs = await git('for-each-ref', '--format=%(refname)');
  const branches = refs.split('\n').filter((ref) => ref.startsWith('refs/heads/holdfast-sync/'));
  const versions = branches.map((ref) => ref.split('/').at(-2));
  expect(new Set(versions).size).toBe(branches.length);
  expect(versions).toContain(`v1.${Math.floor((kills - 1) / 10) * 10}.1`);
  expect(refs).not.toMatch(/\.lock$/m);
  const records = (await git('ls-tree', '-r', '--name-only', 'refs/holdfast/requests'))
    .split('\n')
    .filter((path) => path.endsWith('/request.json'));
  const heads = await Promise.all(
    records.map(async (path) => {
      const text = await git('show', `refs/holdfast/requests:${path}`);
      return (JSON.parse(text) as { head: string }).head;
    }),
  );
  expect(heads.length).toBeGreaterThan(0);
  expect(new Set(heads).size).toBe(heads.length);
}
