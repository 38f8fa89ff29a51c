import { createHmac } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome, Run } from '../src/store/runs.js';
import { createTestFleet } from './fleet.js';
import type { TestFleet } from './fleet.js';
import { eventually, startWorkerProcess } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

type WholeRun = Run & { readonly outcomes: readonly Outcome[] };

/** Nobody delivers webhooks for a source on this machine, and nobody says that a configuration changed. */
describe('what a worker notices by itself', () => {
  let fleet: TestFleet;
  let worker: WorkerProcess;

  beforeAll(async () => {
    fleet = await createTestFleet(3);
    worker = await startWorkerProcess({ cwd: fleet.source, data: join(fleet.folder, 'data') });
  }, 120_000);

  afterAll(async () => {
    await worker?.kill();
    await fleet?.[Symbol.asyncDispose]();
  });

  /** The newest run of a kind, done; its detail is what started it. */
  async function runOf(kind: string, detail: RegExp): Promise<WholeRun> {
    return eventually(
      async () => {
        const { answer } = await worker.api<{ runs: Run[] }>('/api/runs');
        const run = answer.runs.find(
          (one) => one.kind === kind && detail.test(one.trigger.detail) && one.finishedAt,
        );
        return run && (await worker.api<WholeRun>(`/api/runs/${run.id}`)).answer;
      },
      { what: `a run ${kind} of ${detail}` },
    );
  }

  test('looks at the fleet when it comes up first, and delivers nothing yet', async () => {
    const run = await runOf('check', /first look/);
    expect(run.outcomes.map(({ items }) => items[0]?.outcome)).toEqual([
      'Never synced',
      'Never synced',
      'Never synced',
    ]);
    expect((await worker.api<{ rows: unknown[] }>('/api/fleet')).answer.rows).toHaveLength(3);
  });

  test('delivers a tag that is pushed to the source, without a webhook', async () => {
    await fleet.release('v1.1.0', { 'docs/guide.md': '# Guide\n\nVersion 1.1.0\n' });
    const run = await runOf('sync', /release v1\.1\.0/);
    expect(run.trigger.by).toBe('source');
    expect(run.outcomes.map(({ items }) => items[0])).toMatchObject(
      Array.from({ length: 3 }, () => ({ outcome: 'opened', version: 'v1.1.0' })),
    );
  });

  test('schedules by the configuration as it is now, and keeps the last right one', async () => {
    const path = join(fleet.source, 'holdfast.yaml');
    const before = await readFile(path, 'utf8');
    await writeFile(path, `${before}worker: { schedules: { drift: nonsense } }\n`);
    await eventually(async () => worker.log().includes('the last right one stays'));
    await writeFile(
      path,
      `${before}worker:\n  jobs: { help: { run: [catalog, render, --help], schedule: '* * * * *' } }\n`,
    );
    await eventually(async () => worker.log().includes('the configuration changed'));
  });

  test('runs the commands of jobs, and those of the configuration alone', async () => {
    const unknown = await worker.api('/api/runs', { kind: 'command', job: 'rm' });
    expect(unknown).toMatchObject({ status: 400, answer: { error: { code: 'bad-request' } } });
    await eventually(
      async () => (await worker.api('/api/runs', { kind: 'command', job: 'help' })).status === 202,
      { what: 'the job' },
    );
    const run = await runOf('command', /token/);
    expect(run.outcomes).toMatchObject([
      { target: 'help', state: 'done', items: [{ rule: 'catalog render --help' }] },
    ]);
    expect(run.outcomes[0]?.items[0]?.detail).toContain('Usage: holdfast catalog render');
  });

  test('tells a branch of the source its impact, and a branch of a target its drift', async () => {
    await fleet.git(fleet.source, 'switch', '-qc', 'topic');
    await writeFile(join(fleet.source, 'docs', 'guide.md'), '# Guide\n\nTopic\n');
    await fleet.git(fleet.source, 'commit', '-qam', 'Change the guide');
    await fleet.git(fleet.source, 'switch', '-q', 'main');
    const push = (repository: string, branch: string) =>
      deliver(worker, {
        ref: `refs/heads/${branch}`,
        after: '3'.repeat(40),
        commits: [],
        repository: { full_name: repository, default_branch: 'main' },
      });
    await push('acme/standards', 'topic');
    const impact = await runOf('impact', /topic/);
    expect(impact.outcomes[0]?.items[0]?.detail).toContain('3 targets would get something else');

    const target = fleet.targets[0] ?? '';
    const clone = join(fleet.folder, 'clone');
    const [head = ''] = (
      await fleet.git(
        fleet.repository(target),
        'for-each-ref',
        '--format=%(refname:short)',
        'refs/heads/holdfast-sync',
      )
    ).split('\n');
    await fleet.git(fleet.folder, 'clone', '-q', fleet.repository(target), clone);
    await fleet.git(clone, 'merge', '-q', `origin/${head}`);
    await fleet.git(clone, 'push', '-q', 'origin', 'main');
    await fleet.git(clone, 'switch', '-qc', 'mine');
    await mkdir(join(clone, 'docs/standards'), { recursive: true });
    await writeFile(join(clone, 'docs/standards/guide.md'), '# Mine\n');
    await fleet.git(clone, 'commit', '-qam', 'Change what is delivered');
    await fleet.git(clone, 'push', '-q', 'origin', 'mine');
    await push(target, 'mine');
    const drift = await runOf('drift', /mine/);
    expect(drift.outcomes[0]?.items).toMatchObject([
      { outcome: 'drifts', detail: 'mine changes docs/standards/guide.md' },
    ]);
  });
});

async function deliver(worker: WorkerProcess, payload: object): Promise<number> {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', 'secret-of-the-tests').update(body).digest('hex');
  const response = await fetch(`${worker.url}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  });
  return response.status;
}
