import { describe, expect, test } from 'vitest';

import {
  createSandbox,
  newRequest,
  stillClock,
  type Sandbox,
  mergeAtHead,
} from '../../test/git-sandbox.js';
import type { ForgeError } from '../port/forge-error.js';
import type { Forge } from '../port/forge.js';

async function openTopic(sandbox: Sandbox, forge: Forge, overrides: object = {}) {
  const head = await sandbox.commit('topic', { 'guide.md': 'one\n' }, 'main');
  const { request } = await forge.open(newRequest(head, overrides));
  return { head, id: request.id, request };
}

async function failure(promise: Promise<unknown>): Promise<ForgeError> {
  return promise.then(
    () => expect.fail('it should have failed'),
    (error: ForgeError) => error,
  );
}

describe('open', () => {
  test('keeps the request under refs/holdfast/requests, and nowhere else', async () => {
    const sandbox = await createSandbox();
    const head = await sandbox.commit('topic', { 'guide.md': 'one\n' }, 'main');
    const outcome = await sandbox.forge().open(newRequest(head));
    expect(outcome).toEqual({
      kind: 'opened',
      request: {
        id: '1',
        number: 1,
        state: 'open',
        title: 'Update the guide',
        body: 'A longer text.\n',
        labels: ['sync'],
        reviewers: ['ada'],
        head: 'topic',
        base: 'main',
        headCommit: head,
        headGone: false,
        autoMerge: false,
        author: 'holdfast',
        createdAt: '2026-01-30T12:00:00Z',
        updatedAt: '2026-01-30T12:00:00Z',
      },
    });
    expect(sandbox.read('refs/holdfast/requests')).toEqual({
      '1/body.md': 'A longer text.',
      '1/request.json': [
        '{',
        '  "author": "holdfast",',
        '  "autoMerge": false,',
        '  "base": "main",',
        '  "createdAt": "2026-01-30T12:00:00Z",',
        '  "head": "topic",',
        `  "headCommit": "${head}",`,
        '  "labels": [',
        '    "sync"',
        '  ],',
        `  "mergeBase": "${sandbox.git('rev-parse', 'main')}",`,
        '  "number": 1,',
        '  "reviewers": [',
        '    "ada"',
        '  ],',
        '  "state": "open",',
        '  "title": "Update the guide",',
        '  "updatedAt": "2026-01-30T12:00:00Z",',
        '  "version": 1',
        '}',
      ].join('\n'),
    });
    expect(sandbox.git('for-each-ref', '--format=%(refname)').split('\n')).toEqual([
      'refs/heads/main',
      'refs/heads/topic',
      'refs/holdfast/requests',
    ]);
  });

  test('the same inputs give the same commit', async () => {
    const tips = [];
    for (const _ of [1, 2]) {
      const sandbox = await createSandbox();
      const { id } = await openTopic(sandbox, sandbox.forge(), { labels: ['b', 'a', 'b'] });
      await sandbox.forge().comment(id, { body: 'hello', key: 'k' });
      await mergeAtHead(sandbox.forge(), id, { method: 'merge' });
      tips.push(sandbox.git('for-each-ref', '--format=%(refname) %(objectname)'));
    }
    expect(tips[0]).toBe(tips[1]);
  });

  test('an open request of the same head and base comes back as it is', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { head } = await openTopic(sandbox, forge);
    const before = sandbox.git('rev-parse', 'refs/holdfast/requests');
    const again = await forge.open(newRequest(head, { title: 'Another title' }));
    expect(again).toMatchObject({
      kind: 'existing',
      request: { id: '1', title: 'Update the guide' },
    });
    expect(sandbox.git('rev-parse', 'refs/holdfast/requests')).toBe(before);
  });

  test('a closed request does not count: a second one is opened', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { head, id } = await openTopic(sandbox, forge);
    await forge.close(id);
    expect(await forge.open(newRequest(head))).toMatchObject({
      kind: 'opened',
      request: { id: '2' },
    });
  });

  test('a body beyond the limit is cut with a note', async () => {
    const sandbox = await createSandbox();
    const { request } = await openTopic(sandbox, sandbox.forge(), {
      body: 'line\n'.repeat(20_000),
    });
    expect(request.body.length).toBeLessThanOrEqual(65_536);
    expect(request.body).toMatch(/more lines, \d+ characters, left out/);
  });

  test.each([
    ['an empty title', { title: '' }],
    ['a title of two lines', { title: 'a\nb' }],
    ['an escape sequence', { title: 'a\u001b[31m' }],
    ['a title of 257 characters', { title: 'x'.repeat(257) }],
    ['a head that leaves refs/heads', { head: '../../x' }],
    ['a head like an option', { head: '--force' }],
    ['a base that is the head', { base: 'topic' }],
    ['a commit that is none', { headCommit: 'main' }],
    ['101 labels', { labels: Array.from({ length: 101 }, (_, index) => `l${index}`) }],
  ])('%s is refused, and nothing is written', async (_, overrides) => {
    const sandbox = await createSandbox();
    const head = await sandbox.commit('topic', { 'guide.md': 'one\n' }, 'main');
    const error = await failure(sandbox.forge().open(newRequest(head, overrides)));
    expect(error).toMatchObject({ code: 'invalid-argument', blame: 'input' });
    expect(sandbox.git('for-each-ref', 'refs/holdfast')).toBe('');
  });

  test('a branch that is not there, moved on, or has nothing new is refused', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const main = sandbox.git('rev-parse', 'main');
    expect(await failure(forge.open(newRequest(main)))).toMatchObject({ code: 'head-missing' });
    const first = await sandbox.commit('topic', { a: '1' }, 'main');
    await sandbox.commit('topic', { a: '2' });
    expect(await failure(forge.open(newRequest(first)))).toMatchObject({ code: 'head-moved' });
    sandbox.git('update-ref', 'refs/heads/topic', main);
    expect(await failure(forge.open(newRequest(main)))).toMatchObject({ code: 'nothing-to-merge' });
    const alone = sandbox.git('commit-tree', '-m', 'alone', 'main^{tree}');
    sandbox.git('update-ref', 'refs/heads/topic', alone);
    expect(await failure(forge.open(newRequest(alone)))).toMatchObject({
      code: 'unrelated-histories',
    });
  });
});

