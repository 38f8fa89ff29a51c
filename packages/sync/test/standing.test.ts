import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  detectDrift,
  findOrphans,
  listConflicts,
  planSync,
  pruneOrphans,
  readStatus,
  resolveInTarget,
  syncFleet,
  verifyFleet,
} from '../src/index.js';
import type { PlannedItem } from '../src/index.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

const target = 'org/webapp';
const rule: RuleText = { id: 'webapp' };
let world: World;
beforeEach(() => {
  world = createWorld();
  world.addTarget(target);
  world.release('v1.0.0', { 'core/a.md': 'A\n', 'core/b.md': 'B\n' });
});
afterEach(() => world.close());

async function mergeAll() {
  const forge = await world.forge(target);
  for (const { id, headCommit: expectedHead } of await forge.listOpen())
    await forge.merge(id, { method: 'merge', expectedHead });
}

async function deliver(...rules: readonly RuleText[]) {
  const result = await syncFleet(world.fleet(rules));
  await mergeAll();
  return result;
}

/** What every command says of the target, one word each. */
async function standing(...rules: readonly RuleText[]) {
  const fleet = world.fleet(rules);
  const [drift, verified, status, plan] = [
    await detectDrift(fleet),
    await verifyFleet(fleet),
    await readStatus(fleet),
    (await planSync(fleet)).items as PlannedItem[],
  ];
  return rules.map(({ id }, index) => ({
    rule: id,
    drift: drift[index]?.kind,
    verify: verified[index]?.kind,
    status: status[index]?.status,
    plan: plan[index]?.kind,
  }));
}

const fine = { drift: 'in-sync', verify: 'verified', status: 'Current', plan: 'current' };

describe('what drift says will happen', () => {
  test.each([
    ['an edit', {}, { 'docs/a.md': 'mine\n' }, 'modified', 'merged'],
    ['an edit under block', { on_drift: 'block' }, { 'docs/a.md': 'mine\n' }, 'modified', 'blocks'],
    [
      'an edit under overwrite',
      { on_drift: 'overwrite' },
      { 'docs/a.md': 'mine\n' },
      'modified',
      'overwritten',
    ],
    ['a deletion', {}, { 'docs/a.md': null }, 'missing', 'recreated-later'],
    [
      'a deletion under always',
      { recreate: 'always' },
      { 'docs/a.md': null },
      'missing',
      'recreated',
    ],
  ] as const)('is so: %s', async (_, more, change, state, next) => {
    await deliver({ ...rule, ...more });
    world.commit(target, change);
    expect(await detectDrift(world.fleet([{ ...rule, ...more }]))).toMatchObject([
      { kind: 'drifted', drifted: [{ path: 'docs/a.md', state, next }] },
    ]);
    const before = world.files(target)['docs/a.md'];
    const now = await planSync(world.fleet([{ ...rule, ...more }]));
    const kinds = {
      merged: 'current',
      blocks: 'blocked',
      overwritten: 'changed',
      recreated: 'changed',
      'recreated-later': 'current',
    };
    expect(now.items[0]?.kind).toBe(kinds[next]);
    world.release('v1.1.0', { 'core/b.md': 'B2\n' });
    await deliver({ ...rule, ...more });
    const after = world.files(target)['docs/a.md'];
    expect(after).toBe(next === 'merged' || next === 'blocks' ? before : 'A\n');
  });
});

describe('status of a target that on_drift: block holds back', () => {
  test('is what it has, and Drifted, never Current with the new release', async () => {
    const block = { ...rule, on_drift: 'block' };
    await deliver(block);
    world.commit(target, { 'docs/a.md': 'mine\n' });
    world.release('v1.1.0', { 'core/a.md': 'A2\n', 'core/b.md': 'B2\n' });
    await deliver(block);
    expect(await readStatus(world.fleet([block]))).toMatchObject([
      { status: 'Drifted', version: 'v1.0.0', releasesBehind: 1 },
    ]);
  });
});

