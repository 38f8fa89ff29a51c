import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainPath, planSync, syncFleet, verifyFleet } from '../src/index.js';
import type { ChangedItem, PlannedItem } from '../src/index.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

const target = 'org/webapp';
let world: World;
beforeEach(() => {
  world = createWorld();
  world.addTarget(target);
});
afterEach(() => world.close());

async function deliver(rules: RuleText[]) {
  const result = await syncFleet(world.fleet(rules));
  const forge = await world.forge(target);
  for (const { id, headCommit: expectedHead } of await forge.listOpen())
    await forge.merge(id, { method: 'merge', expectedHead });
  return result;
}

/** An item of which it does not matter whether it proposes anything. */
type AnyItem = PlannedItem & Partial<Pick<ChangedItem, 'request' | 'validation'>>;

async function planOne(rule: RuleText): Promise<AnyItem> {
  const [item] = (await planSync(world.fleet([rule]))).items;
  if (!item || item.kind === 'failed') throw new Error(JSON.stringify(item));
  return item;
}

test('links are rewritten through the deliveries of all rules to the target, and stripped otherwise', async () => {
  world.release('v1.0.0', {
    'core/a.md':
      '[sub](sub/b.md#x) [prompt](../prompts/p.md) [internal](internal/i.md) [gone](../x.md)\n',
    'core/sub/b.md': '# X\n\n[up](../a.md)\n',
    'core/internal/i.md': 'secret\n',
    'prompts/p.md': '[a](../core/a.md)\n',
    'x.md': 'x\n',
  });
  const transforms = [{ strip_internal_links: true }];
  await deliver(
    [
      { id: 'core', target_path: 'docs/', transforms },
      { id: 'prompts', source: 'prompts/*', target_path: 'ai/prompts/', transforms },
    ].map((rule) => rule as RuleText),
  );
  const files = world.files(target);
  expect(files['docs/a.md']).toBe(
    '[sub](sub/b.md#x) [prompt](../ai/prompts/p.md) [internal](internal/i.md) [gone](../x.md)\n'.replace(
      '[gone](../x.md)',
      'gone',
    ),
  );
  expect(files['ai/prompts/p.md']).toBe('[a](../../docs/a.md)\n');
});

test('internal documents are neither delivered nor linked to', async () => {
  world.release('v1.0.0', { 'core/a.md': '[i](arch/i.md)\n', 'core/arch/i.md': 'secret\n' });
  const rule = { id: 'core', transforms: [{ strip_internal_links: true }] };
  const fleet = world.fleet([rule], {
    configuration: { source: { name: 'agent-33/AGENT-33', internal: ['core/arch/**'] } },
  });
  const [item] = (await planSync(fleet)).items;
  expect(item).toMatchObject({ kind: 'changed', outcomes: [{ path: 'docs/a.md' }] });
});

test('a template is filled with the variables of rule and target, and an unknown one is an error with its place', async () => {
  world.release('v1.0.0', {
    'core/a.md':
      'Team {{ team }} of {{ target.repo }} at {{ source.version }}: A & B, ${{ kept }}\n'.replace(
        '${{ kept }}',
        'kept',
      ),
  });
  const rule: RuleText = { id: 'core', strategy: 'template', variables: { team: 'Web' } };
  await deliver([rule]);
  expect(world.files(target)['docs/a.md']).toBe('Team Web of org/webapp at v1.0.0: A & B, kept\n');
  world.release('v1.1.0', { 'core/a.md': 'one\n{{ teem }}\n' });
  expect(await planOne(rule)).toMatchObject({
    kind: 'blocked',
    findings: [{ severity: 'error', path: 'core/a.md', range: { start: { line: 2 } } }],
  });
});

