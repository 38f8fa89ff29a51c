import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { detectDrift, explainPath, planSync, syncFleet, verifyFleet } from '../src/index.js';
import type { ChangedItem, Outcome, PlannedItem } from '../src/index.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

const target = 'org/webapp';
const lines = (...changed: string[]) =>
  Array.from({ length: 12 }, (_, index) => changed[index] ?? `line ${index + 1}`).join('\n') + '\n';
const at = (line: number, text: string) => {
  const changed: string[] = [];
  changed[line - 1] = text;
  return changed;
};

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

/** Synchronises, and merges what was opened. */
async function deliver(rule: RuleText, method: 'merge' | 'squash' = 'merge') {
  const result = await syncFleet(world.fleet([rule]));
  const forge = await world.forge(target);
  for (const { id, headCommit: expectedHead } of await forge.listOpen())
    await forge.merge(id, { method, expectedHead });
  return result;
}

/** An item of which it does not matter whether it proposes anything. */
type AnyItem = PlannedItem & Partial<Pick<ChangedItem, 'request' | 'validation'>>;

async function planOne(rule: RuleText): Promise<AnyItem> {
  const { items } = await planSync(world.fleet([rule]));
  const [item] = items;
  if (!item || item.kind === 'failed') throw new Error(JSON.stringify(item));
  return item;
}

async function outcome(rule: RuleText, path = 'docs/a.md'): Promise<Outcome> {
  const { outcomes } = await planOne(rule);
  const found = outcomes.find((one) => one.path === path);
  if (!found) throw new Error(`no outcome for ${path}`);
  return found;
}

const rule: RuleText = { id: 'webapp' };
const withOverrides: RuleText = { id: 'webapp', override_root: 'docs/' };

