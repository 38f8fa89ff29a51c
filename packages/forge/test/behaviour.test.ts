import { describe, expect, onTestFinished, test } from 'vitest';

import { ForgeError, type ForgeKind, type NewRequest } from '../src/index.js';
import { createForgeWorld, type ForgeWorld } from './forge-world.js';

const kinds: readonly ForgeKind[] = ['embedded', 'github', 'gitlab', 'forgejo'];
const branch = 'agent33-sync/v1.0.0/docs';

async function world(kind: ForgeKind): Promise<ForgeWorld> {
  const created = await createForgeWorld(kind);
  onTestFinished(() => expect(created.server?.standIn.violations ?? []).toEqual([]));
  return created;
}

/** A request on a branch that was just pushed. */
async function proposal(
  { commit }: ForgeWorld,
  overrides: Partial<NewRequest> = {},
): Promise<NewRequest> {
  const head = overrides.head ?? branch;
  const headCommit = await commit(head, { [`${head}.md`]: 'one\n' });
  return {
    title: 'sync(agent33): Update docs from v1.0.0',
    body: '## Sync Update\n\n- one\n',
    labels: ['agent33-sync', 'auto-generated'],
    reviewers: ['ada'],
    head,
    base: 'main',
    headCommit,
    ...overrides,
  };
}

async function failure(promise: Promise<unknown>): Promise<ForgeError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ForgeError) return error;
  throw new Error(`expected a ForgeError, got ${String(error)}`);
}

