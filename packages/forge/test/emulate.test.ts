import { createEmulator } from 'emulate';
import { expect, onTestFinished, test } from 'vitest';

import {
  createHostGate,
  createServerClient,
  openServerForge,
  tokenAuthorization,
} from '../src/index.js';
import { quickly } from './forge-world.js';

/** `emulate` knows no git: commits are made by its API, and nothing is shown of them. */
const noRepository = {
  resolveCommit: async () => undefined,
  mergeBase: async () => undefined,
  diffTrees: async () => [],
};

async function emulateGithub() {
  const user = (login: string) => ({ login, name: login, email: `${login}@example.com` });
  const emulator = await createEmulator({
    service: 'github',
    port: 20_000 + (process.pid % 20_000),
    seed: {
      tokens: { token: { login: 'holdfast', scopes: ['repo', 'user'] } },
      github: {
        users: [user('holdfast'), user('ada')],
        orgs: [{ login: 'org', name: 'Org', members: [{ login: 'holdfast', role: 'admin' }] }],
        repos: [{ owner: 'org', name: 'webapp', auto_init: true }],
      },
    },
  });
  onTestFinished(() => emulator.close());
  const clock = () => new Date();
  const client = createServerClient('github', {
    apiUrl: emulator.url,
    authorization: tokenAuthorization('github', 'token'),
    gate: createHostGate('emulate', { clock, sleep: quickly }),
    clock,
    sleep: quickly,
  });
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown) =>
    (await client.call({ method, path: `/repos/org/webapp/git${path}`, body })).body as {
      readonly sha: string;
      readonly object: { readonly sha: string };
      readonly tree: { readonly sha: string };
    };
  const commit = async (branch: string): Promise<string> => {
    const { object } = await call('GET', '/ref/heads/main');
    const { sha: parent } = object;
    const { sha: blob } = await call('POST', '/blobs', { content: branch, encoding: 'utf-8' });
    const { tree: base } = await call('GET', `/commits/${parent}`);
    const entry = { path: `${branch}.md`, mode: '100644', type: 'blob', sha: blob };
    const { sha: tree } = await call('POST', '/trees', {
      base_tree: base.sha,
      tree: [entry],
    });
    const made = await call('POST', '/commits', { message: branch, tree, parents: [parent] });
    await call('POST', '/refs', { ref: `refs/heads/${branch}`, sha: made.sha });
    return made.sha;
  };
  const forge = openServerForge('github', {
    client,
    path: 'org/webapp',
    repository: noRepository,
    sleep: quickly,
  });
  return { forge, commit };
}

test('a request lives the same life on a server of another hand', async () => {
  const { forge, commit } = await emulateGithub();
  const headCommit = await commit('topic');
  const wanted = { title: 'Update', body: 'text\n', head: 'topic', base: 'main', headCommit };
  const opened = await forge.open({ ...wanted, labels: ['sync'], reviewers: ['ada', 'holdfast'] });
  expect(opened).toMatchObject({ kind: 'opened', request: { state: 'open', labels: ['sync'] } });
  const { id } = opened.request;
  expect(await forge.open(wanted)).toMatchObject({ kind: 'existing', request: { id } });
  expect(await forge.findByHead('topic')).toMatchObject([{ id, headCommit }]);
  expect(await forge.update(id, { title: 'Another' })).toMatchObject({ changed: true });
  expect((await forge.comment(id, { body: 'one', key: 'k' })).kind).toBe('posted');
  expect((await forge.comment(id, { body: 'two', key: 'k' })).kind).toBe('edited');
  expect(await forge.close(id, { reason: 'superseded' })).toMatchObject({
    kind: 'closed',
    request: { closeReason: 'superseded' },
  });
  expect(await forge.reopen(id)).toMatchObject({ kind: 'reopened' });
  const merged = await forge.merge(id, { method: 'squash', expectedHead: headCommit });
  expect(merged).toMatchObject({ kind: 'merged', request: { state: 'merged' } });
  expect((await forge.issues.report({ key: 'drift', title: 'Drift', body: 'x' })).kind).toBe(
    'opened',
  );
  expect((await forge.issues.report({ key: 'drift', title: 'Drift', body: 'x' })).kind).toBe(
    'unchanged',
  );
  expect(await forge.issues.resolve('drift')).toBe(true);
});