describe('a file that the downstream changed', () => {
  beforeEach(async () => {
    world.addTarget(target);
    world.release('v1.0.0', { 'core/a.md': lines(), 'core/b.md': 'B\n' });
    await deliver(rule);
  });

  test('is reported as drift, and stays while upstream has nothing new', async () => {
    world.commit(target, { 'docs/a.md': lines('mine') });
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([
      { kind: 'drifted', drifted: [{ path: 'docs/a.md', state: 'modified' }] },
    ]);
    expect(await planOne(rule)).toMatchObject({ kind: 'current' });
    expect(await outcome(rule)).toMatchObject({ kind: 'customised', drifted: true });
  });

  test('is merged with what upstream changed, release after release', async () => {
    world.commit(target, { 'docs/a.md': lines('mine') });
    world.release('v1.1.0', { 'core/a.md': lines(...at(12, 'theirs')) });
    expect(await outcome(rule)).toMatchObject({ kind: 'merged', drifted: true });
    await deliver(rule, 'squash');
    const merged = lines(...at(12, 'theirs')).replace('line 1\n', 'mine\n');
    expect(world.files(target)['docs/a.md']).toBe(merged);
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([{ kind: 'in-sync' }]);

    world.release('v1.2.0', { 'core/a.md': lines(...at(12, 'theirs again')) });
    await deliver(rule);
    expect(world.files(target)['docs/a.md']).toBe(merged.replace('theirs', 'theirs again'));
    expect(world.files(target)['.agent33-sync-state/webapp/base/docs/a.md']).toBe(
      lines(...at(12, 'theirs again')),
    );
  });

  test('conflicts where both sides changed the same line, and the request says where', async () => {
    world.commit(target, { 'docs/a.md': lines('mine') });
    world.release('v1.1.0', { 'core/a.md': lines('theirs') });
    const item = await planOne(rule);
    expect(item.outcomes[0]).toMatchObject({
      kind: 'conflicted',
      conflict: { kind: 'content', ranges: [{ start: 1, end: 5 }] },
    });
    expect(item.request?.body).toContain('### Conflicts');
    expect(item.request?.body).toContain(
      '`docs/a.md`: both sides changed the same lines (lines 1–5)',
    );
    await deliver(rule);
    expect(world.files(target)['docs/a.md']).toMatch(
      /^<<<<<<< downstream\nmine\n=======\ntheirs\n>>>>>>> agent-33\/AGENT-33 v1\.1\.0\n/,
    );

    // Markers left alone stay alone; once they are gone, the text is ours against the release that conflicted.
    world.release('v1.2.0', { 'core/a.md': lines('theirs', ...at(11, 'more')) });
    expect(await outcome(rule)).toMatchObject({ kind: 'unresolved' });
    const conflicted = [{ kind: 'drifted', drifted: [{ path: 'docs/a.md', state: 'conflicted' }] }];
    expect(await detectDrift(world.fleet([rule]))).toMatchObject(conflicted);
    world.commit(target, { 'docs/a.md': `${world.files(target)['docs/a.md']}Half done.\n` });
    expect(await detectDrift(world.fleet([rule]))).toMatchObject(conflicted);
    world.commit(target, { 'docs/a.md': lines('decided') });
    await deliver(rule);
    expect(world.files(target)['docs/a.md']).toBe(lines('decided', ...at(11, 'more')));
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([
      { kind: 'in-sync', unresolved: [] },
    ]);
  });

  test('stops its rule with on_drift: block', async () => {
    world.commit(target, { 'docs/a.md': 'mine\n' });
    world.release('v1.1.0', { 'core/a.md': 'theirs\n' });
    const item = await planOne({ ...rule, on_drift: 'block' });
    expect(item).toMatchObject({ kind: 'blocked', findings: [{ ruleId: 'target/drift-blocked' }] });
  });

  test('is replaced with on_drift: overwrite, and the request says so', async () => {
    world.commit(target, { 'docs/a.md': 'mine\n' });
    const item = await planOne({ ...rule, on_drift: 'overwrite', auto_merge: true });
    expect(item.outcomes[0]).toMatchObject({ kind: 'overwritten', drifted: true });
    expect(item.request).toMatchObject({ autoMerge: false });
    expect(item.request?.body).toContain('drifted; the version here is replaced');
  });

  test('stays when upstream withdraws it, and the request says so once', async () => {
    world.commit(target, { 'docs/a.md': 'mine\n' });
    world.release('v1.1.0', { 'core/a.md': null, 'core/b.md': null, 'core/c.md': 'C\n' });
    const item = await planOne(rule);
    expect(item.outcomes).toMatchObject([
      { path: 'docs/a.md', kind: 'conflicted', conflict: { kind: 'modify-delete' } },
      { path: 'docs/b.md', kind: 'removed' },
      { path: 'docs/c.md', kind: 'added' },
    ]);
    await deliver(rule);
    const files = world.files(target);
    expect(files['docs/a.md']).toBe('mine\n');
    expect(files['docs/b.md']).toBeUndefined();
    expect((await planOne(rule)).kind).toBe('current');
  });

  test.each([
    ['next_release', 'v1.0.0', { kind: 'deleted' }],
    ['next_release', 'v1.1.0', { kind: 'recreated' }],
    ['always', 'v1.0.0', { kind: 'recreated' }],
    ['never', 'v1.1.0', { kind: 'deleted' }],
  ])('that is deleted comes back with recreate: %s at %s', async (recreate, tag, expected) => {
    world.commit(target, { 'docs/b.md': null });
    if (tag !== 'v1.0.0') world.release(tag, { 'core/a.md': 'new\n' });
    expect(await outcome({ ...rule, recreate }, 'docs/b.md')).toMatchObject(expected);
  });

  test('is never touched where the rule protects it', async () => {
    world.commit(target, { 'docs/a.md': 'mine\n' });
    world.release('v1.1.0', { 'core/a.md': 'theirs\n', 'core/b.md': 'B2\n' });
    const item = await planOne({ ...rule, protect: ['docs/a.md'] });
    expect(item.outcomes.map(({ path, kind }) => [path, kind])).toEqual([
      ['docs/a.md', 'protected'],
      ['docs/b.md', 'updated'],
    ]);
    expect(await detectDrift(world.fleet([{ ...rule, protect: ['docs/a.md'] }]))).toMatchObject([
      { kind: 'in-sync' },
    ]);
  });

  test('keeps its own mode', async () => {
    world.commit(target, { 'docs/b.md': 'B\n' }, { modes: { 'docs/b.md': '100755' } });
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([
      { drifted: [{ path: 'docs/b.md', state: 'mode-changed' }] },
    ]);
    expect(await verifyFleet(world.fleet([rule]))).toMatchObject([
      {
        disagreements: [
          { path: 'docs/b.md', problem: 'mode', expected: '100644', found: '100755' },
        ],
      },
    ]);
    world.release('v1.1.0', { 'core/b.md': 'B2\n' });
    await deliver(rule);
    expect(world.git(world.targetDirectory(target), 'ls-tree', 'main', 'docs/b.md')).toMatch(
      /^100755/,
    );
    expect(world.files(target)['docs/b.md']).toBe('B2\n');
  });
});

