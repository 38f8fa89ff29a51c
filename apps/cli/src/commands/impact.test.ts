import { expect, test } from 'vitest';
import { createSyncedFleet, guide } from '../../test/sandbox.js';

test('impact names who would be in conflict, writes nothing, and exits with 1', async () => {
  await using sandbox = await createSyncedFleet();
  const source = sandbox.path('source');
  await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
  await sandbox.git(source, 'branch', 'bold', 'main');
  await sandbox.commit('source', 'Be bold', { 'docs/guide.md': guide('Be bold.') }, 'bold');
  const refs = [await sandbox.refs('api.git'), await sandbox.refs('source')];
  const args = ['impact', '--base', 'main', '--head', 'bold'];

  const { exitCode, stdout } = await sandbox.holdfast(args);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^org\/api {2}api {2}1 file, 1 conflict {2}on_release\n {4}standards\/guide\.md {2}conflict at lines 3–7\norg\/web {2}web {2}1 file {2}on_release\n {4}standards\/guide\.md {2}updated\n\nMerging bold \([0-9a-f]{12}\) into main: 2 targets would get something else\.\n1 delivery would need someone to decide\.\n$/,
  );
  expect([await sandbox.refs('api.git'), await sandbox.refs('source')]).toEqual(refs);

  const easy = await sandbox.holdfast([...args, 'web', '--json']);
  expect(easy.exitCode).toBe(0);
  expect(JSON.parse(easy.stdout)).toMatchObject({
    base: { name: 'main' },
    head: { name: 'bold' },
    unaffected: [],
    items: [{ kind: 'affected', target: 'org/web', conflicts: 0, blocked: false }],
  });
  const none = await sandbox.holdfast([...args, '--comment']);
  expect(none.stdout).toContain('No open request of the source is for bold');
  const wrong = await sandbox.holdfast(['impact', '--head', 'nowhere']);
  expect(wrong).toMatchObject({ exitCode: 2 });
});
