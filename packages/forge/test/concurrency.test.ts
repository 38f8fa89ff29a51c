import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { WorkerCall } from './forge-worker.js';
import {
  copySandbox,
  createSandbox,
  newRequest,
  type Sandbox,
  mergeAtHead,
} from './git-sandbox.js';
import { bundleWorker, runWorker } from './run-worker.js';

const workers = [0, 1, 2, 3];
const directory = mkdtempSync(join(tmpdir(), 'holdfast-forge-worker-'));
let program: string;

beforeAll(async () => {
  program = await bundleWorker(directory);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs calls in as many processes at once; all must succeed. */
async function runAll(sandbox: Sandbox, callsOf: (worker: number) => WorkerCall[]) {
  const ends = await Promise.all(
    workers.map((worker) =>
      runWorker(program, { directory: sandbox.directory, calls: callsOf(worker) }),
    ),
  );
  expect(ends.map(({ stderr }) => stderr)).toEqual(workers.map(() => ''));
  return ends.flatMap(({ results }) => results) as Record<string, unknown>[];
}

describe('processes at once', () => {
  test('open the same request: there is one', async () => {
    const sandbox = await createSandbox();
    const head = await sandbox.commit('topic', { a: '1' }, 'main');
    const outcomes = await runAll(sandbox, () => [['open', newRequest(head)]]);
    expect(outcomes.map(({ request }) => (request as { id: string }).id)).toEqual(
      workers.map(() => '1'),
    );
    expect(await sandbox.forge().list()).toHaveLength(1);
  });

  test('open and comment: nothing is lost, a key is posted once', async () => {
    const sandbox = await createSandbox();
    const heads = await Promise.all(
      workers.map((worker) => sandbox.commit(`topic-${worker}`, { a: `${worker}` }, 'main')),
    );
    await sandbox.forge().open(newRequest(heads[0]!, { head: 'topic-0' }));
    await runAll(sandbox, (worker) => [
      ['comment', '1', { body: `first of ${worker}` }],
      ['open', newRequest(heads[worker]!, { head: `topic-${worker}` })],
      ['comment', '1', { body: 'the same', key: 'once' }],
      ['comment', '1', { body: `last of ${worker}` }],
    ]);
    const requests = await sandbox.forge().list();
    expect(requests.map(({ head }) => head).sort()).toEqual(workers.map((n) => `topic-${n}`));
    const details = await sandbox.forge().get('1');
    expect(details?.comments.map(({ body }) => body).sort()).toEqual(
      ['the same', ...workers.flatMap((n) => [`first of ${n}`, `last of ${n}`])].sort(),
    );
  });

  test('merge different requests into one branch: all of them arrive', async () => {
    const sandbox = await createSandbox();
    const heads: string[] = [];
    for (const worker of workers) {
      const head = `topic-${worker}`;
      const headCommit = await sandbox.commit(head, { [`file-${worker}`]: 'x' }, 'main');
      heads.push(headCommit);
      await sandbox.forge().open(newRequest(headCommit, { head }));
    }
    const outcomes = await runAll(sandbox, (worker) => [
      ['merge', String(worker + 1), { method: 'merge', expectedHead: heads[worker]! }],
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(workers.map(() => 'merged'));
    expect(Object.keys(sandbox.read('main')).sort()).toEqual([
      'README.md',
      ...workers.map((n) => `file-${n}`),
    ]);
    expect(sandbox.git('rev-list', '--merges', '--count', 'main')).toBe('4');
    expect(sandbox.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
      'refs/heads/main',
    );
  });

  test('merge the same request: it is merged once', async () => {
    const sandbox = await createSandbox();
    const head = await sandbox.commit('topic', { a: '1' }, 'main');
    await sandbox.forge().open(newRequest(head));
    await runAll(sandbox, () => [['merge', '1', { method: 'squash', expectedHead: head }]]);
    expect(sandbox.git('rev-list', '--count', 'main')).toBe('2');
    expect(await sandbox.forge().get('1')).toMatchObject({
      state: 'merged',
      mergedCommit: sandbox.git('rev-parse', 'main'),
    });
  });
});

describe('a process killed at any point of a write', () => {
  const killed = async (sandbox: Sandbox, call: WorkerCall, killAt: number) =>
    (await runWorker(program, { directory: sandbox.directory, calls: [call], killAt })).signal;

  test('a merge happened or did not: base, request and head branch agree; a second try ends it', async () => {
    const prepared = await createSandbox();
    const head = await prepared.commit('topic', { a: '1' }, 'main');
    await prepared.commit('main', { b: '2' });
    await prepared.forge().open(newRequest(head));
    const before = prepared.git('for-each-ref');
    let killAt = 0;
    for (let signal: string | null = 'SIGKILL'; signal !== null; killAt += 1) {
      const sandbox = await copySandbox(prepared);
      signal = await killed(
        sandbox,
        ['merge', '1', { method: 'merge', expectedHead: head }],
        killAt,
      );
      const request = await sandbox.forge().get('1');
      if (request?.state === 'open') expect(sandbox.git('for-each-ref')).toBe(before);
      else expect(request).toMatchObject({ state: 'merged', headGone: true });
      const second = await mergeAtHead(sandbox.forge(), '1', { method: 'merge' });
      expect(['merged', 'not-open']).toContain(second.kind);
      expect(sandbox.read('main')).toEqual({ 'README.md': 'hello', a: '1', b: '2' });
      expect(sandbox.git('rev-list', '--merges', '--count', 'main')).toBe('1');
      expect(sandbox.git('fsck', '--strict', '--no-dangling')).toBe('');
    }
    expect(killAt).toBeGreaterThan(8); // three writes, three points each, and the run that ends well
  });
});