describe('update', () => {
  test('changes what is given and leaves the rest', async () => {
    const sandbox = await createSandbox();
    const { id, request } = await openTopic(sandbox, sandbox.forge());
    const later = sandbox.forge({ clock: () => new Date('2026-01-31T00:00:00.900Z') });
    const outcome = await later.update(id, { title: 'New title', labels: ['z', 'a'] });
    const expected = {
      ...request,
      title: 'New title',
      labels: ['a', 'z'],
      updatedAt: '2026-01-31T00:00:00Z',
    };
    expect(outcome).toEqual({ changed: true, request: expected });
    expect(await later.get(id)).toEqual({ ...expected, comments: [] });
  });

  test('writes nothing when everything is so already', async () => {
    const sandbox = await createSandbox();
    const { id, head } = await openTopic(sandbox, sandbox.forge(), { labels: ['a', 'b'] });
    const before = sandbox.git('rev-parse', 'refs/holdfast/requests');
    const later = sandbox.forge({ clock: () => new Date('2027-01-01T00:00:00Z') });
    const outcome = await later.update(id, {
      title: 'Update the guide',
      body: 'A longer text.\n',
      labels: ['b', 'a', 'a'],
      reviewers: ['ada'],
      headCommit: head,
      autoMerge: false,
    });
    expect(outcome).toMatchObject({
      changed: false,
      request: { updatedAt: '2026-01-30T12:00:00Z' },
    });
    expect(sandbox.git('rev-parse', 'refs/holdfast/requests')).toBe(before);
  });

  test('records a head commit that moved, and refuses one that is not the tip', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { id, head } = await openTopic(sandbox, forge);
    const next = await sandbox.commit('topic', { 'guide.md': 'two\n' });
    expect(await failure(forge.update(id, { headCommit: head }))).toMatchObject({
      code: 'head-moved',
      data: { expected: head, actual: next },
    });
    expect(await forge.update(id, { headCommit: next })).toMatchObject({ changed: true });
    expect(await forge.update(id, { headCommit: next })).toMatchObject({ changed: false });
    expect(sandbox.git('show', 'refs/holdfast/requests:1/request.json')).toContain(next);
  });

  test('an id that names nothing is the caller’s error, except in get', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    for (const id of ['7', '01', '__proto__', '../1', '']) {
      expect(await forge.get(id)).toBeUndefined();
      expect(await failure(forge.update(id, {}))).toMatchObject({ code: 'unknown-request' });
    }
  });
});

