import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainPath, planSync, syncFleet, verifyFleet } from '../src/index.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

const target = 'org/webapp';
const rule: RuleText = { id: 'webapp', auto_merge: true };

let world: World;
beforeEach(() => {
  world = createWorld();
  world.addTarget(target);
});
afterEach(() => world.close());

const findings = async (rules = [rule]) => {
  const { items } = await planSync(world.fleet(rules));
  return items.flatMap((item) => (item.kind === 'failed' ? [] : item.findings));
};

test('bytes go through untouched, whatever they are', async () => {
  const contents: Record<string, Uint8Array> = {
    'core/binary.bin': new Uint8Array([0, 255, 1, 254, 10, 13]),
    'core/empty.md': new Uint8Array(),
    'core/crlf.md': Buffer.from('a\r\nb\r\n'),
    'core/bom.md': Buffer.from('\ufeff# BOM\n'),
    'core/latin1.md': Buffer.from('caf\xe9\n', 'latin1'),
    'core/utf16.md': Buffer.from('\ufeffabc', 'utf16le'),
    'core/no-newline.md': Buffer.from('end'),
  };
  world.release('v1.0.0', contents);
  world.git(world.targetDirectory(target), 'config', 'core.autocrlf', 'true');
  await syncFleet(world.fleet([rule]));
  const directory = world.targetDirectory(target);
  for (const path of Object.keys(contents)) {
    expect(
      world.git(directory, 'rev-parse', `agent33-sync/v1.0.0/webapp:docs/${path.slice(5)}`),
    ).toBe(world.git(world.sourceDirectory, 'rev-parse', `main:${path}`));
  }
});

test('hard names are delivered as they are', async () => {
  const names = [
    'with space.md',
    'quo\'te".md',
    '-dash.md',
    'Grüße.md',
    `${'x'.repeat(200)}/${'y'.repeat(90)}.md`,
    '$(touch PWNED).md',
    '[a]{b}*.md',
  ];
  world.release('v1.0.0', Object.fromEntries(names.map((name) => [`core/${name}`, `${name}\n`])));
  await syncFleet(world.fleet([rule]));
  const files = world.files(target);
  for (const name of names) expect(files[`docs/${name}`]).toBe(`${name}\n`);
});

test('executable bits and symbolic links are kept', async () => {
  world.release(
    'v1.0.0',
    {
      'core/run.sh': '#!/bin/sh\n',
      'core/sub/link.md': '../a.md',
      'core/a.md': 'A\n',
      'core/folder': 'sub',
    },
    { modes: { 'core/run.sh': '100755', 'core/sub/link.md': '120000', 'core/folder': '120000' } },
  );
  await syncFleet(world.fleet([rule]));
  const tree = world.git(world.targetDirectory(target), 'ls-tree', '-r', 'main', 'docs');
  expect(tree).toMatch(/^100755.*docs\/run\.sh$/m);
  expect(tree).toMatch(/^120000.*docs\/sub\/link\.md$/m);
});

test.each([
  ['../../etc/passwd'],
  ['/etc/passwd'],
  ['../../src/main.js'],
  ['b.md'],
  ['C:\\windows'],
])('a symbolic link to %s is refused', async (to) => {
  world.release(
    'v1.0.0',
    { 'core/link.md': to, 'core/a.md': 'A\n', 'core/b.md': 'B\n' },
    { modes: { 'core/link.md': '120000' } },
  );
  const found = await findings([{ ...rule, filters: { exclude: ['core/b.md'] } }]);
  expect(found).toMatchObject([
    { ruleId: 'delivery/symlink-outside', severity: 'error', path: 'core/link.md' },
  ]);
});

test('submodules and names that are not UTF-8 are left out, and said', async () => {
  const commit = world.release('v1.0.0', { 'core/a.md': 'A\n' });
  const { sourceDirectory: source } = world;
  const blob = world.git(source, 'rev-parse', 'main:core/a.md');
  const entries = Buffer.concat([
    Buffer.from(`100644 blob ${blob}\ta.md\0`),
    Buffer.from(`100644 blob ${blob}\tb`),
    Buffer.from([0xff]),
    Buffer.from(`.md\x00160000 commit ${commit}\tmodule\0`),
  ]);
  mkdirSync(world.root, { recursive: true });
  const listing = join(world.root, 'listing');
  writeFileSync(listing, entries);
  const tree = world.shell(`git -C '${source}' mktree -z < '${listing}'`);
  const root = world.shell(`printf '040000 tree ${tree}\\tcore\\0' | git -C '${source}' mktree -z`);
  const odd = world.git(
    source,
    '-c',
    'user.name=T',
    '-c',
    'user.email=t@example.com',
    'commit-tree',
    root,
    '-m',
    'odd',
  );
  world.git(source, 'tag', 'v2.0.0', odd);
  expect((await findings()).map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
    ['delivery/unreadable-name', 'warning'],
    ['delivery/submodule', 'warning'],
  ]);
});

