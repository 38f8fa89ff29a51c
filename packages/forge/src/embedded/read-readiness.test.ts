import { expect, test } from 'vitest';

import { createSandbox, newRequest } from '../../test/git-sandbox.js';

test('says whether a request can be merged, and what stands against it', async () => {
  const sandbox = await createSandbox({ 'a.md': 'a\n' });
  const forge = sandbox.forge();
  const headCommit = await sandbox.commit('topic', { 'a.md': 'topic\n' }, 'main');
  await forge.open(newRequest(headCommit, { draft: true }));
  const about = { headCommit, verdict: 'none', checks: [] };
  expect(await forge.readiness('1')).toEqual({ ...about, merge: 'draft', reasons: [] });
  await forge.update('1', { draft: false });
  expect(await forge.readiness('1')).toEqual({ ...about, merge: 'ready', reasons: [] });
  await sandbox.commit('main', { 'a.md': 'main\n' });
  expect(await forge.readiness('1')).toEqual({
    ...about,
    merge: 'conflicted',
    reasons: ['a.md is in conflict with main'],
  });
  await forge.close('1');
  expect(await forge.readiness('1')).toMatchObject({ merge: 'not-open' });
});
