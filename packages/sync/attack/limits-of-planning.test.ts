import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planSync, syncFleet } from '../src/index.js';
import { createWorld } from '../test/world.js';
import type { Files, RuleText, World } from '../test/world.js';

const webapp: RuleText = { id: 'webapp', auto_merge: true };

describe.each(['program', 'embedded'] as const)(
  'what planning knows before it writes, %s',
  (engine) => {
    let world: World;
    beforeEach(() => {
      world = createWorld(undefined, { engine });
    });
    afterEach(() => world.close());

    test('a date beyond the year 9999 writes no manifest that is refused', async () => {
      world.addTarget('org/webapp');
      world.release('v1.0.0', { 'core/a.md': 'a\n' });
      const seconds = 253_402_300_800 + 86_400;
      const tree = world.git(world.sourceDirectory, 'rev-parse', 'v1.0.0^{tree}');
      const late = world.shell(
        `printf 'tree ${tree}\\nauthor A <a@example.com> ${seconds} +0000\\ncommitter A <a@example.com> ${seconds} +0000\\n\\nlate\\n' | git -C ${world.sourceDirectory} hash-object -t commit -w --literally --stdin`,
      );
      world.git(world.sourceDirectory, 'update-ref', 'refs/tags/v1.1.0', late);
      const first = await syncFleet(world.fleet([webapp]), { release: 'v1.1.0' });
      expect(first).toMatchObject({ items: [{ plan: { rule: 'webapp' } }] });
      const { items } = await planSync(world.fleet([webapp]), { release: 'v1.1.0' });
      expect(items.map(({ kind }) => kind)).toEqual([
        first.kind === 'synced' && first.items[0]?.applied ? 'current' : items[0]?.kind,
      ]);
      expect(JSON.stringify(items)).not.toContain('bad-manifest');
    });

    test.each([
      ['a file', {}],
      ['a link', { modes: { '.agent33-sync-state': '120000' } }],
    ] as const)('a state folder that is %s is refused at planning', async (_, options) => {
      const files: Files = { '.agent33-sync-state': 'README.md' };
      world.addTarget('org/webapp');
      world.commit('org/webapp', files, options);
      world.release('v1.0.0', { 'core/a.md': 'a\n' });
      const before = world.refs('org/webapp');
      const { items } = await planSync(world.fleet([webapp]));
      expect(items).toMatchObject([
        { kind: 'blocked', findings: [{ ruleId: 'target/blocked-path', severity: 'error' }] },
      ]);
      await syncFleet(world.fleet([webapp]));
      expect(world.refs('org/webapp')).toBe(before);
    });

    test('an override folder that is a link is refused at planning', async () => {
      world.addTarget('org/webapp');
      world.release('v1.0.0', { 'core/a.md': 'a\n' });
      await syncFleet(world.fleet([webapp]));
      world.commit(
        'org/webapp',
        { '.agent33-overrides': '.git' },
        { modes: { '.agent33-overrides': '120000' } },
      );
      world.release('v1.1.0', { 'core/a.md': 'b\n' });
      expect(await syncFleet(world.fleet([webapp]))).toMatchObject({
        items: [{ applied: { kind: 'merged' } }],
      });
      expect(world.files('org/webapp')['docs/a.md']).toBe('b\n');
    });
  },
);
