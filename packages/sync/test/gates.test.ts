import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planSync, readStatus, syncFleet } from '../src/index.js';
import type { ChangedItem, PlannedItem } from '../src/index.js';
import { createWorld } from './world.js';
import type { Files, RuleText, World } from './world.js';

const target = 'org/webapp';
let world: World;
beforeEach(() => {
  world = createWorld();
  world.addTarget(target);
});
afterEach(() => world.close());

type AnyItem = PlannedItem & Partial<Pick<ChangedItem, 'request' | 'validation' | 'commit'>>;

async function plan(rules: readonly RuleText[], named?: readonly string[]): Promise<AnyItem[]> {
  const { items } = await planSync(world.fleet(rules), named ? { rules: named } : {});
  return items.map((item) => {
    if (item.kind === 'failed') throw new Error(item.error.message);
    return item;
  });
}

async function deliver(rules: readonly RuleText[]) {
  await syncFleet(world.fleet(rules));
  const forge = await world.forge(target);
  for (const { id, headCommit: expectedHead } of await forge.listOpen())
    await forge.merge(id, { method: 'merge', expectedHead });
}

/** The findings of an item that say so, in short. */
const said = ({ findings }: AnyItem, ...ruleIds: string[]) =>
  findings
    .filter(({ ruleId }) => ruleIds.includes(ruleId))
    .map(({ ruleId, severity, path }) => `${severity} ${ruleId} ${path}`);

describe('what the source itself has broken', () => {
  const rule: RuleText = { id: 'webapp' };

  test.each([
    ['core/a.json', '{"a": 1,}\n', 'schema/syntax'],
    ['core/a.yaml', 'a: [1\n', 'schema/syntax'],
    [
      'core/schema.json',
      '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "strin"}\n',
      'schema/invalid-schema',
    ],
  ])('blocks as a whole file: %s', async (path, content, ruleId) => {
    world.release('v1.0.0', { [path]: content, 'core/b.md': 'B\n' });
    const [item] = await plan([rule]);
    expect(item?.kind).toBe('blocked');
    expect(item && said(item, ruleId)).toEqual([`error ${ruleId} ${path.replace('core', 'docs')}`]);
    expect(item?.findings[0]?.message).toContain(
      'validation: {source_findings: {schema_check: warn}}',
    );
    const check = item?.validation?.sync_validation.checks.find(
      (one) => one.name === 'schema_check',
    );
    expect(check?.status).toBe('fail');

    const lenient = { ...rule, validation: { source_findings: { schema_check: 'warn' } } };
    const [warned] = await plan([lenient]);
    expect(warned).toMatchObject({ kind: 'changed' });
    expect(warned && said(warned, ruleId)).toHaveLength(1);
    expect(warned?.validation?.sync_validation.overall).toBe('warn');
  });

  test('warns in a fenced block and in a link, unless the rule says that it blocks', async () => {
    world.release('v1.0.0', {
      'core/a.md': '[gone](gone.md)\n\n```json\n{"a": 1 "b"}\n```\n',
    });
    const [item] = await plan([rule]);
    expect(item?.kind).toBe('changed');
    expect(item?.validation?.sync_validation.checks).toMatchObject([
      { name: 'checksum' },
      { name: 'link_integrity', status: 'warn' },
      { name: 'schema_check', status: 'warn' },
      { name: 'secret_scan' },
      { name: 'version_tag' },
    ]);
    for (const check of ['link_check', 'schema_check']) {
      const strict = { ...rule, validation: { source_findings: { [check]: 'block' } } };
      const [blocked] = await plan([strict]);
      expect([check, blocked?.kind]).toEqual([check, 'blocked']);
    }
  });
});

describe('links to what another rule delivers', () => {
  const guide: RuleText = { id: 'guide', source: 'core/guide/**', target_path: 'docs/guide/' };
  const ref: RuleText = { id: 'ref', source: 'core/ref/**', target_path: 'docs/ref/' };
  beforeEach(() => {
    world.release('v1.0.0', {
      'core/guide/a.md': 'See [x](../ref/x.md).\n',
      'core/ref/x.md': 'Back to [a](../guide/a.md).\n',
    });
  });

  test('are whole when both come with one run, and both requests are opened', async () => {
    const items = await plan([guide, ref]);
    expect(items.map(({ kind }) => kind)).toEqual(['changed', 'changed']);
    await deliver([guide, ref]);
    expect(world.files(target)).toMatchObject({
      'docs/guide/a.md': 'See [x](../ref/x.md).\n',
      'docs/ref/x.md': 'Back to [a](../guide/a.md).\n',
    });
  });

  test.each([
    ['is manual', [guide, { ...ref, frequency: 'manual' }], undefined],
    ['is not named', [guide, ref], ['guide']],
    ['is blocked', [guide, { ...ref, validation: { deny: ['Back'] } }], undefined],
  ] as [string, RuleText[], string[] | undefined][])(
    'are broken when that rule %s',
    async (_, rules, named) => {
      const [item] = await plan(rules, named);
      expect(item?.kind).toBe('blocked');
      expect(item && said(item, 'link/missing-file', 'delivery/not-arriving')).toEqual([
        'error link/missing-file docs/guide/a.md',
        'warning delivery/not-arriving rules/guide.yaml',
      ]);
      expect(item?.findings.find(({ ruleId }) => ruleId === 'delivery/not-arriving')).toMatchObject(
        {
          data: { rule: 'ref', paths: ['docs/ref/x.md'] },
        },
      );
    },
  );

  test('are broken when someone declined its request, and stay whole while it is open or merged', async () => {
    await syncFleet(world.fleet([guide, ref]));
    const forge = await world.forge(target);
    expect((await plan([guide, ref], ['guide']))[0]?.kind).toBe('changed');
    const open = await forge.listOpen();
    const theirs = open.find(({ head }) => head.endsWith('/ref'));
    if (!theirs) throw new Error('no request');
    await forge.close(theirs.id);
    const [item] = await plan([guide, ref]);
    expect(item?.kind).toBe('blocked');
    await forge.reopen(theirs.id);
    await forge.merge(theirs.id, { method: 'merge', expectedHead: theirs.headCommit });
    expect((await plan([guide, ref], ['guide']))[0]?.kind).toBe('changed');
  });

  test('are not opened where the other change fails to be', async () => {
    const one = { ...ref, id: 'other', source: 'core/ref/**' };
    world.release('v1.1.0', { 'core/ref/x.md': 'Nothing here.\n' });
    const fleet = world.fleet([guide, one], {
      wrapTarget: (repository) => ({
        ...repository,
        async writeCommit(commit) {
          if (commit.message.includes('Holdfast-Rule: other')) throw new Error('disk full');
          return repository.writeCommit(commit);
        },
      }),
    });
    const result = await syncFleet(fleet);
    expect(result).toMatchObject({
      items: [
        { plan: { rule: 'guide' }, error: { code: 'links-to-nothing' } },
        { plan: { rule: 'other' }, error: { message: 'disk full' } },
      ],
    });
  });
});

