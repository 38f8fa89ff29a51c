import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateSkill } from '../src/index.js';
import { bundle } from '../test/support/bundle.js';
import { createWorkspace, type Workspace } from '../test/support/workspace.js';

let command: string[];
let program: string;
let work: Workspace;
beforeAll(async () => {
  command = [process.execPath, await bundle('test/support/state-command.ts')];
  program = await bundle('test/support/generate-and-die.ts');
});
beforeEach(() => (work = createWorkspace(command)));
afterEach(() => work.remove());

/** Generates in another process, which ends itself at the nth call that changes the file system. */
async function dieAt(step: number): Promise<boolean> {
  const child = spawn(process.execPath, [program, String(step)], {
    env: {
      PATH: process.env['PATH'],
      WORK: work.root,
      STORE: work.storeFile,
      COMMAND: JSON.stringify(command),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal === 'SIGKILL';
}

const stride = process.env['HOLDFAST_ATTACK'] === 'full' ? 1 : 5;

describe('killed', () => {
  test('at any step leaves the old outputs or the new ones, and the next run is whole', async ({
    task,
  }) => {
    const files = ['k.md', 'k.json'].map((name) => join(work.data, name));
    work.addSkill(
      'k',
      {
        version: '1',
        outputFile: files[0],
        patterns: ['notes:*'],
        generator: 'sync.sh',
        outputs: [{ file: files[1], format: 'json' }],
      },
      {
        'sync.sh':
          '#!/bin/sh\nset -e\nambrogioctl state list --pattern "$SYNC_PATTERNS" --json > "$SYNC_OUTPUT_FILE"\n',
      },
    );
    const skill = await work.skill('k');
    let kills = 0;
    for (let step = 1; ; step += stride) {
      const old = `before ${step}`;
      work.store.set('notes:1', old);
      expect((await generateSkill(skill, work.options())).kind).not.toBe('edited');
      work.store.set('notes:1', String(step));
      const isKilled = await dieAt(step);
      const texts = [work.read('data/k.md'), work.read('data/k.json')];
      for (const text of texts) {
        const { entries } = JSON.parse(text) as { entries: { value: unknown }[] };
        expect([old, String(step)]).toContain(String(entries[0]?.value));
      }
      if (!isKilled) break;
      kills++;
      expect(await generateSkill(skill, work.options())).toMatchObject({
        kind: /generated|current/ as never,
      });
      expect(readdirSync(work.data).filter((name) => name.includes('skill-sync-'))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(15 / stride);
    Object.assign(task.meta, { tried: kills, held: kills });
  });
});
