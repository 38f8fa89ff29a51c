import { afterEach, beforeEach, expect, test } from 'vitest';
import { commentImpact, findImpact, syncFleet } from '../src/index.js';
import type { Fleet, ImpactCache, ImpactItem, ImpactOptions, ToldImpact } from '../src/index.js';
import { watchTraffic } from './watch-repository.js';
import type { Traffic } from './watch-repository.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeEach(() => {
  world = createWorld();
  world.release('v1.0.0', {
    'core/a.md': '# A\n\none\n\ntwo\n',
    'core/b.md': '# B\n',
    'models/loan.json': '{"fields":{"amount":"number"}}\n',
  });
  for (const name of ['org/webapp', 'org/api']) world.addTarget(name);
});
afterEach(() => world.close());

const rules = [
  { id: 'docs', targets: ['org/webapp', 'org/api'] },
  { id: 'models', source: 'models/**', target_repo: 'org/api', target_path: 'models/' },
];

function fleet(): Fleet {
  return world.fleet(rules);
}

async function deliver(): Promise<void> {
  await syncFleet(fleet());
  for (const name of ['org/webapp', 'org/api']) {
    const forge = await world.forge(name);
    for (const { id, headCommit } of await forge.listOpen()) {
      await forge.merge(id, { method: 'squash', expectedHead: headCommit });
    }
  }
}

async function impactOf(options: Partial<ImpactOptions> = {}, of = fleet()): Promise<ToldImpact> {
  const found = await findImpact(of, { base: 'main', head: 'tidy', ...options });
  return { ...found, items: await Array.fromAsync(found.items) };
}

test('only what the branch changes is told, and only where it arrives', async () => {
  await deliver();
  world.git(world.sourceDirectory, 'branch', 'tidy', 'main');
  world.release(undefined, { 'core/a.md': '# A\n\nONE\n\ntwo\n' }, { branch: 'tidy' });
  // What lies on main meanwhile is not the branch's doing.
  world.release(undefined, { 'core/b.md': '# B!\n' });
  world.commit('org/webapp', { 'docs/a.md': '# A\n\nmine\n\ntwo\n' });
  const before = [world.refs('org/webapp'), world.refs('org/api')];

  const impact = await impactOf();
  expect(impact).toMatchObject({
    base: { name: 'main' },
    head: { name: 'tidy' },
    sourceConflicts: [],
    unaffected: [{ rule: 'models', target: 'org/api' }],
    items: [
      {
        kind: 'affected',
        rule: 'docs',
        target: 'org/webapp',
        conflicts: 1,
        files: [{ path: 'docs/a.md', kind: 'conflicted', drifted: true }],
      },
      {
        rule: 'docs',
        target: 'org/api',
        conflicts: 0,
        blocked: false,
        files: [{ path: 'docs/a.md', kind: 'updated', source: 'core/a.md' }],
      },
    ],
  });
  expect([world.refs('org/webapp'), world.refs('org/api')]).toEqual(before);
});

test('the branch is looked at as merged: what only main has is kept, and what both changed is told', async () => {
  await deliver();
  world.git(world.sourceDirectory, 'branch', 'tidy', 'main');
  world.release(
    undefined,
    { 'core/a.md': '# A\n\nONE\n\ntwo\n', 'core/b.md': '# theirs\n' },
    { branch: 'tidy' },
  );
  world.release(undefined, { 'core/a.md': '# A\n\none\n\nTWO\n', 'core/b.md': '# ours\n' });
  const impact = await impactOf({ rules: ['docs'], targets: ['org/api'] });
  expect(impact.sourceConflicts).toEqual(['core/b.md']);
  expect(impact.items).toMatchObject([
    {
      files: [
        { path: 'docs/a.md', kind: 'updated' },
        { path: 'docs/b.md', kind: 'updated' },
      ],
    },
  ]);
});

test('gates that would fail, and what models come to mean', async () => {
  await deliver();
  world.git(world.sourceDirectory, 'branch', 'tidy', 'main');
  world.release(
    undefined,
    {
      'core/a.md': '# A\n\n[gone](nowhere.md)\n',
      'models/loan.json': '{"fields":{"amount":"integer"}}\n',
    },
    { branch: 'tidy' },
  );
  const { items } = await impactOf({ targets: ['org/api'] });
  expect(items).toMatchObject([
    { rule: 'docs', findings: [{ path: 'docs/a.md', severity: 'warning' }], meaning: [] },
    {
      rule: 'models',
      meaning: [{ rule: 'type.narrowed', severity: 'breaking', path: 'models/loan.json' }],
    },
  ]);
});

test('one comment on the request of the source is kept up to date', async () => {
  await deliver();
  const source = await world.sourceForge();
  world.git(world.sourceDirectory, 'branch', 'tidy', 'main');
  const commit = world.release(undefined, { 'core/b.md': '# B!\n' }, { branch: 'tidy' });
  const withForge = { ...fleet(), sourceForge: source };
  expect(await commentImpact(withForge, await impactOf())).toEqual({ kind: 'no-request' });
  const { request } = await source.open({
    title: 'Tidy',
    body: '',
    head: 'tidy',
    base: 'main',
    headCommit: commit,
  });
  for (const _ of [1, 2]) {
    expect(await commentImpact(withForge, await impactOf({ head: commit }))).toEqual({
      kind: 'commented',
      request: { number: request.number },
    });
  }
  const { comments } = (await source.get(request.id)) ?? {};
  expect(comments).toHaveLength(1);
  expect(comments?.[0]?.body).toContain('2 targets would get something else');
});

test('a target at the same head is not planned twice, and a rule without change opens none', async () => {
  await deliver();
  world.git(world.sourceDirectory, 'branch', 'tidy', 'main');
  world.release(undefined, { 'core/b.md': '# B!\n' }, { branch: 'tidy' });
  const kept = new Map<string, ImpactItem>();
  const cache: ImpactCache = {
    get: async (key) => kept.get(key),
    set: async (key, item) => void kept.set(key, item),
  };
  const first = await impactOf({ cache });
  expect(kept.size).toBe(2);
  const traffic: Traffic[] = [];
  const again = await impactOf(
    { cache },
    world.fleet(rules, {
      wrapTarget: (repository) => {
        const watched = watchTraffic(repository);
        traffic.push(watched.traffic);
        return watched.repository;
      },
    }),
  );
  expect(again.items).toEqual(first.items);
  expect(traffic).toEqual([
    { blobs: [], snapshots: 0, commits: [], refs: 0 },
    { blobs: [], snapshots: 0, commits: [], refs: 0 },
  ]);
  world.commit('org/api', { 'docs/b.md': '# mine\n' });
  expect((await impactOf({ cache })).items).toMatchObject([{ conflicts: 0 }, { conflicts: 1 }]);
});

test('unknown revisions are refused', async () => {
  await expect(impactOf({ head: 'nowhere' })).rejects.toMatchObject({ code: 'unknown-revision' });
});
