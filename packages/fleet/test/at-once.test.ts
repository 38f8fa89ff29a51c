import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServerFleet, type ServerFleet } from './server-world.js';

const RUNS = 4;
const TARGETS = 3;

const folder = mkdtempSync(join(tmpdir(), 'holdfast-at-once-'));
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

/** Runs a sync in a process of its own, and says what became of each target. */
async function run({ source, surroundings }: ServerFleet): Promise<string[]> {
  const child = spawn(process.execPath, [program, source], {
    env: surroundings.environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out === '' ? [errors] : (JSON.parse(out) as string[]);
}

test.each(['program', 'embedded'] as const)(
  '%s: of four syncs at once over HTTP with one cache none fails, and each target has one request a release',
  async (engine) => {
    await using at = await createServerFleet('github', { targets: TARGETS, engine });
    for (const tag of ['v1.0.0', 'v1.1.0']) {
      at.release(tag, { 'docs/guide.md': `# Guide of ${tag}\n` });
      const told = await Promise.all(Array.from({ length: RUNS }, () => run(at)));
      const words = new Set(told.flat());
      expect([...words].filter((word) => !/^(opened|updated|unchanged)$/.test(word))).toEqual([]);
      expect(told.flat()).toHaveLength(RUNS * TARGETS);
      for (const { name, items } of at.standIn.world.repositories.values()) {
        const open = items.filter((item) => item.kind === 'request' && item.state === 'open');
        expect([name, open.map(({ head }) => head)]).toEqual([name, [`acme-sync/${tag}/docs`]]);
      }
    }
  },
  120_000,
);
