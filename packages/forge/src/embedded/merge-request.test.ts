import { describe, expect, test } from 'vitest';

import {
  createSandbox,
  newRequest,
  openForTest,
  temporaryDirectory,
  mergeAtHead,
} from '../../test/git-sandbox.js';
import type { Files, Sandbox } from '../../test/git-sandbox.js';
import type { MergeFile } from './merge-trees.js';
import type { ForgeRepository } from './repository-port.js';

const start = { 'a.md': 'a\n', 'b.md': 'b\n', 'dir/c.md': 'c\n' };

/** A request of `topic` with one set of changes, and a base branch that moved by another. */
async function diverge(files: { base?: Files; topic: Files; main?: Files }) {
  const sandbox = await createSandbox(files.base ?? start);
  const head = await sandbox.commit('topic', files.topic, 'main');
  await sandbox.forge().open(newRequest(head));
  if (files.main !== undefined) await sandbox.commit('main', files.main);
  return { sandbox, head, base: sandbox.git('rev-parse', 'main') };
}

function refsOf(sandbox: Sandbox): string {
  return sandbox.git('for-each-ref', '--format=%(refname) %(objectname)');
}

describe('merge', () => {
  test('merge: a commit with two parents, also where a fast-forward would do', async () => {
    const { sandbox, head, base } = await diverge({ topic: { 'a.md': 'A\n', new: 'n' } });
    const outcome = await mergeAtHead(sandbox.forge(), '1', { method: 'merge' });
    const commit = sandbox.git('rev-parse', 'main');
    expect(outcome).toMatchObject({
      kind: 'merged',
      commit,
      request: {
        state: 'merged',
        mergedCommit: commit,
        mergedBy: 'holdfast',
        headCommit: head,
        headGone: true,
      },
    });
    expect(sandbox.git('show', '-s', '--format=%P|%s|%b|%cI', 'main')).toBe(
      `${base} ${head}|Merge request 1: Update the guide|Merges topic into main.\n|2026-01-30T12:00:00+00:00`,
    );
    expect(sandbox.git('rev-parse', 'main^{tree}')).toBe(
      sandbox.git('rev-parse', `${head}^{tree}`),
    );
    expect(refsOf(sandbox)).not.toContain('refs/heads/topic');
    expect(sandbox.git('fsck', '--strict')).toBe('');
  });

  test('squash: one commit with one parent', async () => {
    const { sandbox, head, base } = await diverge({ topic: { 'a.md': 'A\n' }, main: { z: 'z' } });
    await mergeAtHead(sandbox.forge(), '1', { method: 'squash', deleteBranch: false });
    expect(sandbox.git('show', '-s', '--format=%P|%s|%b', 'main')).toBe(
      `${sandbox.git('rev-parse', 'main^')}|Update the guide|Squashes topic at ${head}, request 1.\n`,
    );
    expect(sandbox.git('rev-parse', 'main^')).toBe(base);
    expect(sandbox.git('rev-parse', 'topic')).toBe(head);
    expect(await sandbox.forge().get('1')).toMatchObject({ state: 'merged', headGone: false });
  });

  test('a base that moved elsewhere: both sides’ changes', async () => {
    const { sandbox } = await diverge({
      topic: { 'a.md': 'A\n', 'dir/c.md': null, 'dir/new.md': 'n\n' },
      main: { 'b.md': 'B\n', 'other.md': 'o\n' },
    });
    expect(await mergeAtHead(sandbox.forge(), '1', { method: 'merge' })).toMatchObject({
      kind: 'merged',
    });
    expect(sandbox.read('main')).toEqual({
      'a.md': 'A',
      'b.md': 'B',
      'dir/new.md': 'n',
      'other.md': 'o',
    });
  });

  test.each<[string, Files, Files, string[]]>([
    ['both changed a file', { 'a.md': '1' }, { 'a.md': '2' }, ['a.md']],
    ['one changed, the other removed', { 'a.md': '1' }, { 'a.md': null }, ['a.md']],
    ['one removed, the other changed', { 'a.md': null }, { 'a.md': '1' }, ['a.md']],
    ['both added another file', { n: '1' }, { n: '2' }, ['n']],
    ['a file where a folder is', { n: '1' }, { 'n/x': '2' }, ['n']],
    ['a folder where a file is', { 'n/x/y': '1' }, { n: '2' }, ['n']],
    ['several', { 'b.md': '1', 'a.md': '1' }, { 'a.md': '2', 'b.md': '2' }, ['a.md', 'b.md']],
  ])('conflict, and nothing changes: %s', async (_, topic, main, paths) => {
    const { sandbox } = await diverge({ topic, main });
    const before = refsOf(sandbox);
    const outcome = await mergeAtHead(sandbox.forge(), '1', { method: 'merge' });
    expect(outcome).toEqual({ kind: 'conflicted', paths });
    expect(refsOf(sandbox)).toBe(before);
    expect(await sandbox.forge().get('1')).toMatchObject({ state: 'open' });
  });

  test('the same change on both sides is no conflict', async () => {
    const { sandbox } = await diverge({
      topic: { 'a.md': 'same', 'b.md': null, n: 'same' },
      main: { 'a.md': 'same', 'b.md': null, n: 'same', 'dir/c.md': 'C' },
    });
    expect(await mergeAtHead(sandbox.forge(), '1', { method: 'merge' })).toMatchObject({
      kind: 'merged',
    });
    expect(sandbox.read('main')).toEqual({ 'a.md': 'same', n: 'same', 'dir/c.md': 'C' });
  });

  test('mergeFile gets the three versions, and its result is committed', async () => {
    const seen: unknown[] = [];
    const mergeFile: MergeFile = (input) => {
      const text = (bytes?: Uint8Array) => bytes && Buffer.from(bytes).toString();
      seen.push([input.path, text(input.base), text(input.ours), text(input.theirs)]);
      return { kind: 'clean', content: Buffer.from('both') };
    };
    const { sandbox } = await diverge({
      topic: { 'a.md': 'theirs', n: 'new theirs' },
      main: { 'a.md': 'ours', n: 'new ours' },
    });
    await mergeAtHead(sandbox.forge({ mergeFile }), '1', { method: 'merge' });
    expect(seen).toEqual([
      ['a.md', 'a\n', 'ours', 'theirs'],
      ['n', undefined, 'new ours', 'new theirs'],
    ]);
    expect(sandbox.read('main')).toMatchObject({ 'a.md': 'both', n: 'both' });
  });

  test('a file that mergeFile cannot merge is a conflict', async () => {
    const { sandbox } = await diverge({ topic: { 'a.md': '1' }, main: { 'a.md': '2' } });
    const forge = sandbox.forge({ mergeFile: () => ({ kind: 'conflicted' }) });
    expect(await mergeAtHead(forge, '1', { method: 'merge' })).toEqual({
      kind: 'conflicted',
      paths: ['a.md'],
    });
  });

  test('refuses a head that is not the expected one', async () => {
    const { sandbox, head } = await diverge({ topic: { 'a.md': '1' } });
    const actual = await sandbox.commit('topic', { 'a.md': '2' });
    const before = refsOf(sandbox);
    const options = { method: 'merge', expectedHead: head } as const;
    expect(await sandbox.forge().merge('1', options)).toEqual({
      kind: 'head-moved',
      expected: head,
      actual,
    });
    expect(refsOf(sandbox)).toBe(before);
    expect(
      await sandbox.forge().merge('1', { method: 'merge', expectedHead: actual }),
    ).toMatchObject({ kind: 'merged' });
  });

  test('a second merge says what became of the first', async () => {
    const { sandbox } = await diverge({ topic: { 'a.md': '1' } });
    await mergeAtHead(sandbox.forge(), '1', { method: 'merge' });
    const before = refsOf(sandbox);
    expect(await mergeAtHead(sandbox.forge(), '1', { method: 'merge' })).toMatchObject({
      kind: 'not-open',
      state: 'merged',
      request: { mergedCommit: sandbox.git('rev-parse', 'main') },
    });
    expect(refsOf(sandbox)).toBe(before);
  });

  test.each([
    ['merge', 2],
    ['squash', 1],
  ] as const)('%s into a branch that does not exist yet creates it', async (method, commits) => {
    const sandbox = await createSandbox({});
    await sandbox.commit('topic', { one: '1' });
    const head = await sandbox.commit('topic', { two: '2' });
    await sandbox.forge().open(newRequest(head));
    expect(await sandbox.forge().diff('1')).toHaveLength(2);
    await mergeAtHead(sandbox.forge(), '1', { method });
    expect(sandbox.read('main')).toEqual({ one: '1', two: '2' });
    expect(sandbox.git('rev-list', '--count', 'main')).toBe(String(commits));
    expect(await sandbox.forge().diff('1')).toHaveLength(2);
  });

  test('a name that is not UTF-8: kept when the base stood still, else a conflict', async () => {
    const { sandbox } = await diverge({ topic: { 'a.md': 'A\n' } });
    const blob = sandbox.git('rev-parse', 'topic:a.md');
    const tree = `100644 blob ${blob}\tbad\xff\0`;
    const { execFileSync } = await import('node:child_process');
    const oid = execFileSync('git', ['-C', sandbox.directory, 'mktree', '-z'], {
      input: Buffer.from(tree, 'latin1'),
    })
      .toString()
      .trim();
    const head = sandbox.git('commit-tree', '-m', 'odd', '-p', 'main', oid);
    sandbox.git('update-ref', 'refs/heads/topic', head);
    await sandbox.commit('main', { z: 'z' });
    expect(await mergeAtHead(sandbox.forge(), '1', { method: 'merge' })).toMatchObject({
      kind: 'conflicted',
    });
    sandbox.git('update-ref', 'refs/heads/main', `${head}^`);
    expect(await mergeAtHead(sandbox.forge(), '1', { method: 'merge' })).toMatchObject({
      kind: 'merged',
    });
    expect(sandbox.git('rev-parse', 'main^{tree}')).toBe(oid);
  });
});

