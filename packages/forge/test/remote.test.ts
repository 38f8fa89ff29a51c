import { join } from 'node:path';

import { openRepository } from '@holdfast/git';
import { expect, onTestFinished, test } from 'vitest';

import {
  createSandbox,
  newRequest,
  temporaryDirectory,
  type Sandbox,
  mergeAtHead,
} from './git-sandbox.js';

/** The forge of a remote repository, over a mirror of its own, as another machine has it. */
async function remoteForge(sandbox: Sandbox) {
  const repository = await openRepository(`file://${sandbox.directory}`, {
    environment: process.env,
    cacheDirectory: join(temporaryDirectory(), 'cache'),
  });
  onTestFinished(() => repository.close());
  return sandbox.forge({ repository });
}

test('two machines on one remote: the one whose mirror is behind reads again and goes on', async () => {
  const sandbox = await createSandbox();
  const head = await sandbox.commit('topic', { a: '1' }, 'main');
  const [first, second] = [await remoteForge(sandbox), await remoteForge(sandbox)];
  expect(await first.open(newRequest(head))).toMatchObject({ kind: 'opened' });
  expect(await second.open(newRequest(head, { title: 'Another' }))).toMatchObject({
    kind: 'existing',
    request: { id: '1', title: 'Update the guide' },
  });
  await first.comment('1', { body: 'from the first' });
  await second.comment('1', { body: 'from the second' });
  await sandbox.commit('main', { b: '2' });
  expect(await mergeAtHead(first, '1', { method: 'merge' })).toMatchObject({ kind: 'merged' });
  expect(sandbox.read('main')).toEqual({ 'README.md': 'hello', a: '1', b: '2' });
  const details = await sandbox.forge().get('1');
  expect(details).toMatchObject({ state: 'merged', headGone: true });
  expect(details?.comments.map(({ body }) => body)).toEqual(['from the first', 'from the second']);
});
