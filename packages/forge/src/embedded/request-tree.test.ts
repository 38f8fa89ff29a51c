import { execFileSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { createSandbox, newRequest, type Files, type Sandbox } from '../../test/git-sandbox.js';
import type { ForgeError } from '../port/forge-error.js';

const ref = 'refs/holdfast/requests';

/** Requests 1, 2 and 3, of which 2 gets other files; paths with null are removed. */
async function damage(files: Files): Promise<Sandbox> {
  const sandbox = await createSandbox();
  for (const head of ['one', 'two', 'three']) {
    const headCommit = await sandbox.commit(head, { [head]: '1' }, 'main');
    await sandbox.forge().open(newRequest(headCommit, { head, title: head }));
  }
  await sandbox.forge().comment('2', { body: 'hello' });
  const tip = sandbox.git('rev-parse', ref);
  await sandbox.commit('damage', files, tip);
  sandbox.git('update-ref', ref, 'refs/heads/damage');
  sandbox.git('update-ref', '-d', 'refs/heads/damage');
  return sandbox;
}

/** The record of request 2 with other fields. */
async function record(overrides: object): Promise<string> {
  const sandbox = await damage({});
  const stored = JSON.parse(sandbox.git('show', `${ref}:2/request.json`)) as object;
  return JSON.stringify({ ...stored, ...overrides });
}

async function failure(promise: Promise<unknown>): Promise<ForgeError> {
  return promise.then(
    () => expect.fail('it should have failed'),
    (error: ForgeError) => error,
  );
}

describe('a damaged request', () => {
  test.each<[string, () => Promise<Files>, string]>([
    ['no record', async () => ({ '2/request.json': null }), 'expected a file, got nothing'],
    ['cut JSON', async () => ({ '2/request.json': '{"version": 1,' }), 'expected JSON, got'],
    ['another value', async () => ({ '2/request.json': 'null' }), 'expected a record of version 1'],
    ['deep JSON', async () => ({ '2/request.json': '['.repeat(200_000) }), 'expected JSON, got'],
    [
      'another number',
      async () => ({ '2/request.json': await record({ number: 7 }) }),
      'expected the number of its folder, got 7',
    ],
    [
      'a branch that leaves refs/heads',
      async () => ({ '2/request.json': await record({ head: '../main' }) }),
      'head: must be the name of a git branch',
    ],
    [
      'an escape sequence in the title',
      async () => ({ '2/request.json': await record({ title: 'a\u001b]0;x' }) }),
      'title: must not contain control characters',
    ],
    [
      'an unknown key',
      async () => ({ '2/request.json': await record({ surprise: 1 }) }),
      'Unrecognized key: "surprise"',
    ],
  ])('%s: named, and the others are there', async (_, files, words) => {
    const sandbox = await damage(await files());
    const errors: ForgeError[] = [];
    const forge = sandbox.forge({ onDamaged: (error) => errors.push(error) });
    expect((await forge.list()).map(({ id }) => id)).toEqual(['3', '1']);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      code: 'damaged-request',
      blame: 'repository',
      data: { ref },
    });
    expect(errors[0]?.message).toContain(words);
    expect(errors[0]?.message).toContain(`${ref}:2/`);
    expect(errors[0]?.hint).toContain('git log');
    expect(await failure(forge.get('2'))).toMatchObject({ code: 'damaged-request' });
    const anyHead = { method: 'merge', expectedHead: '0'.repeat(40) } as const;
    expect(await failure(forge.merge('2', anyHead))).toMatchObject({ code: 'damaged-request' });
    expect(await forge.comment('1', { body: 'still works' })).toMatchObject({ kind: 'posted' });
    const head = await sandbox.commit('four', { four: '4' }, 'main');
    expect(await forge.open(newRequest(head, { head: 'four' }))).toMatchObject({
      request: { id: '4' },
    });
  });

  test.each<[string, Files, string]>([
    ['no body', { '2/body.md': null }, 'expected a file, got nothing'],
    [
      'a body beyond the limit',
      { '2/body.md': 'x'.repeat(65_537) },
      'expected at most 65536 characters, got 65537',
    ],
    [
      'a huge file',
      { '2/body.md': 'x'.repeat(600_000) },
      'expected at most 524288 bytes, got 600000',
    ],
  ])('%s: the request is listed, its text is named as damaged', async (_, files, words) => {
    const forge = (await damage(files)).forge();
    expect((await forge.list()).map(({ id }) => id)).toEqual(['3', '2', '1']);
    const error = await failure(forge.get('2'));
    expect(error).toMatchObject({ code: 'damaged-request', data: { path: '2/body.md' } });
    expect(error.message).toContain(words);
  });

  test('no second request is opened for the branch of one that cannot be read', async () => {
    const sandbox = await damage({ '2/request.json': '{"version": 1,' });
    const forge = sandbox.forge();
    const head = sandbox.git('rev-parse', 'two');
    const error = await failure(forge.open(newRequest(head, { head: 'two' })));
    expect(error).toMatchObject({ code: 'damaged-request', blame: 'repository' });
    expect(error.hint).toContain('It is the request of two, so no other is opened');
    expect(await failure(forge.findByHead('two'))).toMatchObject({ code: 'damaged-request' });
    expect(await forge.findByHead('three')).toHaveLength(1);
    expect(await forge.list()).toHaveLength(2);
  });

  test('where no version says whose it is, nothing is opened', async () => {
    const sandbox = await damage({ '4/body.md': 'x' });
    const head = await sandbox.commit('four', { four: '4' }, 'main');
    const error = await failure(sandbox.forge().open(newRequest(head, { head: 'four' })));
    expect(error.hint).toContain('Which branch it is for cannot be told');
  });

  test('the message reads well', async () => {
    const sandbox = await damage({
      '2/request.json': await record({ state: 'lost', labels: 'x' }),
    });
    const error = await failure(sandbox.forge().get('2'));
    expect(error.message.replace(sandbox.directory, 'target.git')).toMatchInlineSnapshot(
      `"target.git: refs/holdfast/requests:2/request.json: expected a record of version 1, got state: Invalid option: expected one of "open"|"merged"|"closed"; labels: Invalid input: expected array, received string"`,
    );
    expect(error.hint).toMatchInlineSnapshot(
      `"Look at it with "git show refs/holdfast/requests:2/request.json"; "git log refs/holdfast/requests -- 2/request.json" lists the commits to take an earlier version from."`,
    );
  });

  test('a newer version has its own code', async () => {
    const sandbox = await damage({ '2/request.json': await record({ version: 2, new: true }) });
    expect(await failure(sandbox.forge().get('2'))).toMatchObject({
      code: 'newer-version',
      data: { path: '2/request.json', expected: 1, actual: 2 },
    });
  });

  test('a damaged comment hides the conversation, not the request', async () => {
    const sandbox = await damage({ '2/comments/0001.json': '{}' });
    expect(await sandbox.forge().list()).toHaveLength(3);
    expect(await failure(sandbox.forge().get('2'))).toMatchObject({
      data: { path: '2/comments/0001.json' },
    });
    const [request] = await sandbox.forge().findByHead('two');
    const options = { method: 'merge', expectedHead: request!.headCommit } as const;
    expect(await sandbox.forge().merge('2', options)).toMatchObject({ kind: 'merged' });
  });

  test('a link, a submodule, a missing object in the place of a file', async () => {
    const sandbox = await damage({});
    const missing = '1'.repeat(40);
    const record = sandbox.git('rev-parse', `${ref}:1/request.json`);
    const plant = (mode: string, oid: string): void => {
      const body = sandbox.git('rev-parse', `${ref}:1/body.md`);
      const mktree = (lines: string) =>
        execFileSync('git', ['-C', sandbox.directory, 'mktree', '--missing'], { input: lines })
          .toString()
          .trim();
      const two = mktree(`${mode} ${oid}\trequest.json\n100644 blob ${body}\tbody.md\n`);
      const one = sandbox.git('rev-parse', `${ref}:1`);
      const root = mktree(`040000 tree ${one}\t1\n040000 tree ${two}\t2\n`);
      sandbox.git('update-ref', ref, sandbox.git('commit-tree', '-m', 'planted', root));
    };
    for (const [mode, oid, words] of [
      ['120000 blob', record, 'expected a file, got an entry of mode 120000'],
      ['160000 commit', sandbox.git('rev-parse', 'main'), 'got an entry of mode 160000'],
      ['100644 blob', missing, 'expected a readable object, got'],
    ] as const) {
      plant(mode, oid);
      expect((await failure(sandbox.forge().get('2'))).message).toContain(words);
      expect((await sandbox.forge().list()).map(({ id }) => id)).toEqual(['1']);
    }
  });

  test('a ref that holds no commit is named', async () => {
    const sandbox = await damage({});
    sandbox.git('update-ref', ref, sandbox.git('rev-parse', 'main:README.md'));
    expect(await failure(sandbox.forge().list())).toMatchObject({
      code: 'damaged-request',
      data: { ref },
    });
  });

  test('files that belong to nobody stay, and stay out of the way', async () => {
    const sandbox = await damage({
      NOTES: 'n',
      '02/request.json': '{}',
      '2/comments/x.json': '{}',
    });
    expect(await sandbox.forge().list()).toHaveLength(3);
    await sandbox.forge().comment('2', { body: 'second' });
    expect(Object.keys(sandbox.read(ref))).toEqual(
      expect.arrayContaining(['NOTES', '02/request.json', '2/comments/x.json']),
    );
  });
});

describe('limits', () => {
  test('no number beyond 99999', async () => {
    const last = await record({ number: 99_999, head: 'last' });
    const sandbox = await damage({ '99999/body.md': '', '99999/request.json': last });
    const head = await sandbox.commit('four', { four: '4' }, 'main');
    expect(await failure(sandbox.forge().open(newRequest(head, { head: 'four' })))).toMatchObject({
      code: 'too-large',
    });
  });

  test('no comment beyond 9999', async () => {
    const sandbox = await damage({ '2/comments/9999.json': '{}' });
    expect(await failure(sandbox.forge().comment('2', { body: 'one more' }))).toMatchObject({
      code: 'too-large',
    });
  });
});