test('a reference is a stub with a permalink, made anew only when its source changed', async () => {
  world.release('v1.0.0', { 'core/a.md': '# Title\n\nLong.\n', 'core/b.md': '# B\n' });
  const rule: RuleText = { id: 'core', strategy: 'reference' };
  await deliver([rule]);
  const stub = world.files(target)['docs/a.md'] ?? '';
  expect(stub).toContain('Title');
  expect(stub).toContain('v1.0.0');
  world.release('v1.1.0', { 'core/b.md': '# B2\n' });
  const { outcomes } = await planOne(rule);
  expect(outcomes).toMatchObject([
    { path: 'docs/a.md', kind: 'unchanged' },
    { path: 'docs/b.md', kind: 'updated' },
  ]);
  await deliver([rule]);
  expect(await verifyFleet(world.fleet([rule]))).toMatchObject([{ kind: 'verified' }]);
});

test('a version tag is written, checked, and follows each release', async () => {
  const rule: RuleText = { id: 'core', transforms: [{ version_tag: true }] };
  world.release('v1.0.0', { 'core/a.md': '---\ntitle: A\n---\n# A\n' });
  const item = await planOne(rule);
  expect(item.validation?.sync_validation.checks).toContainEqual({
    name: 'version_tag',
    status: 'pass',
    details: expect.stringContaining('v1.0.0'),
  });
  await deliver([rule]);
  expect(world.files(target)['docs/a.md']).toContain('v1.0.0');
  world.release('v1.1.0', { 'other.md': 'x\n' });
  expect((await planOne(rule)).outcomes).toMatchObject([{ kind: 'updated' }]);
});

test('why names the transforms, verify repeats them, and the plan says what cannot be reversed', async () => {
  world.release('v1.0.0', { 'core/a.md': '[gone](../x.md) `core/a.md`\n', 'x.md': 'x\n' });
  const rule: RuleText = {
    id: 'core',
    transforms: [{ strip_internal_links: true }, { rewrite_paths: { from: 'core/', to: 'docs/' } }],
  };
  const item = await planOne(rule);
  expect(item.transforms).toMatchObject({
    irreversible: [{ path: 'docs/a.md', steps: expect.any(Array) }],
  });
  await deliver([rule]);
  expect(world.files(target)['docs/a.md']).toBe('gone `docs/a.md`\n');
  const [found] = await explainPath(world.fleet([rule]), 'docs/a.md');
  expect(found).toMatchObject({ transforms: [expect.any(String), expect.any(String)] });
  expect(await verifyFleet(world.fleet([rule]))).toMatchObject([{ kind: 'verified' }]);
});

test('a file that the transforms pass by is delivered as it is, and said', async () => {
  world.release('v1.0.0', { 'core/latin1.md': Buffer.from('caf\xe9 [x](../x.md)\n', 'latin1') });
  const item = await planOne({ id: 'core', transforms: [{ strip_internal_links: true }] });
  expect(item.transforms?.notApplied).toEqual([
    { path: 'docs/latin1.md', step: 'links', reason: 'not-utf8' },
  ]);
});

describe('a rule that no pipeline can be made of', () => {
  test('fails alone, at its place', async () => {
    world.release('v1.0.0', { 'core/a.md': 'A\n' });
    world.addTarget('org/good');
    const { items } = await planSync(
      world.fleet([
        { id: 'bad', transforms: [{ replace: { pattern: '(', with: '' } }] },
        { id: 'good', target_repo: 'org/good' },
      ]),
    );
    expect(items).toMatchObject([
      { kind: 'failed', rule: 'bad', error: { blame: 'input', path: 'rules/bad.yaml', range: {} } },
      { kind: 'changed', rule: 'good' },
    ]);
  });
});

test('a failing gate opens no request, and says why with places', async () => {
  world.release('v1.0.0', {
    'core/a.md': '# A\n\n[x](sub/b.md)\n',
    'core/sub/b.md': 'B\n',
    'core/data.json': '{}\n',
  });
  const rule: RuleText = { id: 'core', filters: { exclude: ['core/sub/**'] } };
  const item = await planOne(rule);
  expect(item).toMatchObject({
    kind: 'blocked',
    findings: [{ ruleId: 'link/missing-file', path: 'docs/a.md', range: { start: { line: 3 } } }],
  });
  const before = world.refs(target);
  expect(await syncFleet(world.fleet([rule]))).toMatchObject({
    items: [{ plan: { kind: 'blocked' } }],
  });
  expect(world.refs(target)).toBe(before);
});
