import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectDrift, planSync, readStatus, syncFleet } from '../src/index.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const rule = { id: 'webapp' };

test('a release is delivered as a change request, and a second run writes nothing', async () => {
  world.release('v1.0.0', { 'core/a.md': '# A\n', 'core/sub/b.md': '# B\n', 'other.md': 'no\n' });
  world.addTarget('org/webapp');
  const plan = await planSync(world.fleet([rule]));
  expect(plan.items.map(({ kind }) => kind)).toEqual(['changed']);

  const first = await syncFleet(world.fleet([rule]));
  expect(first).toMatchObject({
    kind: 'synced',
    items: [{ applied: { kind: 'opened', request: { number: 1 } } }],
  });
  const before = world.refs('org/webapp');
  const second = await syncFleet(world.fleet([rule]));
  expect(second).toMatchObject({ items: [{ applied: { kind: 'unchanged' } }] });
  expect(world.refs('org/webapp')).toBe(before);

  const forge = await world.forge('org/webapp');
  const { headCommit: expectedHead } = (await forge.get('1'))!;
  await forge.merge('1', { method: 'merge', expectedHead });
  expect(Object.keys(world.files('org/webapp'))).toEqual([
    '.agent33-sync-state/webapp/manifest.json',
    'README.md',
    'docs/a.md',
    'docs/sub/b.md',
  ]);
  expect(await detectDrift(world.fleet([rule]))).toMatchObject([
    { kind: 'in-sync', ref: 'v1.0.0' },
  ]);
  expect(await readStatus(world.fleet([rule]))).toMatchObject([
    { status: 'Current', version: 'v1.0.0' },
  ]);
  expect(await syncFleet(world.fleet([rule]))).toMatchObject({
    items: [{ plan: { kind: 'current' } }],
  });
});