describe.each(kinds)('%s', (kind) => {
  test('opens a request once, whole, and finds it by its branch', async () => {
    const at = await world(kind);
    const wanted = await proposal(at);
    const opened = await at.forge.open(wanted);
    expect(opened.kind).toBe('opened');
    expect(opened.request).toMatchObject({
      id: '1',
      number: 1,
      state: 'open',
      title: wanted.title,
      labels: ['agent33-sync', 'auto-generated'],
      reviewers: ['ada'],
      head: branch,
      base: 'main',
      headCommit: wanted.headCommit,
      headGone: false,
      autoMerge: false,
      author: 'holdfast',
    });
    expect(opened.request.body.trimEnd()).toBe(wanted.body.trimEnd());
    expect(await at.forge.open(wanted)).toMatchObject({ kind: 'existing', request: { id: '1' } });
    const [found, ...others] = await at.forge.findByHead(branch);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: '1', state: 'open', headCommit: wanted.headCommit });
    expect(found).not.toHaveProperty('body');
    expect(await at.forge.findByHead('agent33-sync/v1.0.0/other')).toEqual([]);
  });

  test('lists open requests by the beginning of their branch', async () => {
    const at = await world(kind);
    for (const head of ['agent33-sync/v1/a', 'agent33-sync/v1/b', 'feature']) {
      await at.forge.open(await proposal(at, { head }));
    }
    await at.forge.close('2');
    const heads = (prefix?: string) =>
      at.forge.listOpen(prefix).then((requests) => requests.map(({ head }) => head));
    expect(await heads()).toEqual(['feature', 'agent33-sync/v1/a']);
    expect(await heads('agent33-sync/')).toEqual(['agent33-sync/v1/a']);
    expect((await at.forge.list({ state: 'closed' })).map(({ id }) => id)).toEqual(['2']);
    expect((await at.forge.list()).map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect((await at.forge.list({ labels: ['agent33-sync'], base: 'main' })).length).toBe(3);
  });

  test('updates in place what differs, and writes nothing when nothing does', async () => {
    const at = await world(kind);
    const wanted = await proposal(at);
    await at.forge.open(wanted);
    const { title, body, labels = [], reviewers = [] } = wanted;
    const same = await at.forge.update('1', { title, body, labels, reviewers });
    expect(same.changed).toBe(false);
    const headCommit = await at.commit(branch, { more: 'x\n' });
    const changed = await at.forge.update('1', {
      title: 'Another',
      body: 'text',
      labels: [...labels, 'docs'],
      reviewers: ['ada', 'bob'],
      headCommit,
    });
    expect(changed).toMatchObject({
      changed: true,
      request: {
        title: 'Another',
        labels: ['agent33-sync', 'auto-generated', 'docs'],
        reviewers: ['ada', 'bob'],
        headCommit,
      },
    });
  });

  test('comments, and edits what it said under a key', async () => {
    const at = await world(kind);
    await at.forge.open(await proposal(at));
    expect(await at.forge.comment('1', { body: 'hello' })).toMatchObject({ kind: 'posted' });
    const key = 'foreign-commits 1 --> 2';
    expect((await at.forge.comment('1', { body: 'first', key })).kind).toBe('posted');
    expect((await at.forge.comment('1', { body: 'first', key })).kind).toBe('existing');
    expect((await at.forge.comment('1', { body: 'second', key })).kind).toBe('edited');
    const details = await at.forge.get('1');
    expect(details?.comments.map((comment) => [comment.body.trim(), comment.key])).toEqual([
      ['hello', undefined],
      ['second', key],
    ]);
  });

  test.each(['merge', 'squash'] as const)(
    'merges exactly the expected head (%s)',
    async (method) => {
      const at = await world(kind);
      const { headCommit } = await proposal(at);
      await at.forge.open({ ...(await proposal(at)), headCommit: at.tip(branch) });
      const moved = await at.forge.merge('1', { method, expectedHead: '1'.repeat(40) });
      expect(moved).toMatchObject({ kind: 'head-moved', actual: at.tip(branch) });
      const before = at.tip('main');
      const outcome = await at.forge.merge('1', { method, expectedHead: at.tip(branch) });
      expect(outcome).toMatchObject({
        kind: 'merged',
        commit: at.tip('main'),
        request: { state: 'merged', headGone: true },
      });
      expect(at.tip('main')).not.toBe(before);
      expect(await at.forge.get('1')).toMatchObject({ state: 'merged', headGone: true });
      const again = await at.forge.merge('1', { method, expectedHead: headCommit });
      expect(again).toMatchObject({ kind: 'not-open', state: 'merged' });
    },
  );

  test('does not merge what conflicts, nor a branch that is gone', async () => {
    const at = await world(kind);
    const headCommit = await at.commit(branch, { 'README.md': 'theirs\n' });
    await at.forge.open({ ...(await proposal(at, { head: 'other' })), head: branch, headCommit });
    await at.commit('main', { 'README.md': 'ours\n' });
    const options = { method: 'merge', expectedHead: headCommit } as const;
    expect((await at.forge.merge('1', options)).kind).toBe('conflicted');
    expect(await at.forge.readiness('1')).toMatchObject({ merge: 'conflicted', headCommit });
    at.deleteBranch(branch);
    expect(['head-gone', 'not-open']).toContain((await at.forge.merge('1', options)).kind);
  });

  test('closes with a reason, and opens again', async () => {
    const at = await world(kind);
    const wanted = await proposal(at);
    await at.forge.open(wanted);
    const closed = await at.forge.close('1', {
      comment: 'Superseded by #2.',
      reason: 'superseded',
    });
    expect(closed).toMatchObject({
      kind: 'closed',
      request: { state: 'closed', closeReason: 'superseded' },
    });
    if (closed.kind === 'closed') expect(closed.request.body.trim()).toBe(wanted.body.trim());
    expect(await at.forge.findByHead(branch)).toMatchObject([{ closeReason: 'superseded' }]);
    expect(await at.forge.close('1')).toMatchObject({ kind: 'not-open', state: 'closed' });
    const reopened = await at.forge.reopen('1');
    expect(reopened).toMatchObject({ kind: 'reopened', request: { state: 'open' } });
    if ('request' in reopened) expect(reopened.request).not.toHaveProperty('closeReason');
    expect(await at.forge.reopen('1')).toMatchObject({ kind: 'already-open' });
    await at.forge.close('1');
    expect((await at.forge.get('1'))?.closeReason).toBeUndefined();
    await at.forge.open({ ...wanted, headCommit: at.tip(branch) });
    expect(await at.forge.reopen('1')).toMatchObject({ kind: 'duplicate', request: { id: '2' } });
    await at.forge.close('2');
    at.deleteBranch(branch);
    expect(await at.forge.reopen('1')).toMatchObject({ kind: 'head-gone', branch });
  });

  test('shows what a request brings, by ids', async () => {
    const at = await world(kind);
    await at.forge.open(await proposal(at));
    await at.commit('main', { elsewhere: 'x\n' });
    const diff = await at.forge.diff('1');
    expect(diff.map(({ path, kind: what }) => [path, what])).toEqual([[`${branch}.md`, 'added']]);
    expect(diff[0]?.new).toMatchObject({ mode: '100644' });
  });

  test('keeps a draft a draft until it is none', async () => {
    const at = await world(kind);
    await at.forge.open(await proposal(at, { draft: true }));
    expect(await at.forge.get('1')).toMatchObject({ draft: true });
    expect(await at.forge.readiness('1')).toMatchObject({ merge: 'draft' });
    expect((await at.forge.update('1', { draft: false })).changed).toBe(true);
    const ready = await at.forge.get('1');
    expect(ready).not.toHaveProperty('draft');
    expect(ready?.title).toBe('sync(agent33): Update docs from v1.0.0');
  });

  test('opens one issue for a key, edits and closes it', async () => {
    const at = await world(kind);
    const drift = {
      key: 'drift:docs',
      title: 'Two files drifted',
      body: '- a\n',
      labels: ['sync'],
    };
    expect((await at.forge.issues.report(drift)).kind).toBe('opened');
    expect((await at.forge.issues.report(drift)).kind).toBe('unchanged');
    expect((await at.forge.issues.report({ ...drift, body: '- b\n' })).kind).toBe('edited');
    expect(await at.forge.issues.listOpen('drift:')).toMatchObject([{ key: 'drift:docs' }]);
    expect(await at.forge.issues.resolve('drift:docs', 'In sync again.')).toBe(true);
    expect(await at.forge.issues.resolve('drift:docs')).toBe(false);
    expect(await at.forge.issues.listOpen()).toEqual([]);
  });

  test('an id that names no request is an error, except in get', async () => {
    const at = await world(kind);
    expect(await at.forge.get('7')).toBeUndefined();
    for (const call of [
      () => at.forge.update('7', { title: 'x' }),
      () => at.forge.close('7'),
      () => at.forge.comment('7', { body: 'x' }),
      () => at.forge.readiness('../../user'),
    ]) {
      expect((await failure(call())).code).toBe('unknown-request');
    }
  });

  test('a branch that does not exist opens nothing', async () => {
    const at = await world(kind);
    const wanted = await proposal(at);
    const error = await failure(at.forge.open({ ...wanted, head: 'nowhere' }));
    expect(error).toMatchObject({ code: 'head-missing', blame: 'repository' });
    expect(await at.forge.list()).toEqual([]);
  });

  test('a body of any length is cut to the limit', async () => {
    const at = await world(kind);
    const { body: limit } = at.forge.limits;
    const wanted = await proposal(at, { body: 'line\n'.repeat(limit / 4) });
    const { request } = await at.forge.open(wanted);
    expect(request.body.length).toBeLessThanOrEqual(limit);
    expect(request.body.length).toBeGreaterThan(limit - 200);
  });
});
