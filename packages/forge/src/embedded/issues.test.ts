import { expect, test } from 'vitest';

import { createSandbox } from '../../test/git-sandbox.js';

const drift = {
  key: 'drift:docs',
  title: 'Two files drifted',
  body: '- a\n- b\n',
  labels: ['sync'],
};

test('an issue is opened once for a key, edited when it says something else, and closed', async () => {
  const sandbox = await createSandbox();
  const { issues } = sandbox.forge();
  expect(await issues.report(drift)).toMatchObject({ kind: 'opened', issue: { number: 1 } });
  expect(await issues.report(drift)).toMatchObject({ kind: 'unchanged', issue: { number: 1 } });
  const changed = { ...drift, body: '- a\n' };
  expect(await issues.report(changed)).toMatchObject({ kind: 'edited', issue: { body: '- a\n' } });
  expect(await issues.listOpen('drift:')).toHaveLength(1);
  expect(await issues.listOpen('stale:')).toEqual([]);
  expect(await issues.resolve(drift.key, 'In sync again.')).toBe(true);
  expect(await issues.resolve(drift.key)).toBe(false);
  expect(await issues.listOpen()).toEqual([]);
  expect(await issues.report(drift)).toMatchObject({ kind: 'opened', issue: { number: 2 } });
  expect(JSON.parse(sandbox.git('show', 'refs/holdfast/requests:issues/1.json'))).toMatchObject({
    state: 'closed',
    closedWith: 'In sync again.',
  });
});

test('issues and requests live beside each other', async () => {
  const sandbox = await createSandbox();
  const forge = sandbox.forge();
  await forge.issues.report(drift);
  const headCommit = await sandbox.commit('topic', { a: '1' }, 'main');
  const request = { title: 'T', body: '', head: 'topic', base: 'main', headCommit };
  expect(await forge.open(request)).toMatchObject({ kind: 'opened', request: { number: 1 } });
  expect(await forge.issues.listOpen()).toHaveLength(1);
});

test('the releases are the tags, highest first', async () => {
  const sandbox = await createSandbox();
  for (const tag of ['v1.9.0', 'v1.10.0', 'v2.0.0-rc.1']) sandbox.git('tag', tag, 'main');
  const releases = await sandbox.forge().listReleases();
  expect(releases.map(({ tag, prerelease }) => [tag, prerelease])).toEqual([
    ['v2.0.0-rc.1', true],
    ['v1.10.0', false],
    ['v1.9.0', false],
  ]);
});
