import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  parsePlan,
  planSync,
  readStatus,
  savePlan,
  serializePlan,
  syncFleet,
  verifyFleet,
} from '../src/index.js';
import { watchTraffic } from './watch-repository.js';
import type { Traffic } from './watch-repository.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

let world: World;
let source: Traffic;
beforeEach(() => {
  world = createWorld();
  world.release('v1.0.0', { 'core/a.md': '# A\n\nSee [b](b.md).\n', 'core/b.md': '# B\n' });
  for (const name of ['org/web', 'org/api', 'org/old']) world.addTarget(name);
});
afterEach(() => world.close());

const targets = {
  'org/web': { labels: { tier: 1 }, variables: { area: 'shop' } },
  'org/api': { labels: { tier: 2 }, variables: { area: 'core' } },
  'org/old': { labels: ['frozen'] },
};

function fleet(...rules: RuleText[]) {
  return world.fleet(rules, {
    configuration: {
      targets: Object.fromEntries(
        Object.entries(targets).map(([name, more]) => [
          name,
          { url: world.targetDirectory(name), ...more },
        ]),
      ),
    },
    wrapSource: (repository) => {
      const watched = watchTraffic(repository);
      source = watched.traffic;
      return watched.repository;
    },
  });
}

const everyone: RuleText = {
  id: 'all',
  targets: { labels: { tier: [1, 2] } },
  target_path: 'docs/{repo}/{area}/',
};

test('one rule reaches every target that it chooses, each at its own path', async () => {
  const result = await syncFleet(fleet(everyone));
  expect(result).toMatchObject({
    kind: 'synced',
    items: [
      { plan: { rule: 'all', target: 'org/web' }, applied: { kind: 'opened' } },
      { plan: { rule: 'all', target: 'org/api' }, applied: { kind: 'opened' } },
    ],
  });
  const branch = 'agent33-sync/v1.0.0/all';
  expect(world.files('org/web', branch)).toMatchObject({ 'docs/web/shop/b.md': '# B\n' });
  expect(world.files('org/api', branch)).toMatchObject({
    'docs/api/core/a.md': '# A\n\nSee [b](b.md).\n',
  });
  expect(world.refs('org/old')).not.toContain('agent33-sync');
});

test('what many targets receive is read once', async () => {
  await planSync(fleet(everyone));
  expect(source.blobs).toHaveLength(2);
});

test('status, verify and a saved plan tell the targets of one rule apart', async () => {
  await syncFleet(fleet(everyone));
  world.git(
    world.targetDirectory('org/web'),
    'update-ref',
    'refs/heads/main',
    'agent33-sync/v1.0.0/all',
  );
  const rows = await readStatus(fleet(everyone));
  expect(rows.map(({ target, status }) => [target, status])).toEqual([
    ['org/web', 'Current'],
    ['org/api', 'Never synced'],
  ]);
  expect((await verifyFleet(fleet(everyone))).map((item) => [item.target, item.kind])).toEqual([
    ['org/web', 'verified'],
    ['org/api', 'never-synced'],
  ]);

  world.release('v1.1.0', { 'core/b.md': '# B, better\n' });
  const chosen = { targets: ['org/api'] };
  const plan = savePlan(fleet(everyone), await planSync(fleet(everyone), chosen));
  const saved = parsePlan(serializePlan(plan), { file: 'plan.json' });
  const result = await syncFleet(fleet(everyone), { plan: saved });
  expect(result).toMatchObject({ kind: 'synced', items: [{ plan: { target: 'org/api' } }] });
  expect(world.refs('org/web')).not.toContain('v1.1.0');
  expect(world.refs('org/api')).toContain('v1.1.0');
});

test('a target that several rules reach keeps what each delivers', async () => {
  const rules: RuleText[] = [
    everyone,
    { id: 'one', target_repo: 'org/web', source: 'core/b.md', target_path: 'more/' },
  ];
  const { items } = await planSync(fleet(...rules));
  expect(items.map(({ rule, target, kind }) => [rule, target, kind])).toEqual([
    ['all', 'org/web', 'changed'],
    ['one', 'org/web', 'changed'],
    ['all', 'org/api', 'changed'],
  ]);
});