describe('an override', () => {
  beforeEach(async () => {
    world.addTarget(target);
    world.release('v1.0.0', { 'core/a.md': lines() });
    await deliver(withOverrides);
  });
  const override = '.agent33-overrides/a.md';

  test('is written to the delivered path, and merged with every later release', async () => {
    world.commit(target, { [override]: lines('mine') });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'overridden', override });
    await deliver(withOverrides);
    expect(world.files(target)['docs/a.md']).toBe(lines('mine'));
    for (const version of ['1.1.0', '1.2.0', '1.3.0']) {
      world.release(`v${version}`, { 'core/a.md': lines(...at(12, version)) });
      expect(await outcome(withOverrides)).toMatchObject({ kind: 'merged' });
      await deliver(withOverrides, 'squash');
      const expected = lines('mine', ...at(11, version));
      expect(world.files(target)).toMatchObject({ 'docs/a.md': expected, [override]: expected });
    }
    expect(await detectDrift(world.fleet([withOverrides]))).toMatchObject([{ kind: 'in-sync' }]);
  });

  test('stays as it is on a conflict, until someone decides', async () => {
    world.commit(target, { [override]: lines('mine') });
    await deliver(withOverrides);
    world.release('v1.1.0', { 'core/a.md': lines('theirs') });
    await deliver(withOverrides);
    expect(world.files(target)[override]).toBe(lines('mine'));
    expect(world.files(target)['docs/a.md']).toContain('<<<<<<< downstream');
    world.release('v1.1.1', { 'core/b.md': 'new\n' });
    await deliver(withOverrides);
    expect(await verifyFleet(world.fleet([withOverrides]))).toMatchObject([
      { kind: 'differs', disagreements: [{ path: 'docs/a.md', problem: 'conflict' }] },
    ]);
    world.commit(target, { 'docs/a.md': lines('decided') });
    expect(await verifyFleet(world.fleet([withOverrides]))).toMatchObject([{ kind: 'verified' }]);
    expect(await explainPath(world.fleet([withOverrides]), 'docs/a.md')).toMatchObject([
      { state: 'decided' },
    ]);
    world.release('v1.2.0', { 'core/a.md': lines('theirs', ...at(11, 'more')) });
    await deliver(withOverrides);
    const expected = lines('decided', ...at(11, 'more'));
    expect(world.files(target)).toMatchObject({ 'docs/a.md': expected, [override]: expected });
  });

  test('conflicts again when the file with the markers is deleted', async () => {
    world.commit(target, { [override]: lines('mine') });
    await deliver(withOverrides);
    world.release('v1.1.0', { 'core/a.md': lines('theirs', ...at(11, 'more')) });
    await deliver(withOverrides);
    const marked = world.files(target)['docs/a.md'];
    world.commit(target, { 'docs/a.md': null });
    const fleet = () => world.fleet([withOverrides]);
    expect(await detectDrift(fleet())).toMatchObject([{ kind: 'drifted' }]);
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'conflicted' });
    await deliver(withOverrides);
    expect(world.files(target)['docs/a.md']).toBe(marked);
    world.commit(target, { 'docs/a.md': null, [override]: null });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'deleted' });
    world.release('v1.2.0', { 'core/a.md': lines('newest') });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'recreated' });
    await deliver(withOverrides);
    expect(world.files(target)['docs/a.md']).toBe(lines('newest'));
    expect(await verifyFleet(fleet())).toMatchObject([{ kind: 'verified' }]);
  });

  test('that is edited while its conflict is decided loses neither edit', async () => {
    world.commit(target, { [override]: lines('mine') });
    await deliver(withOverrides);
    world.release('v1.1.0', { 'core/a.md': lines('theirs') });
    await deliver(withOverrides);
    world.commit(target, {
      'docs/a.md': lines('decided'),
      [override]: lines('mine', ...at(5, 'edited')),
    });
    world.release('v1.2.0', { 'core/a.md': lines('theirs', ...at(11, 'more')) });
    await deliver(withOverrides);
    const expected = lines('decided', ...at(5, 'edited'), ...at(6, 'more'));
    expect(world.files(target)).toMatchObject({ 'docs/a.md': expected, [override]: expected });
    expect(await verifyFleet(world.fleet([withOverrides]))).toMatchObject([{ kind: 'verified' }]);
  });

  test('in conflict with an edit of the delivered file is merged with upstream nevertheless', async () => {
    world.commit(target, { [override]: lines('mine') });
    await deliver(withOverrides);
    world.commit(target, { [override]: lines('mine too'), 'docs/a.md': lines('mine as well') });
    world.release('v1.1.0', { 'core/a.md': lines('line 1', ...at(11, 'more')) });
    expect(await outcome(withOverrides)).toMatchObject({
      kind: 'conflicted',
      conflict: { ranges: [{ start: 1, end: 5 }] },
    });
    await deliver(withOverrides);
    const marked = [
      '<<<<<<< downstream override',
      'mine too',
      '=======',
      'mine as well',
      '>>>>>>> downstream file',
    ].join('\n');
    expect(world.files(target)['docs/a.md']).toBe(lines(marked, ...at(11, 'more')));
    world.commit(target, { 'docs/a.md': lines(`${marked}\nedited`, ...at(11, 'more')) });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'unresolved' });
    world.commit(target, { 'docs/a.md': lines('decided', ...at(11, 'more')) });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'customised' });
  });

  test('that is removed gives the canonical file back', async () => {
    world.commit(target, { [override]: lines('mine') });
    await deliver(withOverrides);
    world.commit(target, { [override]: null });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'updated' });
    await deliver(withOverrides);
    expect(world.files(target)['docs/a.md']).toBe(lines());
    expect(Object.keys(world.files(target)).filter((path) => path.includes('/base/'))).toEqual([]);
  });

  test('is joined with an edit of the delivered file', async () => {
    world.commit(target, { [override]: lines('mine') });
    await deliver(withOverrides);
    world.commit(target, {
      [override]: lines('mine too'),
      'docs/a.md': lines('mine', ...at(11, 'edited')),
    });
    expect(await outcome(withOverrides)).toMatchObject({ kind: 'merged' });
    await deliver(withOverrides);
    const expected = lines('mine too', ...at(11, 'edited'));
    expect(world.files(target)).toMatchObject({ 'docs/a.md': expected, [override]: expected });
  });

  test('that is there before the first sync wins over the release', async () => {
    world.addTarget('org/new', { '.agent33-overrides/a.md': 'own\n' });
    const first: RuleText = { ...withOverrides, id: 'new', target_repo: 'org/new' };
    const { items } = await planSync(world.fleet([first]));
    expect(items).toMatchObject([{ outcomes: [{ kind: 'overridden' }] }]);
  });
});

