import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  countFileChanges,
  detectDrift,
  planSync,
  readStatus,
  syncFleet,
  verifyFleet,
} from '../src/index.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

const bundle = fileURLToPath(
  new URL('../../../../shared/data/agent33-core/agent33-core.bundle', import.meta.url),
);
const releases = ['v2.2.0', 'v2.3.0', 'v2.3.1', 'v2.4.0', 'v2.5.0'];

const targets = ['org/webapp', 'org/docs'];

const rules = [
  {
    id: 'sync-webapp-orchestrator',
    source: 'core/orchestrator/**/*.md',
    target_path: 'docs/agent33/orchestrator/',
    filters: {
      include: ['core/orchestrator/*.md', 'core/orchestrator/handoff/*.md'],
      exclude: ['core/orchestrator/distribution/**'],
    },
    transforms: [
      { strip_internal_links: true },
      { rewrite_paths: { from: 'core/', to: 'docs/agent33/' } },
    ],
    validation: { checksum: true, schema_check: true },
  },
  {
    id: 'all-of-core',
    target_repo: 'org/docs',
    source: 'core/**',
    target_path: 'vendor/agent33/',
    // One workflow of the real documents is no YAML; whoever delivers it all the same says so.
    validation: { source_findings: { schema_check: 'warn' } },
  },
];

describe.runIf(existsSync(bundle))('the real documents', () => {
  let world: World;
  beforeAll(() => {
    world = createWorld();
    execFileSync('git', ['-C', world.sourceDirectory, 'fetch', '-q', bundle, '+refs/*:refs/*']);
    for (const target of targets) world.addTarget(target);
  });
  afterAll(() => world.close());

  /** How many files each rule adds, modifies and removes at a release; absent: no request. */
  const expected: Record<string, Record<string, [number, number, number]>> = {
    'v2.2.0': { 'sync-webapp-orchestrator': [37, 0, 0], 'all-of-core': [186, 0, 0] },
    'v2.3.0': { 'sync-webapp-orchestrator': [1, 1, 0], 'all-of-core': [4, 5, 0] },
    'v2.3.1': { 'all-of-core': [0, 1, 0] },
    'v2.4.0': { 'all-of-core': [0, 5, 0] },
    'v2.5.0': { 'all-of-core': [2, 0, 0] },
  };

  test.each(releases)('%s is delivered, merged, in sync and verified', async (release) => {
    const plan = await planSync(world.fleet(rules), { release });
    const changes = plan.items.flatMap((item) => {
      if (item.kind !== 'changed') return [];
      const { added, modified, removed } = countFileChanges(item.outcomes);
      return [[item.rule, [added, modified, removed]]];
    });
    expect(Object.fromEntries(changes)).toEqual(expected[release]);
    const failed = plan.items.flatMap((item): { message: string }[] =>
      item.kind === 'failed'
        ? [item.error]
        : item.findings.filter(({ severity }) => severity === 'error'),
    );
    expect(failed).toEqual([]);

    const first = await syncFleet(world.fleet(rules), { release });
    const refs = targets.map((target) => world.refs(target));
    await syncFleet(world.fleet(rules), { release });
    expect(targets.map((target) => world.refs(target))).toEqual(refs);

    for (const { plan: item, applied } of first.kind === 'synced' ? first.items : []) {
      if (applied?.kind !== 'opened') continue;
      const forge = await world.forge(item.target);
      await forge.merge(applied.request.id, {
        method: 'squash',
        expectedHead: applied.request.headCommit,
      });
    }
    const drift = await detectDrift(world.fleet(rules));
    expect(drift.map(({ kind }) => kind)).toEqual(['in-sync', 'in-sync']);
    const verified = await verifyFleet(world.fleet(rules));
    expect(verified.map(({ kind }) => kind)).toEqual(['verified', 'verified']);
    const status = await readStatus(world.fleet(rules));
    const current = release === 'v2.5.0' ? 'Current' : undefined;
    if (current) expect(status.map((row) => row.status)).toEqual([current, current]);
  });
});
