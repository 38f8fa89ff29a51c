import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planSync, readStatus, resolveInTarget, syncFleet } from '../src/index.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

const target = 'org/webapp';
const rule: RuleText = { id: 'webapp', override_root: 'docs/' };
const override = '.agent33-overrides/a.md';
const text = (first: string, last = 'end') => `${first}\n1\n2\n3\n4\n5\n${last}\n`;

let world: World;
beforeEach(async () => {
  world = createWorld();
  world.addTarget(target);
  world.release('v1.0.0', { 'core/a.md': text('base') });
  await deliver();
  world.commit(target, { [override]: text('mine') });
  await deliver();
  world.release('v1.1.0', { 'core/a.md': text('theirs') });
  await syncFleet(world.fleet([rule]));
});
afterEach(() => world.close());

async function deliver(rules = [rule]) {
  const result = await syncFleet(world.fleet(rules));
  await mergeAll(rules.map((one) => (one['target_repo'] as string | undefined) ?? target));
  return result;
}

async function mergeAll(targets: readonly string[], method: 'merge' | 'squash' = 'merge') {
  for (const name of targets) {
    const forge = await world.forge(name);
    for (const { id, headCommit: expectedHead } of await forge.listOpen())
      await forge.merge(id, { method, expectedHead });
  }
}

const decision = {
  decision: 'Kept our schedule',
  resolvedBy: 'reviewer',
  date: new Date('2026-01-30T10:00:00Z'),
  signature: { name: 'Reviewer', email: 'reviewer@example.com', timestamp: 1769767200 },
};
const branch = 'agent33-sync/v1.1.0/webapp';

