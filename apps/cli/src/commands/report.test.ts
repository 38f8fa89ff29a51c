import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createSyncedFleet, guide } from '../../test/sandbox.js';

test('the report is one page without outside assets, and says who drifted and what ran', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('api.git', '<script>', { 'standards/guide.md': guide('<script>.') });
  const { exitCode, stdout } = await sandbox.holdfast(['report', '--html', 'out/fleet.html']);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'out/fleet.html: 2 rows, 3 alerts\n',
  });
  const page = await readFile(sandbox.path('source/out/fleet.html'), 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('Fleet of acme/standards');
  expect(page).toContain('<code>standards/guide.md</code>');
  expect(page).toContain('>Runs<');
  expect(page).not.toMatch(/(?:src|href)="?https?:/);
  const { stdout: json } = await sandbox.holdfast(['report', '--html', 'out/fleet.html', '--json']);
  expect(JSON.parse(json)).toMatchObject({ written: 'out/fleet.html', rows: 2, alerts: 3 });
  await writeFile(sandbox.path('source/file'), '');
  const wrong = await sandbox.holdfast(['report', '--html', 'file/fleet.html']);
  expect(wrong).toMatchObject({ exitCode: 3 });
});
