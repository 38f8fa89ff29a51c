import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome, Run } from '../src/store/runs.js';
import { createTestFleet } from './fleet.js';
import type { TestFleet } from './fleet.js';
import { eventually, startWorkerProcess } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

type WholeRun = Run & { readonly outcomes: readonly Outcome[] };

interface Rollout {
  readonly release: string;
  readonly state: string;
  readonly wave: number;
  readonly waitsFor: readonly string[];
}

describe('waves', () => {
  let fleet: TestFleet;
  let worker: WorkerProcess;

  beforeAll(async () => {
    fleet = await createTestFleet(3);
    await appendFile(
      join(fleet.source, 'holdfast.yaml'),
      'rollout:\n  waves:\n    - { targets: [org/repo-000], wait: merged }\n    - { targets: [org/repo-001], wait: merged }\n',
    );
    worker = await startWorkerProcess({ cwd: fleet.source, data: join(fleet.folder, 'data') });
  }, 120_000);

  afterAll(async () => {
    await worker?.kill();
    await fleet?.[Symbol.asyncDispose]();
  });

  async function syncOf(detail: RegExp): Promise<WholeRun> {
    return eventually(async () => {
      const { answer } = await worker.api<{ runs: Run[] }>('/api/runs');
      const run = answer.runs.find(
        ({ kind, trigger, finishedAt }) =>
          kind === 'sync' && detail.test(trigger.detail) && finishedAt,
      );
      return run && (await worker.api<WholeRun>(`/api/runs/${run.id}`)).answer;
    });
  }

  async function rollout(): Promise<Rollout | undefined> {
    return (await worker.api<{ rollouts: Rollout[] }>('/api/rollouts')).answer.rollouts[0];
  }

  test('a release reaches the first wave alone', async () => {
    await worker.api('/api/runs', {});
    const run = await syncOf(/request by token/);
    expect(run.outcomes).toMatchObject([
      { target: 'org/repo-000', items: [{ outcome: 'opened' }] },
    ]);
    expect(await rollout()).toMatchObject({ release: 'v1.0.0', state: 'running', wave: 0 });
    expect((await rollout())?.waitsFor.join()).toContain('org/repo-000');
  });

  test('one that is halted opens nothing more', async () => {
    const halt = { action: 'halt', release: 'v1.0.0', reason: 'lunch' };
    expect(await worker.api('/api/rollouts', halt)).toMatchObject({ answer: { state: 'halted' } });
    const refused = await worker.api('/api/rollouts', {
      action: 'approve',
      release: 'v1.0.0',
      wave: 0,
    });
    expect(refused).toMatchObject({ status: 404, answer: { error: { code: 'no-rollout' } } });
    const resumed = await worker.api('/api/rollouts', { action: 'resume', release: 'v1.0.0' });
    expect(resumed).toMatchObject({ answer: { state: 'running', wave: 0 } });
  });

  test('one that is approved opens the next wave, once however often it is approved', async () => {
    const approve = { action: 'approve', release: 'v1.0.0', wave: 0 };
    expect(await worker.api('/api/rollouts', approve)).toMatchObject({ answer: { wave: 1 } });
    expect(await worker.api('/api/rollouts', approve)).toMatchObject({ answer: { wave: 1 } });
    const run = await syncOf(/wave 2 of 3 of v1\.0\.0/);
    expect(run.outcomes).toMatchObject([
      { target: 'org/repo-001', items: [{ outcome: 'opened' }] },
    ]);
    const { answer } = await worker.api<{ runs: Run[] }>('/api/runs');
    expect(answer.runs.filter(({ trigger }) => trigger.by === 'rollout')).toHaveLength(1);
  });

  test('a wrong body is refused with the reason', async () => {
    for (const body of [{ action: 'approve', release: 'v1.0.0' }, { action: 'explode' }])
      expect(await worker.api('/api/rollouts', body)).toMatchObject({
        status: 400,
        answer: { error: { code: 'bad-request' } },
      });
  });
});