describe('JSON and YAML', () => {
  const json = (port: number, name: string) => `{\n  "port": ${port},\n  "name": "${name}"\n}\n`;
  const yaml = (port: number, extra = '') =>
    `# ports\nports:\n  - name: http\n    port: ${port}\n${extra}`;
  beforeEach(async () => {
    world.addTarget(target);
    world.release('v1.0.0', { 'core/a.json': json(1, 'a'), 'core/b.yaml': yaml(80) });
    await deliver(rule);
  });

  test('are merged by key where lines would conflict', async () => {
    world.commit(target, {
      'docs/a.json': json(2, 'a'),
      'docs/b.yaml': yaml(80, '  - name: mine\n    port: 1\n'),
    });
    world.release('v1.1.0', {
      'core/a.json': json(1, 'b'),
      'core/b.yaml': yaml(80, '  - name: theirs\n    port: 2\n'),
    });
    expect((await planOne(rule)).outcomes).toMatchObject([{ kind: 'merged' }, { kind: 'merged' }]);
    expect((await planOne({ ...rule, merge: { by: 'line' } })).outcomes).toMatchObject([
      { kind: 'conflicted' },
      { kind: 'conflicted' },
    ]);
  });

  test('name their conflicts by key', async () => {
    world.commit(target, { 'docs/b.yaml': yaml(81) });
    world.release('v1.1.0', { 'core/b.yaml': yaml(82) });
    const item = await planOne(rule);
    expect(item.outcomes[1]).toMatchObject({ conflict: { keys: ['ports[name=http].port'] } });
    expect(item.request?.body).toContain('`ports[name=http].port`');
  });

  test('in conflict do not parse, and yet are delivered with their markers', async () => {
    world.commit(target, { 'docs/b.yaml': yaml(81) });
    world.release('v1.1.0', { 'core/a.json': json(2, 'a'), 'core/b.yaml': yaml(82) });
    expect(await planOne(rule)).toMatchObject({ kind: 'changed' });
    await deliver(rule);
    expect(world.files(target)['docs/b.yaml']).toContain('<<<<<<< downstream');
    world.release('v1.2.0', { 'core/a.json': null, 'core/c.md': '# C\n' });
    expect(await planOne(rule)).toMatchObject({ kind: 'changed' });
    expect(await outcome(rule, 'docs/b.yaml')).toMatchObject({ kind: 'unresolved' });
  });
});

