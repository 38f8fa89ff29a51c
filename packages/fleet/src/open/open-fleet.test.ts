import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFleet } from '@holdfast/sync';
import { expect, test } from 'vitest';
import { configuration, createSandbox, rule } from '../../test/sandbox.js';
import type { Sandbox } from '../../test/sandbox.js';
import { recordRun, withFleet } from '../index.js';

async function createFleet(more: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('api.git');
  await sandbox.repository('source', {
    'docs/guide.md': '# Guide\n',
    'holdfast.yaml': configuration,
    'rules/api.yaml': rule('api', 'org/api'),
    ...more,
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  return sandbox;
}

test('a run through an opened fleet reaches the target and the journal', async () => {
  await using sandbox = await createFleet();
  const surroundings = sandbox.surroundings('source', 'docs');
  await withFleet(surroundings, async (fleet) => {
    const started = fleet.clock();
    const result = await syncFleet(fleet);
    expect(result).toMatchObject({ kind: 'synced', items: [{ applied: { kind: 'opened' } }] });
    await recordRun(fleet, { started, result }, surroundings);
  });
  const [name = ''] = await readdir(sandbox.path('state/runs'));
  expect(name).toMatch(/^acme-standards-[0-9a-f]{12}\.jsonl$/);
  const journal = await readFile(join(sandbox.path('state/runs'), name), 'utf8');
  expect(JSON.parse(journal)).toMatchObject({
    version: 1,
    outcome: 'synced',
    items: [{ rule: 'api', target: 'org/api', planned: 'changed', applied: 'opened', request: 1 }],
  });
});

test('what the configuration allows a repository is what it gets', async () => {
  await using sandbox = await createFleet({
    'holdfast.yaml': `${configuration}\nlimits: { blob_bytes: 3 }\ntimeouts: { idle_seconds: 5 }\n`,
  });
  await withFleet(sandbox.surroundings('source'), async ({ source, openTarget }) => {
    const { entries } = await source.readSnapshot('HEAD');
    const { oid = '' } = entries.get('docs/guide.md') ?? {};
    await expect(source.readBlob(oid)).rejects.toMatchObject({
      code: 'too-large',
      data: { limit: 'blobBytes', allowed: 3, path: 'docs/guide.md' },
    });
    const { repository } = await openTarget('org/api');
    await repository.close();
  });
});

test('the source is closed when the use of it fails', async () => {
  await using sandbox = await createFleet();
  let source: { resolveCommit(revision: string): Promise<unknown> } | undefined;
  const failing = withFleet(sandbox.surroundings('source'), async (fleet) => {
    ({ source } = fleet);
    throw new Error('in use');
  });
  await expect(failing).rejects.toThrow('in use');
  await expect(source?.resolveCommit('HEAD')).rejects.toMatchObject({ code: 'closed' });
});

test('a target that the configuration does not have is refused', async () => {
  await using sandbox = await createFleet();
  await withFleet(sandbox.surroundings('source'), async (fleet) => {
    await expect(fleet.openTarget('org/none')).rejects.toMatchObject({
      code: 'bad-argument',
      message: 'the configuration has no target "org/none"',
    });
  });
});