describe('a target where a delivered path', () => {
  test.each([
    [
      'runs through a symbolic link',
      { docs: '/etc' },
      { docs: '120000' as const },
      'target/blocked-path',
    ],
    ['runs through a file', { docs: 'file\n' }, {}, 'target/blocked-path'],
    ['is a folder', { 'docs/a.md/x': 'x\n' }, {}, 'target/blocked-path'],
    ['differs only in case', { 'docs/A.md': 'x\n' }, {}, 'target/path-collision'],
    ['differs only in Unicode form', { 'docs/u\u0308.md': 'x\n' }, {}, 'target/path-collision'],
  ])('%s is refused', async (_, files, modes, ruleId) => {
    world.release('v1.0.0', { 'core/a.md': 'A\n', 'core/\u00fc.md': 'U\n' });
    world.commit(target, files, { modes });
    const found = await findings();
    expect(found.map((finding) => finding.ruleId)).toContain(ruleId);
    expect(await syncFleet(world.fleet([rule]))).toMatchObject({
      items: [{ plan: { kind: 'blocked' } }],
    });
  });
});

test('source files whose names collide on other file systems are refused', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n', 'core/A.md': 'A\n' });
  expect(await findings()).toMatchObject([{ ruleId: 'delivery/path-collision' }]);
});

test('source files that a transform gives one name are refused, and named', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n', 'core/b.md': 'B\n' });
  const renaming = { ...rule, transforms: [{ rename: { from: 'b.md', to: 'a.md' } }] };
  const { items } = await planSync(world.fleet([renaming]));
  expect(items).toMatchObject([
    {
      kind: 'blocked',
      findings: [
        { path: 'docs/a.md', message: expect.stringContaining('"core/a.md", "core/b.md"') },
      ],
    },
  ]);
});

test('a Git LFS pointer is delivered as the pointer, with a warning', async () => {
  world.release('v1.0.0', {
    'core/big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
  });
  expect(await findings()).toMatchObject([
    { ruleId: 'delivery/lfs-pointer', path: 'docs/big.bin' },
  ]);
});

test.each([
  ['damaged', '{"version": 1', 'bad-manifest'],
  ['of a newer version', '{"version": 99}', 'bad-manifest'],
])('a manifest that is %s stops its target, with a way out', async (_, text, code) => {
  world.release('v1.0.0', { 'core/a.md': 'A\n' });
  world.commit(target, { '.agent33-sync-state/webapp/manifest.json': text });
  const { items } = await planSync(world.fleet([rule]));
  expect(items).toMatchObject([
    { kind: 'failed', error: { code, blame: 'repository', hint: expect.any(String) } },
  ]);
});

test('why tells source, commit, rule and transforms of a delivered file', async () => {
  const commit = world.release(
    'v1.0.0',
    { 'core/sub/a.md': '[x](../none.md)\n' },
    { message: 'Write A' },
  );
  const one = { ...rule, transforms: [{ strip_internal_links: true }] };
  await syncFleet(world.fleet([one]));
  expect(world.files(target)['docs/sub/a.md']).toBe('x\n');
  const [found] = await explainPath(world.fleet([one]), 'docs/sub/a.md');
  expect(found).toMatchObject({
    target,
    path: 'docs/sub/a.md',
    rule: 'webapp',
    ruleFile: 'rules/webapp.yaml',
    source: {
      name: 'agent-33/AGENT-33',
      path: 'core/sub/a.md',
      ref: 'v1.0.0',
      commit,
      changedBy: { subject: 'Write A' },
    },
    state: 'as-delivered',
  });
  await expect(explainPath(world.fleet([one]), 'src/x.js')).rejects.toMatchObject({
    code: 'unknown-path',
  });
});