describe('one answer for drift', () => {
  test.each([
    ['a deletion that recreate: never respects', { recreate: 'never' }, { 'docs/a.md': null }],
    [
      'a delivered path equal to its override',
      {},
      { 'docs/a.md': 'mine\n', '.agent33-overrides/docs/a.md': 'mine\n' },
    ],
    ['a protected file', { protect: ['docs/a.md'] }, { 'docs/a.md': 'mine\n' }],
  ])('%s is none, for anyone', async (_, more, change) => {
    const own = { ...rule, ...more, auto_merge: true };
    await deliver(rule);
    world.commit(target, change);
    await deliver(own);
    expect(await standing(own)).toEqual([{ rule: 'webapp', ...fine }]);
    world.release('v1.1.0', { 'core/b.md': 'B2\n' });
    expect(await syncFleet(world.fleet([own]))).toMatchObject({
      items: [{ applied: { kind: 'merged' } }],
    });
    expect(world.files(target)['docs/a.md']).toBe(change['docs/a.md'] ?? undefined);
  });

  test('an edit is drift for all, and no request with it is merged by itself', async () => {
    const own = { ...rule, auto_merge: true };
    await deliver(own);
    world.commit(target, { 'docs/a.md': 'mine\n' });
    expect(await standing(own)).toEqual([
      { rule: 'webapp', drift: 'drifted', verify: 'differs', status: 'Drifted', plan: 'current' },
    ]);
    world.release('v1.1.0', { 'core/b.md': 'B2\n' });
    const result = await syncFleet(world.fleet([own]));
    expect(result).toMatchObject({ items: [{ applied: { kind: 'opened' } }] });
    const { items } = await planSync(world.fleet([own]));
    expect(items).toMatchObject([
      { request: { body: expect.stringContaining("accepts it as the target's own") } },
    ]);
  });

  test('an edit that a merged request listed is customised from then on', async () => {
    await deliver(rule);
    world.commit(target, { 'docs/a.md': 'mine\n' });
    world.release('v1.1.0', { 'core/b.md': 'B2\n' });
    await deliver(rule);
    expect(world.files(target)['docs/a.md']).toBe('mine\n');
    expect(await standing(rule)).toEqual([{ rule: 'webapp', ...fine }]);
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([
      { kind: 'in-sync', customised: [{ path: 'docs/a.md', how: 'edited' }] },
    ]);
    expect(await readStatus(world.fleet([rule]))).toMatchObject([
      {
        status: 'Current',
        customised: 1,
        customisedFiles: [{ path: 'docs/a.md', how: 'edited' }],
      },
    ]);
    // The base is kept: what upstream changes later is merged as ever.
    world.release('v1.2.0', { 'core/a.md': 'A\nmore\n' });
    const { items } = await planSync(world.fleet([rule]));
    expect(items).toMatchObject([{ outcomes: [{ kind: 'conflicted' }, { kind: 'unchanged' }] }]);
  });

  test('overridden and merged files stay in view', async () => {
    await deliver(rule);
    world.commit(target, { '.agent33-overrides/docs/a.md': 'ours\n' });
    await deliver(rule);
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([
      {
        kind: 'in-sync',
        customised: [
          { path: 'docs/a.md', how: 'overridden', override: '.agent33-overrides/docs/a.md' },
        ],
      },
    ]);
  });
});

describe('verify fails only where a command helps', () => {
  test('a file that moved between two rules by filters is the other rule’s', async () => {
    const one = { ...rule, id: 'one' };
    const two = { ...rule, id: 'two', source: 'core/b.md' };
    await deliver({ ...one });
    const first = { ...one, filters: { exclude: ['core/b.md'] } };
    await deliver(first, two);
    expect(await standing(first, two)).toEqual([
      { rule: 'one', ...fine },
      { rule: 'two', ...fine },
    ]);
    world.release('v1.1.0', { 'core/b.md': 'B2\n' });
    await deliver(first, two);
    expect(world.files(target)['docs/b.md']).toBe('B2\n');
    expect(await standing(first, two)).toEqual([
      { rule: 'one', ...fine },
      { rule: 'two', ...fine },
    ]);
  });

  test('a protected file in conflict is nobody’s to decide', async () => {
    await deliver(rule);
    world.commit(target, { 'docs/a.md': 'mine\n' });
    world.release('v1.1.0', { 'core/a.md': 'theirs\n' });
    await deliver(rule);
    expect((await standing(rule))[0]).toMatchObject({ status: 'Conflict', verify: 'differs' });
    const own = { ...rule, protect: ['docs/a.md'] };
    expect(await standing(own)).toEqual([{ rule: 'webapp', ...fine }]);
  });
});

