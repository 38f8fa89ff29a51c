import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome, Run } from '../src/store/runs.js';
import { createTestFleet } from './fleet.js';
import type { TestFleet } from './fleet.js';
import { databases, startPostgres } from './postgres.js';
import type { Postgres } from './postgres.js';
import { eventually, startWorkerProcess } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

type WholeRun = Run & { readonly outcomes: readonly Outcome[] };

const oid = '1'.repeat(40);

/** Delivers a webhook as GitHub does. */
async function deliver(worker: WorkerProcess, event: string, payload: object) {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', 'secret-of-the-tests').update(body).digest('hex');
  const response = await fetch(`${worker.url}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  });
  return { status: response.status, answer: (await response.json()) as { run?: string } };
}

function tagPush(tag: string, commit = oid): object {
  return {
    ref: `refs/tags/${tag}`,
    after: commit,
    commits: [],
    repository: { full_name: 'acme/standards' },
  };
}

async function finished(worker: WorkerProcess, id: string, seconds = 45): Promise<WholeRun> {
  return eventually(
    async () => {
      const { answer } = await worker.api<WholeRun>(`/api/runs/${id}`);
      return answer.finishedAt !== undefined && answer;
    },
    { what: `the end of run ${id}`, seconds },
  );
}

/** The refs of requests in a target: one branch a request. */
async function branches(fleet: TestFleet, target: string): Promise<string[]> {
  const out = await fleet.git(
    fleet.repository(target),
    'for-each-ref',
    '--format=%(refname)',
    'refs/heads/holdfast-sync',
  );
  return out.split('\n').filter(Boolean);
}

describe.each(await databases())('a worker on %s', (kind) => {
  let postgres: Postgres | undefined;
  let fleet: TestFleet;
  let worker: WorkerProcess;
  const started: WorkerProcess[] = [];

  async function start(name: string): Promise<WorkerProcess> {
    const one = await startWorkerProcess({
      cwd: fleet.source,
      data: join(fleet.folder, name),
      ...(postgres ? { environment: { DATABASE_URL: postgres.url } } : {}),
    });
    started.push(one);
    return one;
  }

  beforeAll(async () => {
    if (kind === 'postgres') postgres = await startPostgres();
    fleet = await createTestFleet(3);
    worker = await start('data');
  });

  afterAll(async () => {
    for (const one of started) await one.kill();
    await postgres?.[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });

  test('lives, is ready, and shows its metrics to those who have the token', async () => {
    expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(401);
  });

  test('turns a pushed tag into one request a target, and a repeated delivery into nothing', async () => {
    const { status, answer } = await deliver(worker, 'push', tagPush('v1.0.0'));
    expect(status).toBe(202);
    const run = await finished(worker, answer.run ?? '');
    expect(run).toMatchObject({ state: 'done', targets: { total: 3, done: 3, failed: 0 } });
    for (const { items } of run.outcomes)
      expect(items).toMatchObject([
        { outcome: 'opened', version: 'v1.0.0', request: { number: 1 } },
      ]);
    const again = await deliver(worker, 'push', tagPush('v1.0.0'));
    expect(again).toMatchObject({ status: 200, answer: { kind: 'repeated', run: answer.run } });
  });

  test('starts a run by the API, and finds nothing left to do', async () => {
    const { status, answer } = await worker.api<{ id: string }>('/api/runs', {
      targets: ['org/repo-001'],
    });
    expect(status).toBe(202);
    const run = await finished(worker, answer.id);
    expect(run.outcomes).toMatchObject([
      { target: 'org/repo-001', state: 'done', items: [{ outcome: 'unchanged' }] },
    ]);
    expect(await branches(fleet, 'org/repo-001')).toHaveLength(1);
  });

  test.each([
    ['an unknown key', { rulez: [] }, 400],
    ['a release and a ref', { release: 'v1', ref: 'main' }, 400],
    ['a list of another type', { rules: 'docs' }, 400],
  ])('refuses a run with %s', async (_, body, status) => {
    expect(await worker.api('/api/runs', body)).toMatchObject({
      status,
      answer: { error: { code: 'bad-request' } },
    });
  });

  test('ends a run of an unknown release with the reason', async () => {
    const { answer } = await worker.api<{ id: string }>('/api/runs', { release: 'v9.9.9' });
    const run = await finished(worker, answer.id);
    expect(run.state).toBe('failed');
    expect(JSON.stringify(run)).toContain('v9.9.9');
  });

  test('lets in nobody without the token', async () => {
    for (const path of ['/api/runs', '/api/fleet', '/api/openapi.json'])
      expect((await fetch(`${worker.url}${path}`)).status).toBe(401);
    const page = await fetch(`${worker.url}/`, { redirect: 'manual' });
    expect(page.headers.get('location')).toBe('/sign-in');
    const wrong = await fetch(`${worker.url}/webhooks/github`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=00' },
      body: '{}',
    });
    expect(wrong.status).toBe(401);
  });

  test('a storm of deliveries ends in one run for each thing that happened', async () => {
    const distinct = 20;
    const before = (await worker.api<{ runs: Run[] }>('/api/runs')).answer.runs.length;
    const sent = Array.from({ length: 400 }, (_, i) =>
      deliver(worker, 'push', tagPush('v1.0.0', String(i % distinct).padStart(40, '2'))),
    );
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(distinct);
    expect(new Set(statuses)).toEqual(new Set([200, 202]));
    const { answer } = await worker.api<{ runs: Run[] }>('/api/runs');
    expect(answer.runs.length - before).toBe(distinct);
    for (const { id } of answer.runs.slice(0, distinct)) await finished(worker, id);
    for (const target of fleet.targets) expect(await branches(fleet, target)).toHaveLength(1);
  });

  test('a target that fails does not hold up the others, and says why', async () => {
    const [poisoned = ''] = fleet.targets;
    const path = fleet.repository(poisoned);
    await fleet.git(fleet.folder, '-C', path, 'config', 'core.repositoryFormatVersion', '99');
    try {
      const { answer } = await worker.api<{ id: string }>('/api/runs', {});
      const others = await eventually(async () => {
        const { answer: run } = await worker.api<WholeRun>(`/api/runs/${answer.id}`);
        const good = run.outcomes.filter(({ state }) => state === 'done');
        const bad = run.outcomes.find(({ target }) => target === poisoned);
        return good.length === 2 && (bad?.items.length ?? 0) > 0 && run;
      });
      const bad = others.outcomes.find(({ target }) => target === poisoned);
      expect(bad?.items[0]?.error?.message).toMatch(/repository/i);
    } finally {
      await fleet.git(
        fleet.folder,
        'config',
        '--file',
        join(path, 'config'),
        'core.repositoryFormatVersion',
        '0',
      );
    }
  });

  test('a worker that is killed in the middle loses nothing and doubles nothing', async () => {
    await fleet.release('v1.1.0', { 'docs/guide.md': '# Guide\n\nVersion 1.1.0\n' });
    const { answer } = await deliver(worker, 'push', tagPush('v1.1.0'));
    await worker.kill();
    worker = await start('data');
    const run = await finished(worker, answer.run ?? '', 60);
    expect(run).toMatchObject({ state: 'done', targets: { total: 3, done: 3 } });
    for (const target of fleet.targets) {
      const names = await branches(fleet, target);
      expect(names.filter((name) => name.includes('v1.1.0'))).toHaveLength(1);
    }
  });

  test('stops when it is told to, and ends well', async () => {
    expect(await worker.stop()).toBe(0);
    worker = await start('data');
  });

  if (kind === 'pglite')
    test('refuses a data folder that another worker uses', async () => {
      await expect(start('data')).rejects.toThrow(/another worker uses the data folder/);
    });

  if (kind === 'postgres')
    test('goes on after its database was away', async () => {
      await postgres?.stop();
      expect((await fetch(`${worker.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
      await postgres?.start();
      await eventually(async () => (await fetch(`${worker.url}/readyz`)).status === 200);
      const { answer } = await worker.api<{ id: string }>('/api/runs', {});
      expect((await finished(worker, answer.id)).state).toBe('done');
    });

  if (kind === 'postgres')
    test('two workers share the work, whichever is killed', async () => {
      const second = await start('second');
      await fleet.release('v1.2.0', { 'docs/guide.md': '# Guide\n\nVersion 1.2.0\n' });
      const { answer } = await deliver(second, 'push', tagPush('v1.2.0'));
      await second.kill();
      const run = await finished(worker, answer.run ?? '', 60);
      expect(run).toMatchObject({ state: 'done', targets: { total: 3, done: 3 } });
      for (const target of fleet.targets) {
        const names = await branches(fleet, target);
        expect(names.filter((name) => name.includes('v1.2.0'))).toHaveLength(1);
      }
    });
});