describe("the target's own text", () => {
  const rule: RuleText = { id: 'webapp' };
  const long = (first: string, last: string) => `${first}\n\none\n\ntwo\n\nthree\n\n${last}\n`;
  const ours = 'mine, see [gone](gone.md)';

  test.each([
    ['a merged edit', { 'docs/a.md': long(ours, 'end') }],
    ['an override', { '.agent33-overrides/docs/a.md': long(ours, 'end') }],
    ['an undecided conflict', { 'docs/a.md': long(ours, 'mine') }],
    ['invalid JSON of its own', { 'docs/c.json': '{"a": 1,\n\n\n"b": 2,}\n' }],
  ] as [string, Files][])(
    'warns and names the owner, and blocks nothing else: %s',
    async (_, change) => {
      world.release('v1.0.0', {
        'core/a.md': long('start', 'end'),
        'core/b.md': 'B\n',
        'core/c.json': '{"a": 1,\n\n\n"b": 2}\n',
      });
      await deliver([rule]);
      world.commit(target, change);
      world.release('v1.1.0', {
        'core/a.md': long('start', 'theirs'),
        'core/b.md': 'B2\n',
        'core/c.json': '{"a": 5,\n\n\n"b": 2}\n',
      });
      const [item] = await plan([rule]);
      expect(item?.kind).toBe('changed');
      const own = item?.findings.filter(({ data }) => data?.['owner'] === 'target') ?? [];
      expect(own.map(({ severity }) => severity)).toEqual(['warning']);
      expect(own[0]?.message).toContain("in the target's own text, which its owner can mend");
      expect(item?.request?.autoMerge).toBe(false);
    },
  );

  test('is no excuse for what the release breaks in a merged file', async () => {
    world.release('v1.0.0', { 'core/a.md': long('start', 'end'), 'core/z.md': 'Z\n' });
    await deliver([rule]);
    world.commit(target, { 'docs/a.md': long(ours, 'end') });
    world.release('v1.1.0', {
      'core/a.md': long('start', 'see [y](y.md)'),
      'core/y.md': 'Y\n',
    });
    const [item] = await plan([{ ...rule, filters: { exclude: ['core/y.md'] } }]);
    expect(item?.kind).toBe('blocked');
    expect(item && said(item, 'link/missing-file')).toEqual([
      'warning link/missing-file docs/a.md',
      'error link/missing-file docs/a.md',
    ]);
  });
});

describe('a rule that cannot be scheduled', () => {
  test.each([
    ['no tag yet', { frequency: 'on_release' }, { source: { release_tags: 'x*' } }, 'no-release'],
    [
      'a missing branch',
      { frequency: 'on_change' },
      { source: { branch: 'gone' } },
      'unknown-branch',
    ],
  ])('stops no other: %s', async (_, frequency, configuration, code) => {
    world.release('v1.0.0', { 'core/a.md': 'A\n' });
    const other = frequency.frequency === 'on_release' ? 'on_change' : 'on_release';
    const rules: RuleText[] = [
      { id: 'bad', ...frequency, target_path: 'bad/' },
      { id: 'good', frequency: other },
    ];
    const fleet = () =>
      world.fleet(rules, {
        configuration: { source: { name: 'agent-33/AGENT-33', ...configuration.source } },
      });
    expect((await planSync(fleet())).items).toMatchObject([
      { kind: 'failed', rule: 'bad', error: { code } },
      { kind: 'changed', rule: 'good' },
    ]);
    expect(await readStatus(fleet())).toMatchObject([
      { rule: 'bad', status: 'Failing', error: { code } },
      { rule: 'good', status: 'Never synced' },
    ]);
  });
});

test('two rules that meet on a path of one branch, named by one and the default of the other, are refused', async () => {
  world.release('v1.0.0', { 'core/a.md': 'A\n' });
  const rules: RuleText[] = [{ id: 'one' }, { id: 'two', target_branch: 'main' }];
  expect((await planSync(world.fleet(rules))).items).toMatchObject([
    { kind: 'failed', rule: 'one', error: { code: 'same-path' } },
    { kind: 'failed', rule: 'two', error: { code: 'same-path' } },
  ]);
  expect((await planSync(world.fleet(rules), { rules: ['two'] })).items).toMatchObject([
    { kind: 'failed', rule: 'two', error: { code: 'same-path' } },
  ]);
});
