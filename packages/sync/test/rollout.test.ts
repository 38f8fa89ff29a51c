import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  abortRollout,
  advanceRollout,
  listRollouts,
  resumeRollout,
  streamWaves,
  syncFleet,
} from '../src/index.js';
import type { Fleet, Forge, RolloutStep } from '../src/index.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeEach(() => {
  world = createWorld();
  world.release('v1.0.0', { 'core/a.md': '# A\n\none\n' });
  for (const name of ['org/canary', 'org/api', 'org/web', 'org/late']) world.addTarget(name);
});
afterEach(() => world.close());

const rules = [{ id: 'docs', targets: ['org/*'] }];
const waves = [
  { targets: 'org/canary', wait: 'checks' },
  { targets: ['org/api', 'org/web'], wait: 'merged' },
];

interface Options {
  readonly rollout?: object;
  readonly clock?: () => Date;
  /** What the checks of a target's requests say. */
  readonly checks?: Record<string, 'passed' | 'failed' | 'pending'>;
}

function fleet({ rollout = { waves }, clock, checks = {} }: Options = {}): Fleet {
  const made = world.fleet(rules, { configuration: { rollout }, ...(clock ? { clock } : {}) });
  return {
    ...made,
    async openTarget(name) {
      const open = await made.openTarget(name);
      const verdict = checks[name];
      if (!verdict) return open;
      const forge: Forge = { ...open.forge, readiness: async () => ({ verdict }) };
      return { ...open, forge };
    },
  };
}

async function sync(of = fleet()): Promise<{ opened: string[]; step: RolloutStep }> {
  const stream = streamWaves(of);
  const opened: string[] = [];
  for await (const { plan, applied } of stream.items) {
    if (applied?.kind === 'opened') opened.push(plan.target);
  }
  const [step] = stream.rollouts();
  if (!step) throw new Error('no step');
  return { opened, step };
}

async function merge(...targets: string[]): Promise<void> {
  for (const target of targets) {
    const forge = await world.forge(target);
    const [request] = await forge.listOpen();
    if (!request) throw new Error(`nothing to merge in ${target}`);
    await forge.merge(request.id, { method: 'squash', expectedHead: request.headCommit });
  }
}

test('a release goes from wave to wave, and the source remembers where it is', async () => {
  const first = await sync();
  expect(first.opened).toEqual(['org/canary']);
  expect(first.step).toMatchObject({
    rollout: { release: 'v1.0.0', state: 'running', wave: 0 },
    due: ['org/canary'],
    waiting: ['org/api', 'org/web', 'org/late'],
    waitsFor: ['org/canary (docs): #1 is just opened'],
  });
  // Another machine knows nothing but the repositories.
  const second = await sync();
  expect(second.opened).toEqual(['org/api', 'org/web']);
  expect(second.step.waitsFor).toEqual([
    'org/api (docs): #1 is just opened',
    'org/web (docs): #1 is just opened',
  ]);
  await merge('org/api');
  const third = await sync();
  expect(third).toMatchObject({
    opened: [],
    step: { waitsFor: ['org/web (docs): #1 is to be merged'], waiting: ['org/late'] },
  });
  await merge('org/web', 'org/canary');
  expect((await sync()).opened).toEqual(['org/late']);
  const last = await sync();
  expect(last).toMatchObject({ opened: [], step: { rollout: { state: 'done' }, waiting: [] } });
  const before = world.git(world.sourceDirectory, 'rev-parse', 'refs/holdfast/rollouts');
  expect((await sync()).opened).toEqual([]);
  expect(world.git(world.sourceDirectory, 'rev-parse', 'refs/holdfast/rollouts')).toBe(before);
});

test('checks that fail halt it, resuming accepts them, and it says what to do', async () => {
  await sync();
  const halted = await sync(fleet({ checks: { 'org/canary': 'failed' } }));
  expect(halted).toMatchObject({
    opened: [],
    step: {
      due: [],
      rollout: {
        state: 'halted',
        reasons: [
          '1 of 1 targets failed (halt_on failed: 1)',
          'org/canary: docs: checks of #1 fail',
        ],
      },
    },
  });
  // It stays so, whatever the checks say meanwhile.
  expect((await sync(fleet({ checks: { 'org/canary': 'passed' } }))).opened).toEqual([]);
  await resumeRollout(fleet());
  const resumed = await sync(fleet({ checks: { 'org/canary': 'failed' } }));
  expect(resumed.opened).toEqual(['org/api', 'org/web']);
  expect(await resumeRollout(fleet())).toMatchObject({ state: 'running' });
});

