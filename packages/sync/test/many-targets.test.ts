import { afterEach, beforeEach, expect, test } from 'vitest';
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