describe('a conflict is resolved on the branch of its request', () => {
  test.each([
    ['ours', text('mine')],
    ['theirs', text('theirs')],
  ] as const)('by taking %s', async (take, expected) => {
    const resolved = await resolveInTarget(world.fleet([rule]), target, 'docs/a.md', {
      take,
      ...decision,
    });
    expect(resolved).toMatchObject({ branch, rule: 'webapp', version: 'v1.1.0' });
    const files = world.files(target, branch);
    expect(files).toMatchObject({ 'docs/a.md': expected, [override]: expected });
    const side = take === 'ours' ? "the downstream's side" : "the release's side";
    expect(files['DECISIONS.md']).toBe(
      [
        '# Decisions',
        '',
        '## 2026-01-30: docs/a.md, v1.1.0',
        '',
        '```yaml',
        'conflict_resolution:',
        '  date: "2026-01-30"',
        '  sync_version: "v1.1.0"',
        '  file: "docs/a.md"',
        '  decision: "Kept our schedule"',
        `  taken: "${side}"`,
        '  resolved_by: "reviewer"',
        '  request: "#3"',
        '```',
        '',
      ].join('\n'),
    );
    const tip = world.refs(target);
    await syncFleet(world.fleet([rule]));
    expect(world.refs(target).includes(`heads/${branch} ${resolved.commit}`)).toBe(true);
    expect(tip).toContain(resolved.commit);
  });

  test.each(['merge', 'squash'] as const)(
    'and the next release merges cleanly (%s)',
    async (method) => {
      await resolveInTarget(world.fleet([rule]), target, 'docs/a.md', {
        take: 'ours',
        ...decision,
      });
      await mergeAll([target], method);
      expect((await planSync(world.fleet([rule]))).items).toMatchObject([{ kind: 'current' }]);
      world.release('v1.2.0', { 'core/a.md': text('theirs', 'new end') });
      await deliver();
      const expected = text('mine', 'new end');
      expect(world.files(target)).toMatchObject({ 'docs/a.md': expected, [override]: expected });
    },
  );

  test('or on the branch that the rule delivers to, and is known there', async () => {
    const elsewhere: RuleText = {
      ...rule,
      id: 'dev',
      target_repo: 'org/dev',
      target_branch: 'dev',
    };
    world.addTarget('org/dev');
    world.git(world.targetDirectory('org/dev'), 'branch', 'dev', 'main');
    world.git(world.sourceDirectory, 'tag', '-d', 'v1.1.0');
    await deliver([elsewhere]);
    world.commit('org/dev', { 'docs/a.md': text('mine') }, { branch: 'dev' });
    world.release('v1.1.0', { 'core/a.md': text('theirs') });
    await deliver([elsewhere]);
    const resolved = await resolveInTarget(world.fleet([elsewhere]), 'org/dev', 'docs/a.md', {
      take: 'ours',
      ...decision,
    });
    expect(resolved).toMatchObject({ branch: 'dev' });
    const fleet = world.fleet([rule, elsewhere], { configuration: { deciders: ['org/dev'] } });
    expect((await planSync(fleet, { acceptMovedTag: true })).items[0]).toMatchObject({
      outcomes: [{ kind: 'merged', note: 'proposed: the same conflict was decided so in org/dev' }],
    });
  });

  test('by hand first, as long as no marker is left', async () => {
    const resolve = () =>
      resolveInTarget(world.fleet([rule]), target, 'docs/a.md', { take: 'as-is', ...decision });
    await expect(resolve()).rejects.toMatchObject({
      code: 'unresolved',
      message: expect.stringContaining('lines 1, 3, 5'),
    });
    world.commit(target, { 'docs/a.md': text('both') }, { branch });
    await resolve();
    expect(world.files(target, branch)[override]).toBe(text('both'));
    await expect(resolve()).rejects.toMatchObject({ code: 'unknown-path' });
  });

  test.each([
    ['theirs', 'upstream\n', '100644'],
    ['ours', 'elsewhere', '120000'],
    [new TextEncoder().encode('decided\n'), 'decided\n', '100644'],
  ] as const)(
    'of a link and a file, with the mode of what is taken',
    async (take, content, mode) => {
      world.release('v1.2.0', { 'core/b.md': 'base\n' });
      await deliver();
      const modes = { 'docs/b.md': '120000' } as const;
      world.commit(target, { 'docs/b.md': 'elsewhere' }, { modes });
      world.release('v1.3.0', { 'core/b.md': 'upstream\n' });
      await syncFleet(world.fleet([rule]));
      const resolved = await resolveInTarget(world.fleet([rule]), target, 'docs/b.md', {
        take,
        ...decision,
      });
      const directory = world.targetDirectory(target);
      const entry = world.git(directory, 'ls-tree', resolved.commit, 'docs/b.md');
      expect(entry.slice(0, 6)).toBe(mode);
      expect(world.files(target, resolved.commit)['docs/b.md']).toBe(content);
      await mergeAll([target]);
      expect((await planSync(world.fleet([rule]))).items).toMatchObject([{ kind: 'current' }]);
    },
  );

  test('of a file without lines by taking the override, never by doing nothing', async () => {
    world.release('v1.2.0', { 'core/b.bin': 'base\0' });
    await deliver();
    world.commit(target, { '.agent33-overrides/b.bin': 'mine\0' });
    world.release('v1.3.0', { 'core/b.bin': 'theirs\0' });
    await syncFleet(world.fleet([rule]));
    const resolve = (take: 'as-is' | 'ours') =>
      resolveInTarget(world.fleet([rule]), target, 'docs/b.bin', { take, ...decision });
    await expect(resolve('as-is')).rejects.toMatchObject({ code: 'unresolved' });
    const { commit } = await resolve('ours');
    expect(world.files(target, commit)).toMatchObject({
      'docs/b.bin': 'mine\0',
      '.agent33-overrides/b.bin': 'mine\0',
    });
  });

  test('and is proposed for the same conflict elsewhere, where the target is a decider', async () => {
    await resolveInTarget(world.fleet([rule]), target, 'docs/a.md', {
      take: new TextEncoder().encode(text('decided')),
      ...decision,
    });
    await mergeAll([target]);
    world.addTarget('org/twin');
    const twin: RuleText = { ...rule, id: 'twin', target_repo: 'org/twin' };
    world.git(world.sourceDirectory, 'tag', '-d', 'v1.1.0');
    await deliver([twin]);
    world.commit('org/twin', { [override]: text('mine') });
    await deliver([twin]);
    world.release('v1.1.0', { 'core/a.md': text('theirs') });
    const fleet = world.fleet([rule, twin], { configuration: { deciders: [target] } });
    const { items } = await planSync(fleet, { acceptMovedTag: true });
    expect(items[1]).toMatchObject({
      rule: 'twin',
      outcomes: [
        { kind: 'merged', note: 'proposed: the same conflict was decided so in org/webapp' },
      ],
    });
  });

  test('and a run leaves the branch alone, saying what is still to decide', async () => {
    world.commit(target, { 'x.md': 'notes\n' }, { branch });
    expect(await syncFleet(world.fleet([rule]))).toMatchObject({
      items: [{ applied: { kind: 'worked-on', unresolved: ['docs/a.md'] } }],
    });
    await resolveInTarget(world.fleet([rule]), target, 'docs/a.md', { take: 'ours', ...decision });
    const before = world.refs(target);
    expect(await syncFleet(world.fleet([rule]))).toMatchObject({
      items: [{ applied: { kind: 'worked-on', unresolved: [] } }],
    });
    expect(world.refs(target)).toBe(before);
  });

  test('and so is what was decided by hand alone', async () => {
    world.commit(target, { 'docs/a.md': text('by hand') }, { branch });
    await mergeAll([target]);
    world.addTarget('org/twin');
    const twin: RuleText = { ...rule, id: 'twin', target_repo: 'org/twin' };
    await syncFleet(world.fleet([twin]), { release: 'v1.0.0' });
    await mergeAll(['org/twin']);
    world.commit('org/twin', { [override]: text('mine') });
    await syncFleet(world.fleet([twin]), { release: 'v1.0.0' });
    await mergeAll(['org/twin']);
    const fleet = world.fleet([rule, twin], { configuration: { deciders: [target] } });
    const { items } = await planSync(fleet);
    expect(items[1]).toMatchObject({
      outcomes: [
        { kind: 'merged', note: 'proposed: the same conflict was decided so in org/webapp' },
      ],
    });
  });

  test('and until then the status counts it', async () => {
    await mergeAll([target]);
    expect(await readStatus(world.fleet([rule]))).toMatchObject([
      { status: 'Conflict', unresolved: 1 },
    ]);
  });
});