describe('list', () => {
  test('keeps what passes every condition, highest number first', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    for (const [head, labels] of [
      ['sync/a', ['x']],
      ['sync/b', ['x', 'y']],
      ['other', ['y']],
    ] as const) {
      const headCommit = await sandbox.commit(head, { [head]: '1' }, 'main');
      await forge.open(newRequest(headCommit, { head, labels }));
    }
    await forge.close('2');
    const ids = async (filter: object) => (await forge.list(filter)).map(({ id }) => id);
    expect(await ids({})).toEqual(['3', '2', '1']);
    expect(await ids({ state: 'open' })).toEqual(['3', '1']);
    expect(await ids({ state: 'closed' })).toEqual(['2']);
    expect(await ids({ headPrefix: 'sync/' })).toEqual(['2', '1']);
    expect(await ids({ head: 'other' })).toEqual(['3']);
    expect(await ids({ labels: ['x', 'y'] })).toEqual(['2']);
    expect(await ids({ base: 'elsewhere' })).toEqual([]);
  });

  test('is empty where there never was a request', async () => {
    const sandbox = await createSandbox({});
    expect(await sandbox.forge().list()).toEqual([]);
  });
});

describe('comment', () => {
  test('posts in order; of one key there is one, edited when it says something else', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { id } = await openTopic(sandbox, forge);
    await forge.comment(id, { body: 'first' });
    expect(await forge.comment(id, { body: 'second', key: 'drift:1' })).toMatchObject({
      kind: 'posted',
      comment: { id: '2', body: 'second', key: 'drift:1', author: 'holdfast' },
    });
    expect(await forge.comment(id, { body: 'changed', key: 'drift:1' })).toMatchObject({
      kind: 'edited',
      comment: { id: '2', body: 'changed' },
    });
    expect(await forge.comment(id, { body: 'changed', key: 'drift:1' })).toMatchObject({
      kind: 'existing',
      comment: { id: '2' },
    });
    const details = await forge.get(id);
    expect(details?.comments.map(({ body }) => body)).toEqual(['first', 'changed']);
  });
});

describe('close and reopen', () => {
  test('close posts its comment in the same commit; reopen clears the reason', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { id } = await openTopic(sandbox, forge);
    const closed = await forge.close(id, { reason: 'superseded', comment: 'See request 2.' });
    expect(closed).toMatchObject({
      kind: 'closed',
      request: { state: 'closed', closedBy: 'holdfast', closeReason: 'superseded' },
    });
    expect(sandbox.git('rev-list', '--count', 'refs/holdfast/requests')).toBe('2');
    expect((await forge.get(id))?.comments).toHaveLength(1);
    expect(await forge.close(id, { comment: 'again' })).toMatchObject({
      kind: 'not-open',
      state: 'closed',
    });
    const reopened = await forge.reopen(id);
    expect(reopened).toMatchObject({ kind: 'reopened', request: { state: 'open' } });
    expect(reopened).not.toHaveProperty('request.closedBy');
    expect(reopened).not.toHaveProperty('request.closeReason');
    expect(await forge.reopen(id)).toMatchObject({ kind: 'already-open' });
  });

  test('reopen refuses a merged request, one without its branch, and a duplicate', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { id, head } = await openTopic(sandbox, forge);
    await forge.close(id);
    const second = await forge.open(newRequest(head));
    expect(await forge.reopen(id)).toMatchObject({ kind: 'duplicate', request: { id: '2' } });
    await forge.close(second.request.id);
    sandbox.git('update-ref', '-d', 'refs/heads/topic');
    expect(await forge.reopen(id)).toEqual({ kind: 'head-gone', branch: 'topic' });
    sandbox.git('update-ref', 'refs/heads/topic', head);
    await forge.reopen(id);
    await mergeAtHead(forge, id, { method: 'merge' });
    expect(await forge.reopen(id)).toMatchObject({ kind: 'merged' });
  });
});