test('verify derives everything again, and finds what was tampered with', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n', 'core/b.md': 'B\n' });
  await syncFleet(world.fleet([rule]));
  expect(await verifyFleet(world.fleet([rule]))).toMatchObject([{ kind: 'verified', files: 2 }]);
  const path = '.agent33-sync-state/webapp/manifest.json';
  const manifest = JSON.parse(world.files(target)[path] ?? '') as {
    files: Record<string, { oid: string; sha256: string }>;
  };
  const a = manifest.files['docs/a.md'];
  const b = manifest.files['docs/b.md'];
  if (!a || !b) throw new Error('not delivered');
  [a.oid, b.oid] = [b.oid, a.oid];
  world.commit(target, { [path]: JSON.stringify(manifest) });
  const [item] = await verifyFleet(world.fleet([rule]));
  expect(item).toMatchObject({
    kind: 'differs',
    disagreements: [
      { path: 'docs/a.md', problem: 'derivation' },
      { path: 'docs/a.md', problem: 'target' },
      { path: 'docs/b.md', problem: 'derivation' },
      { path: 'docs/b.md', problem: 'target' },
    ],
  });
});

test('two runs at once end as one', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n' });
  const plain = { id: 'webapp' };
  const results = await Promise.all([1, 2, 3].map(() => syncFleet(world.fleet([plain]))));
  for (const result of results) {
    expect(result).toMatchObject({ items: [{ applied: { request: { number: 1 } } }] });
  }
  const forge = await world.forge(target);
  expect(await forge.list()).toHaveLength(1);
});

test('an object whose bytes are not what its id says stops the delivery', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n' });
  const { sourceDirectory: source } = world;
  const oid = world.git(source, 'rev-parse', 'v1.0.0:core/a.md');
  const file = join(source, 'objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(file, 0o644);
  writeFileSync(file, deflateSync(Buffer.from('blob 2\0B\n')));
  const before = world.refs(target);
  const result = await syncFleet(world.fleet([rule]));
  expect(result).toMatchObject({
    items: [{ plan: { kind: 'failed', error: { code: 'corrupt', blame: 'repository' } } }],
  });
  expect(world.refs(target)).toBe(before);
});

test('a secret opens no request, and is not repeated', async () => {
  const secret = ['AKIA', 'Z3QWERTYUIOPASDF'].join('');
  world.release('v1.0.0', { 'core/a.md': `# A\n\naws_access_key_id = ${secret}\n` });
  const result = await syncFleet(world.fleet([rule]));
  expect(result).toMatchObject({
    items: [
      {
        plan: { kind: 'blocked', findings: [{ path: 'docs/a.md', range: { start: { line: 3 } } }] },
      },
    ],
  });
  const said =
    result.kind === 'synced'
      ? result.items.map(({ plan }) => plan.kind !== 'failed' && plan.findings)
      : [];
  expect(JSON.stringify(said)).not.toContain(secret);
});

test('a denied pattern that is none is the fault of the rule, with its place', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n' });
  const before = world.refs(target);
  const denying = { ...rule, validation: { deny: ['fine', '(?=no)'] } };
  expect(await syncFleet(world.fleet([denying]))).toMatchObject({
    items: [
      {
        plan: {
          kind: 'failed',
          error: {
            code: 'bad-pattern',
            blame: 'input',
            message: expect.stringContaining('"(?=no)"') as string,
            path: 'rules/webapp.yaml',
            range: { start: { column: expect.any(Number) as number } },
          },
        },
      },
    ],
  });
  expect(world.refs(target)).toBe(before);
});

test.each([
  ['core/models/*.json', /delivered paths, like docs\/models\/a\.json/],
  ['docs/model/*.json', /delivers of v1\.0\.0$/],
])('schemas for %s, which is not delivered, are a warning', async (files, words) => {
  world.release('v1.0.0', { 'core/models/a.json': '{"id": "x"}\n', 'core/s.json': '{}\n' });
  expect(await findings([{ ...rule, schemas: [{ files, schema: 'core/s.json' }] }])).toMatchObject([
    {
      ruleId: 'schemas/no-match',
      severity: 'warning',
      message: expect.stringMatching(words) as string,
    },
  ]);
});

test('a warning lands in the table of the request', async () => {
  world.release('v1.0.0', { 'core/a.md': '[x](missing.md)\n' });
  const [item] = (await planSync(world.fleet([rule]))).items;
  const body = item?.kind === 'changed' ? (item.request?.body ?? '') : '';
  expect(body).toContain('| Link integrity | warn');
  expect(body).toContain('docs/a.md:1');
  expect(body).not.toMatch(/\n\n\n/);
});