describe('a file that upstream moved', () => {
  const moved = { 'core/a.md': null, 'core/new/a.md': lines(...at(12, 'theirs')) };
  beforeEach(() => {
    world.addTarget(target);
    world.release('v1.0.0', { 'core/a.md': lines(), 'core/b.md': 'B\n' });
  });

  test('takes the change that was made here to its new place', async () => {
    await deliver(rule);
    world.commit(target, { 'docs/a.md': lines('mine') });
    world.release('v1.1.0', moved);
    expect((await planOne(rule)).outcomes).toMatchObject([
      { path: 'docs/a.md', kind: 'removed', note: 'moved to docs/new/a.md' },
      { path: 'docs/b.md' },
      { path: 'docs/new/a.md', kind: 'merged', note: 'moved from docs/a.md' },
    ]);
    await deliver(rule);
    const files = world.files(target);
    expect(files['docs/new/a.md']).toBe(lines('mine', ...at(11, 'theirs')));
    expect(files['docs/a.md']).toBeUndefined();
    expect(await detectDrift(world.fleet([rule]))).toMatchObject([{ kind: 'in-sync' }]);
  });

  test('takes its override along', async () => {
    await deliver(withOverrides);
    world.commit(target, { '.agent33-overrides/a.md': lines('mine') });
    await deliver(withOverrides);
    world.release('v1.1.0', moved);
    await deliver(withOverrides);
    const files = world.files(target);
    const expected = lines('mine', ...at(11, 'theirs'));
    expect(files).toMatchObject({
      'docs/new/a.md': expected,
      '.agent33-overrides/new/a.md': expected,
    });
    expect(Object.keys(files).filter((path) => path.endsWith('a.md'))).toHaveLength(3);
    world.release('v1.2.0', { 'core/new/a.md': lines(...at(12, 'again')) });
    await deliver(withOverrides);
    expect(world.files(target)['docs/new/a.md']).toBe(lines('mine', ...at(11, 'again')));
  });
});

