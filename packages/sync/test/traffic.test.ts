import type { Repository } from '@holdfast/git';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectDrift, planSync, readStatus, syncFleet } from '../src/index.js';
import { watchTraffic } from './watch-repository.js';
import type { Traffic } from './watch-repository.js';
import { createWorld } from './world.js';
import type { Files, RuleText, World } from './world.js';

let world: World;
let source: Traffic;
let targets: Map<string, Traffic>;
beforeEach(() => {
  world = createWorld();
  targets = new Map();
});
afterEach(() => world.close());

/** A fleet that tallies what goes over its repositories. */
function watchedFleet(rules: RuleText[]) {
  targets.clear();
  return world.fleet(rules, {
    wrapSource: (repository) => {
      const watched = watchTraffic(repository);
      source = watched.traffic;
      return watched.repository;
    },
    wrapTarget: (repository: Repository, name) => {
      const watched = watchTraffic(repository);
      targets.set(name, watched.traffic);
      return watched.repository;
    },
  });
}

const documents = (count: number, text = 'text'): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `core/d${index % 20}/f${index}.md`,
      `# ${index} ${text}\n`,
    ]),
  );
const rule = { id: 'webapp', auto_merge: true };
const linked = { ...rule, transforms: [{ strip_internal_links: true }] };

test.each([
  ['plain', rule],
  ['transformed', linked],
])(
  'a run with nothing to do reads no content but the manifest, and writes nothing (%s)',
  async (_, one) => {
    world.release('v1.0.0', { ...documents(50), 'core/x.md': '[a](d0/f0.md)\n' });
    world.addTarget('org/webapp');
    await syncFleet(world.fleet([one]));
    const result = await syncFleet(watchedFleet([one]));
    expect(result).toMatchObject({ items: [{ plan: { kind: 'current' } }] });
    expect(source.blobs).toEqual([]);
    const manifest = world.git(
      world.targetDirectory('org/webapp'),
      'rev-parse',
      'main:.agent33-sync-state/webapp/manifest.json',
    );
    expect(targets.get('org/webapp')).toEqual({
      blobs: [manifest],
      snapshots: 1,
      commits: [],
      refs: 0,
    });
  },
);

test('drift and status read trees and the manifest alone', async () => {
  world.release('v1.0.0', documents(200));
  world.addTarget('org/webapp');
  await syncFleet(world.fleet([rule]));
  world.commit('org/webapp', { 'docs/d1/f1.md': 'edited\n' });
  expect(await detectDrift(watchedFleet([rule]))).toMatchObject([
    { kind: 'drifted', drifted: [{}] },
  ]);
  expect(targets.get('org/webapp')).toMatchObject({ snapshots: 1, blobs: [expect.any(String)] });
  expect(await readStatus(watchedFleet([rule]))).toMatchObject([{ status: 'Drifted', drifted: 1 }]);
  expect(source.blobs).toEqual([]);
});

test('ten changed files of two thousand are ten blobs, the manifest, and the trees on their paths', async () => {
  world.release('v1.0.0', documents(2000));
  world.addTarget('org/webapp');
  await syncFleet(world.fleet([rule]));
  world.release(
    'v1.1.0',
    Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`core/d3/f${3 + 20 * n}.md`, 'new\n' + n]),
    ),
  );
  const result = await syncFleet(watchedFleet([{ ...rule, auto_merge: false }]));
  expect(result).toMatchObject({ items: [{ applied: { kind: 'opened' } }] });
  expect(source.blobs).toHaveLength(10);
  // docs/d3, docs, .agent33-sync-state/webapp, .agent33-sync-state and the root.
  expect(targets.get('org/webapp')?.commits[0]).toEqual({ blobs: 11, trees: 5 });
});

test.each([
  ['plain', {}],
  ['transformed', { transforms: [{ strip_internal_links: true }] }],
])('a release for many targets reads each source file once (%s)', async (_, settings) => {
  world.release('v1.0.0', documents(30));
  const rules = Array.from({ length: 6 }, (_, index) => {
    world.addTarget(`org/target-${index}`);
    return { id: `rule-${index}`, target_repo: `org/target-${index}`, ...settings };
  });
  await syncFleet(watchedFleet(rules));
  expect(source.blobs).toHaveLength(30);
  expect(new Set(source.blobs).size).toBe(30);
  expect(source.snapshots).toBe(1);
});

test('planning writes nothing', async () => {
  world.release('v1.0.0', documents(5));
  world.addTarget('org/webapp');
  await planSync(watchedFleet([rule]));
  expect(targets.get('org/webapp')).toMatchObject({ commits: [], refs: 0 });
});