describe('a request follows its branches', () => {
  test('the head commit is the branch’s tip, and the last one known when the branch is gone', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { id, head } = await openTopic(sandbox, forge);
    const next = await sandbox.commit('topic', { 'guide.md': 'two\n' });
    expect(await forge.get(id)).toMatchObject({ headCommit: next, headGone: false });
    sandbox.git('update-ref', '-d', 'refs/heads/topic');
    expect(await forge.get(id)).toMatchObject({ headCommit: head, headGone: true, state: 'open' });
    expect(await mergeAtHead(forge, id, { method: 'merge' })).toEqual({
      kind: 'head-gone',
      branch: 'topic',
    });
  });

  test('a merge by hand is noticed on read and recorded on the next write', async () => {
    const sandbox = await createSandbox();
    const forge = sandbox.forge();
    const { id, head } = await openTopic(sandbox, forge);
    sandbox.git('update-ref', 'refs/heads/main', head);
    sandbox.git('update-ref', '-d', 'refs/heads/topic');
    const stored = () => sandbox.git('show', 'refs/holdfast/requests:1/request.json');
    expect(await forge.list({ state: 'merged' })).toMatchObject([{ id, state: 'merged' }]);
    expect(await forge.list({ state: 'open' })).toEqual([]);
    expect(await forge.close(id)).toMatchObject({ kind: 'not-open', state: 'merged' });
    expect(await forge.diff(id)).toMatchObject([{ path: 'guide.md', kind: 'added' }]);
    expect(stored()).toContain('"state": "open"');
    await forge.comment(id, { body: 'thank you' });
    expect(stored()).toContain('"state": "merged"');
  });

  test('diff compares the head with the merge base, before and after the merge', async () => {
    const sandbox = await createSandbox({ 'a.md': 'a', 'b.md': 'b' });
    const forge = sandbox.forge();
    const head = await sandbox.commit('topic', { 'a.md': 'changed', 'b.md': null, c: 'c' }, 'main');
    await sandbox.commit('main', { elsewhere: '1' });
    const { id } = (await forge.open(newRequest(head))).request;
    const before = await forge.diff(id);
    expect(before.map(({ path, kind }) => [path, kind])).toEqual([
      ['a.md', 'modified'],
      ['b.md', 'removed'],
      ['c', 'added'],
    ]);
    await mergeAtHead(forge, id, { method: 'squash' });
    expect(await forge.diff(id)).toEqual(before);
  });

  test('requests travel with the repository', async () => {
    const origin = await createSandbox();
    const { request } = await openTopic(origin, origin.forge());
    const clone = await createSandbox({});
    clone.git(
      'fetch',
      '--quiet',
      origin.directory,
      'refs/heads/*:refs/heads/*',
      'refs/holdfast/*:refs/holdfast/*',
    );
    const { body, ...listed } = request;
    expect(await clone.forge().list()).toEqual([listed]);
    expect(await clone.forge().get('1')).toMatchObject({ ...listed, body });
  });
});

test('the clock is asked once per operation', async () => {
  const sandbox = await createSandbox();
  let asked = 0;
  const forge = sandbox.forge({ clock: () => (asked++, stillClock()) });
  await openTopic(sandbox, forge);
  expect(asked).toBe(1);
});