describe('what is remembered', () => {
  test('a tag that moves before the first merge is refused', async () => {
    await syncFleet(world.fleet([rule]));
    const before = world.refs(target);
    world.release('v1.0.0', { 'core/a.md': 'planted\n' });
    expect(await syncFleet(world.fleet([rule]))).toMatchObject({
      items: [{ plan: { kind: 'blocked', findings: [{ ruleId: 'release/moved-tag' }] } }],
    });
    expect(world.refs(target)).toBe(before);
    expect(await syncFleet(world.fleet([rule]), { acceptMovedTag: true })).toMatchObject({
      items: [{ applied: { kind: 'updated' } }],
    });
  });

  describe('a modify/delete conflict', () => {
    beforeEach(async () => {
      await deliver(rule);
      world.commit(target, { 'docs/a.md': 'mine\n' });
      world.release('v1.1.0', { 'core/a.md': null });
      await deliver(rule);
    });

    test('waits for a decision after the merge, release after release', async () => {
      const waits = [
        {
          rule: 'webapp',
          drift: 'drifted',
          verify: 'differs',
          status: 'Conflict',
          plan: 'current',
        },
      ];
      expect(await standing(rule)).toEqual(waits);
      world.release('v1.2.0', { 'core/b.md': 'B2\n' });
      await deliver(rule);
      expect(await standing(rule)).toEqual(waits);
      const repository = await world.fleet([rule]).openTarget(target);
      expect(await listConflicts(repository.repository, 'main', { namespace: 'agent33' })).toEqual([
        'docs/a.md',
      ]);
      expect(world.files(target)['docs/a.md']).toBe('mine\n');
    });

    test.each([
      ['as-is', 'mine\n'],
      ['theirs', undefined],
    ] as const)('is decided by resolve: %s', async (take, left) => {
      await resolveInTarget(world.fleet([rule]), target, 'docs/a.md', {
        take,
        decision: 'as we want it',
        resolvedBy: 'Ada',
        date: new Date('2026-06-01T12:00:00Z'),
        signature: { name: 'Ada', email: 'ada@example.com', timestamp: 1_780_000_000 },
      });
      expect(world.files(target)['docs/a.md']).toBe(left);
      expect(world.files(target)['DECISIONS.md']).toContain('file: "docs/a.md"');
      expect(await standing(rule)).toEqual([{ rule: 'webapp', ...fine }]);
    });

    test.each([
      ['deleting it', null],
      ['editing it', 'mine, for good\n'],
    ])('is decided by %s', async (_, content) => {
      world.commit(target, { 'docs/a.md': content });
      expect(await standing(rule)).toEqual([{ rule: 'webapp', ...fine }]);
    });

    test('is over when upstream delivers the file again: both are merged', async () => {
      world.release('v1.2.0', { 'core/a.md': 'A\n' });
      await deliver(rule);
      expect(world.files(target)['docs/a.md']).toBe('mine\n');
      expect(await standing(rule)).toEqual([{ rule: 'webapp', ...fine }]);
    });
  });

  test('a rule that delivers nothing was never synced, for all', async () => {
    const nothing = { ...rule, source: 'nowhere/**' };
    expect(await standing(nothing)).toEqual([
      {
        rule: 'webapp',
        drift: 'never-synced',
        verify: 'never-synced',
        status: 'Never synced',
        plan: 'current',
      },
    ]);
  });
});

describe('what a rule that is gone has left', () => {
  const other: RuleText = { id: 'other', source: 'core/b.md', target_path: 'other/' };
  beforeEach(async () => {
    await deliver({ ...rule, source: 'core/a.md' }, other);
  });

  test('is said by plan and status, also where no rule is left', async () => {
    const { items } = await planSync(world.fleet([{ ...rule, source: 'core/a.md' }]));
    expect(items).toMatchObject([
      { kind: 'current', findings: [{ ruleId: 'target/gone-rule', data: { rule: 'other' } }] },
    ]);
    expect(await readStatus(world.fleet([{ ...rule, source: 'core/a.md' }]))).toMatchObject([
      { status: 'Current', goneRules: ['other'] },
    ]);
    expect(await findOrphans(world.fleet([]))).toMatchObject([
      { rule: 'other', files: [{ path: 'other/b.md', state: 'as-delivered' }] },
      { rule: 'webapp', files: [{ path: 'docs/a.md', state: 'as-delivered' }] },
    ]);
  });

  test('is removed by a request, but for what people changed or a manifest only claims', async () => {
    const state = '.agent33-sync-state/other/manifest.json';
    const forged = JSON.parse(world.files(target)[state] ?? '');
    const readme = world.git(world.targetDirectory(target), 'rev-parse', 'main:README.md');
    forged.files['README.md'] = { ...forged.files['other/b.md'], oid: readme };
    const files = Object.fromEntries(Object.entries(forged.files).sort());
    world.commit(target, { [state]: `${JSON.stringify({ ...forged, files }, null, 2)}\n` });
    const kept = { ...rule, source: 'core/a.md' };
    const before = world.files(target);
    expect(await pruneOrphans(world.fleet([kept]))).toMatchObject([
      {
        rule: 'other',
        files: [
          { path: 'README.md', state: 'unproven' },
          { path: 'other/b.md', state: 'as-delivered' },
        ],
        applied: { kind: 'opened', request: { autoMerge: false } },
      },
    ]);
    expect(world.files(target)).toEqual(before);
    expect(await pruneOrphans(world.fleet([kept]))).toMatchObject([
      { applied: { kind: 'unchanged' } },
    ]);
    await mergeAll();
    const { [state]: _, 'other/b.md': __, ...rest } = before;
    expect(world.files(target)).toEqual(rest);
    expect(await findOrphans(world.fleet([kept]))).toEqual([]);
  });
});

test('an override that lies where it overrides nothing is named with the place that works', async () => {
  world.release('v1.1.0', { 'core/sub/c.md': 'C\n' });
  await deliver(rule);
  world.commit(target, { '.agent33-overrides/sub/c.md': 'ours\n' });
  const { items } = await planSync(world.fleet([rule]));
  expect(items).toMatchObject([
    {
      kind: 'current',
      findings: [
        {
          ruleId: 'target/stray-override',
          path: '.agent33-overrides/sub/c.md',
          data: { delivered: 'docs/sub/c.md', place: '.agent33-overrides/docs/sub/c.md' },
        },
      ],
    },
  ]);
  const own = { ...rule, override_root: 'docs/' };
  expect((await planSync(world.fleet([own]))).items).toMatchObject([
    { kind: 'changed', findings: [] },
  ]);
});