test('checks that are under way hold it up, and so does a time', async () => {
  await sync();
  const pending = await sync(fleet({ checks: { 'org/canary': 'pending' } }));
  expect(pending.step.waitsFor).toEqual(['org/canary (docs): checks of #1 are under way']);

  world.release('v1.1.0', { 'core/a.md': '# A\n\ntwo\n' });
  const rollout = { waves: [{ targets: 'org/canary', wait: '24h' }] };
  const at = (time: string) => fleet({ rollout, clock: () => new Date(time) });
  expect((await sync(at('2026-06-01T12:00:00Z'))).opened).toEqual(['org/canary']);
  expect(await sync(at('2026-06-02T11:59:00Z'))).toMatchObject({
    opened: [],
    step: { waitsFor: ['wave 1 is open since 2026-06-01T12:00:00Z: 24h'] },
  });
  expect((await sync(at('2026-06-02T12:00:00Z'))).opened).toHaveLength(3);
});

test('a target that fails counts, and a share is one of those that were reached', async () => {
  const rollout = {
    waves: [{ targets: ['org/canary', 'org/api'], wait: 'merged' }],
    halt_on: { failed: '50%', conflict: 1 },
  };
  world.git(world.targetDirectory('org/api'), 'update-ref', '-d', 'refs/heads/main');
  const { step } = await sync(fleet({ rollout }));
  expect(step.rollout).toMatchObject({
    state: 'halted',
    troubles: { 'org/api': { kind: 'failed' } },
  });
  expect(step.rollout.reasons[0]).toBe('1 of 2 targets failed (halt_on failed: 50%)');
});

test('conflicts halt it by a limit of their own', async () => {
  world.commit('org/canary', { 'docs/a.md': '# A\n\nmine\n' });
  const halt_on = { conflict: '10%' };
  await sync(fleet({ rollout: { waves, halt_on } }));
  const { step } = await sync(fleet({ rollout: { waves, halt_on } }));
  expect(step.rollout).toMatchObject({
    state: 'halted',
    reasons: [
      '1 of 1 targets in conflict (halt_on conflict: 10%)',
      'org/canary: docs: #1 conflicts in docs/a.md',
    ],
  });
});

test('a wave with nothing to do holds up nobody', async () => {
  const { rollout: _, ...plain } = fleet().configuration;
  await syncFleet({ ...fleet(), configuration: plain }, { targets: ['org/canary'] });
  await merge('org/canary');
  expect((await sync()).opened).toEqual(['org/api', 'org/web']);
});

test('a newer release takes its place', async () => {
  await sync();
  world.release('v1.1.0', { 'core/a.md': '# A\n\ntwo\n' });
  expect((await sync()).opened).toEqual(['org/canary']);
  expect(await listRollouts(fleet())).toMatchObject([
    { release: 'v1.1.0', state: 'running', wave: 0 },
    { release: 'v1.0.0', state: 'superseded', reasons: ['by v1.1.0'] },
  ]);
});

test('aborting closes what is open, and offers the way back of what was merged', async () => {
  await syncFleet({
    ...fleet(),
    configuration: fleet({ rollout: { waves: [{ targets: '*/*' }] } }).configuration,
  });
  await merge('org/canary', 'org/api', 'org/web', 'org/late');
  world.release('v1.1.0', { 'core/a.md': '# A\n\ntwo\n' });
  await sync();
  await merge('org/canary');
  await sync();
  const aborted = await abortRollout(fleet(), { reason: 'It breaks the build' });
  expect(aborted).toMatchObject({
    rollout: { release: 'v1.1.0', state: 'aborted', reasons: ['It breaks the build'] },
    closed: [{ target: 'org/api' }, { target: 'org/web' }],
    failed: [],
    offers: [{ to: 'v1.0.0', rules: ['docs'], targets: ['org/canary'] }],
  });
  expect(await sync()).toMatchObject({ opened: [], step: { due: [] } });
  await expect(resumeRollout(fleet())).rejects.toMatchObject({ code: 'no-rollout' });
  await expect(resumeRollout(fleet(), { release: 'v1.1.0' })).rejects.toThrow('was given up');
});

test('two at once leave one state', async () => {
  const steps = await Promise.all([1, 2, 3].map(() => advanceRollout(fleet())));
  expect(new Set(steps.map(([step]) => JSON.stringify(step?.rollout))).size).toBe(1);
  expect(await listRollouts(fleet())).toHaveLength(1);
});