describe('others who write between reading and writing', () => {
  /** A repository on which something happens right before the first move of refs. */
  function meanwhile(sandbox: Sandbox, happens: () => Promise<unknown>): ForgeRepository {
    let first = true;
    return {
      ...sandbox.repository,
      async updateRefs(updates, options) {
        if (first) {
          first = false;
          await happens();
        }
        return sandbox.repository.updateRefs(updates, options);
      },
    };
  }

  test('the base moved: merged again on top of it', async () => {
    const { sandbox } = await diverge({ topic: { 'a.md': 'A' } });
    const repository = meanwhile(sandbox, () => sandbox.commit('main', { 'b.md': 'B' }));
    const outcome = await mergeAtHead(sandbox.forge({ repository }), '1', { method: 'merge' });
    expect(outcome).toMatchObject({ kind: 'merged' });
    expect(sandbox.read('main')).toMatchObject({ 'a.md': 'A', 'b.md': 'B' });
  });

  test('the head moved: nothing is merged', async () => {
    const { sandbox, head } = await diverge({ topic: { 'a.md': 'A' } });
    const repository = () => meanwhile(sandbox, () => sandbox.commit('topic', { new: 'n' }));
    const expecting = { method: 'merge', expectedHead: head } as const;
    expect(await sandbox.forge({ repository: repository() }).merge('1', expecting)).toMatchObject({
      kind: 'head-moved',
      expected: head,
    });
    expect(sandbox.read('main')).not.toHaveProperty('new');
  });

  test('the request was closed: it stays closed, the base where it was', async () => {
    const { sandbox, base } = await diverge({ topic: { 'a.md': 'A' } });
    const repository = meanwhile(sandbox, () => sandbox.forge().close('1'));
    const outcome = await mergeAtHead(sandbox.forge({ repository }), '1', { method: 'merge' });
    expect(outcome).toMatchObject({ kind: 'not-open', state: 'closed' });
    expect(sandbox.git('rev-parse', 'main')).toBe(base);
  });

  test('others always faster: an error after 50 attempts, nothing changed', async () => {
    const { sandbox } = await diverge({ topic: { 'a.md': 'A' } });
    const before = refsOf(sandbox);
    const repository: ForgeRepository = {
      ...sandbox.repository,
      updateRefs: async () => ({ kind: 'moved', ref: 'r', expected: null, actual: null }),
    };
    const forge = sandbox.forge({ repository });
    await expect(forge.comment('1', { body: 'hello' })).rejects.toMatchObject({
      code: 'contended',
      blame: 'environment',
    });
    expect(refsOf(sandbox)).toBe(before);
  });
});

describe('a branch that is checked out', () => {
  test('a work tree with changes is left alone: a typed error, nothing changed', async () => {
    const { sandbox } = await diverge({ topic: { 'a.md': 'A\n' } });
    const worktree = `${temporaryDirectory()}/work`;
    sandbox.git('worktree', 'add', '--quiet', worktree, 'main');
    const { writeFileSync, readFileSync } = await import('node:fs');
    writeFileSync(`${worktree}/a.md`, 'my own edit\n');
    const before = refsOf(sandbox);
    const forge = sandbox.forge({ repository: await openForTest(sandbox.directory) });
    await expect(mergeAtHead(forge, '1', { method: 'merge' })).rejects.toMatchObject({
      name: 'ForgeError',
      code: 'checked-out',
      blame: 'environment',
      data: { ref: 'refs/heads/main' },
    });
    expect(refsOf(sandbox)).toBe(before);
    expect(readFileSync(`${worktree}/a.md`, 'utf8')).toBe('my own edit\n');
  });
});