describe('rules of one group', () => {
  const group: RuleText[] = [
    { id: 'a', group: 'standards', target_repo: 'org/web', source: 'core/a.md' },
    { id: 'b', group: 'standards', target_repo: 'org/web', source: 'core/b.md', labels: ['b'] },
    { id: 'other', target_repo: 'org/web', source: 'core/b.md', target_path: 'more/' },
  ];
  const branch = 'agent33-sync/v1.0.0/standards';

  test('share a branch, a commit and a request', async () => {
    const result = await syncFleet(fleet(...group));
    expect(result).toMatchObject({
      items: [
        { plan: { rule: 'a' }, applied: { kind: 'opened', request: { number: 1 } } },
        { plan: { rule: 'b' }, applied: { kind: 'opened', request: { number: 1 } } },
        { plan: { rule: 'other' }, applied: { kind: 'opened', request: { number: 2 } } },
      ],
    });
    expect(Object.keys(world.files('org/web', branch))).toEqual([
      '.agent33-sync-state/a/manifest.json',
      '.agent33-sync-state/b/manifest.json',
      'README.md',
      'docs/a.md',
      'docs/b.md',
    ]);
    const directory = world.targetDirectory('org/web');
    expect(world.git(directory, 'log', '-1', '--format=%B', branch)).toMatchInlineSnapshot(`
      "sync(agent33): Update standards from v1.0.0

      a: 1 added, 0 modified, 0 removed.
      b: 1 added, 0 modified, 0 removed.

      Holdfast-Rule: a
      Holdfast-Rule: b
      Holdfast-Group: standards
      Holdfast-Source: agent-33/AGENT-33@bdfcdddf9cc789228fa3a8a124a0a4ed99578d9c
      Holdfast-Ref: v1.0.0"
    `);
    const [request] = await (await world.forge('org/web')).findByHead(branch);
    expect(request).toMatchObject({
      title: 'sync(agent33): Update standards from v1.0.0',
      labels: ['agent33-sync', 'auto-generated', 'b'],
    });
    const body = (await (await world.forge('org/web')).get('1'))?.body;
    expect(body).toContain('**Sync rule:** a');
    expect(body).toContain('**Sync rule:** b');
  });

  test('a second run writes nothing, and the next release supersedes it', async () => {
    await syncFleet(fleet(...group));
    const before = world.refs('org/web');
    expect(await syncFleet(fleet(...group))).toMatchObject({
      items: [
        { applied: { kind: 'unchanged' } },
        { applied: { kind: 'unchanged' } },
        { applied: { kind: 'unchanged' } },
      ],
    });
    expect(world.refs('org/web')).toBe(before);

    world.release('v1.1.0', { 'core/a.md': '# A, better\n' });
    await syncFleet(fleet(...group));
    const forge = await world.forge('org/web');
    expect((await forge.listOpen()).map(({ head }) => head)).toEqual([
      'agent33-sync/v1.1.0/other',
      'agent33-sync/v1.1.0/standards',
    ]);
  });

  test('a rule that comes into a group leaves its own request', async () => {
    const [a, b] = group as [RuleText, RuleText];
    const { group: _group, ...alone } = a;
    await syncFleet(fleet(alone));
    await syncFleet(fleet(a, b));
    const forge = await world.forge('org/web');
    expect((await forge.listOpen()).map(({ head }) => head)).toEqual([branch]);
  });

  test('with a commit of someone else on its branch, the request is left alone', async () => {
    await syncFleet(fleet(...group));
    world.commit('org/web', { 'docs/a.md': '# Mine\n' }, { branch });
    world.release('v1.0.0', { 'core/b.md': '# B, moved\n' });
    const result = await syncFleet(fleet(...group), { acceptMovedTag: true });
    expect(result).toMatchObject({
      items: [
        { applied: { kind: 'foreign-commits' } },
        { applied: { kind: 'foreign-commits' } },
        {},
      ],
    });
  });
});