describe('the first sync over existing files', () => {
  beforeEach(() => {
    world.release('v1.0.0', { 'core/a.md': lines(), 'core/b.md': 'B\n' });
    world.release('v1.1.0', { 'core/a.md': lines('new') });
  });

  test('adopts what is the same, and updates what is a copy of an earlier release', async () => {
    world.addTarget(target, { 'docs/a.md': lines(), 'docs/b.md': 'B\n' });
    const item = await planOne(rule);
    expect(item.outcomes).toMatchObject([
      { kind: 'updated', note: 'was the copy of v1.0.0' },
      { kind: 'adopted' },
    ]);
  });

  test('never overwrites in silence: anything else is a conflict with both versions', async () => {
    world.addTarget(target, { 'docs/a.md': lines('own') });
    const item = await planOne(rule);
    expect(item.outcomes[0]).toMatchObject({ kind: 'conflicted', conflict: { kind: 'existing' } });
    await deliver(rule);
    expect(world.files(target)['docs/a.md']).toMatch(/own\n=======\nnew\n/);
  });

  test.each([
    ['block', { kind: 'blocked', findings: [{ ruleId: 'target/existing-blocked' }] }],
    ['overwrite', { kind: 'changed', outcomes: [{ kind: 'overwritten' }, { kind: 'added' }] }],
  ])('obeys on_existing: %s', async (on_existing, expected) => {
    world.addTarget(target, { 'docs/a.md': 'own\n' });
    expect(await planOne({ ...rule, on_existing })).toMatchObject(expected);
  });

  test('keeps a binary file that was there, and says that someone must decide', async () => {
    world.addTarget(target, { 'docs/a.md': new Uint8Array([0, 1, 2]) });
    const item = await planOne(rule);
    expect(item.outcomes[0]).toMatchObject({ kind: 'conflicted', conflict: { kind: 'binary' } });
    await deliver(rule);
    expect(world.files(target)['docs/a.md']).toBe('\0\u0001\u0002');
    expect(await outcome(rule)).toMatchObject({ kind: 'unresolved' });
  });
});

describe('drift is one thing', () => {
  test('for drift, verify and why: a delivered path equal to its override has not drifted', async () => {
    world.addTarget(target);
    world.release('v1.0.0', { 'core/a.md': '# A\n' });
    await deliver(withOverrides);
    world.commit(target, {
      'docs/a.md': '# Ours\n',
      '.agent33-overrides/a.md': '# Ours\n',
    });
    const fleet = world.fleet([withOverrides]);
    expect(await detectDrift(fleet)).toMatchObject([{ kind: 'in-sync' }]);
    expect(await verifyFleet(fleet)).toMatchObject([{ kind: 'verified' }]);
    expect(await explainPath(fleet, 'docs/a.md')).toMatchObject([{ state: 'merged' }]);
  });

  test('for drift, verify and why: a protected path may be anything', async () => {
    world.addTarget(target);
    world.release('v1.0.0', { 'core/a.md': '# A\n' });
    await deliver(rule);
    world.commit(target, { 'docs/a.md': '# Ours\n' });
    expect(await verifyFleet(world.fleet([rule]))).toMatchObject([{ kind: 'differs' }]);
    const fleet = world.fleet([{ ...rule, protect: ['docs/a.md'] }]);
    expect(await detectDrift(fleet)).toMatchObject([{ kind: 'in-sync' }]);
    expect(await verifyFleet(fleet)).toMatchObject([{ kind: 'verified' }]);
    expect(await explainPath(fleet, 'docs/a.md')).toMatchObject([{ state: 'merged' }]);
  });
});
