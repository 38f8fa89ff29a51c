import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { documentOf } from './catalogue-loop.js';
import { json, model } from './catalogue-source.js';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const rule = (id: string, more: string) => `sync_rule:
  id: ${id}
  source: "core/**"
  targets: ["org/*"]
  target_path: docs/${id}/
  strategy: copy
  frequency: on_release
  transforms: [{ replace: { literal: Upstream, with: Local } }]
${more}`;

/** A source with a release that two targets hold, under one rule of both directions and one of one. */
async function createFleet(): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('source', {
    'holdfast.yaml': `version: 1
source: { name: org/core, repo: ., branch: main }
rules: ["rules/*.yaml"]
targets:
  org/web: { url: ../web.git, branch: main }
  org/api: { url: ../api.git, branch: main }
`,
    'rules/both.yaml': rule('both', '  direction: both\n'),
    'rules/down.yaml': rule('down', ''),
    'core/guide.md': '# Upstream guide\n\nOne\n\nTwo\n\nThree\n',
    'core/models/loan.json': model('loan', { amount: 'number' }),
    'core/derivations/total.json': json({ name: 'total', inputs: ['loan.amount'] }),
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0', 'main');
  await sandbox.repository('web.git');
  await sandbox.repository('api.git');
  await sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--force', 'main');
  const synced = await sandbox.holdfast(['sync']);
  expect(synced).toMatchObject({ exitCode: 0, stderr: '' });
  for (const target of ['web', 'api']) await mergeAll(sandbox, target);
  return sandbox;
}

interface Delivered {
  readonly targets: readonly {
    readonly target: string;
    readonly outcome: string;
    readonly title?: string;
    readonly files?: readonly { path: string; source: string; outcome: string; reason?: string }[];
    readonly problems?: readonly string[];
  }[];
}

/** Merges every open branch of a target by moving its main on. */
async function mergeAll(sandbox: Sandbox, target: string): Promise<void> {
  const refs = (await sandbox.refs(`${target}.git`)).split('\n');
  for (const line of refs) {
    const [ref = ''] = line.split(' ');
    if (!ref.startsWith('refs/heads/holdfast-sync/')) continue;
    const folder = sandbox.path(`${target}-merge`);
    await sandbox.git(sandbox.folder, 'clone', '-q', sandbox.path(`${target}.git`), folder);
    await sandbox.git(
      folder,
      ...['-c', 'user.name=M', '-c', 'user.email=m@x'],
      ...['merge', '-q', '--no-edit', `origin/${ref.slice('refs/heads/'.length)}`],
    );
    await sandbox.git(folder, 'push', '-q', 'origin', 'HEAD:main');
    await rm(folder, { recursive: true });
  }
}

test(
  'edits of delivered files flow back where the rule says so, and the next sync finds them there',
  { timeout: 120_000 },
  async () => {
    await using sandbox = await createFleet();
    for (const target of ['web', 'api']) await mergeAll(sandbox, target);
    const push = async (...args: string[]) => {
      const finished = await sandbox.holdfast(['push', '--json', ...args]);
      return { ...documentOf<Delivered>(finished), exitCode: finished.exitCode };
    };
    expect(await push()).toMatchObject({
      exitCode: 0,
      targets: [
        { target: 'org/web', outcome: 'nothing' },
        { target: 'org/api', outcome: 'nothing' },
      ],
    });

    await sandbox.commit('web.git', 'Edit', {
      'docs/both/guide.md': '# Local guide\n\nOne and a half\n\nTwo\n\nThree\n',
      'docs/both/models/loan.json': model('loan', { amount: 'integer' }),
      'docs/down/guide.md': '# Local guide\n\nMine\n',
    });
    await sandbox.commit('source', 'Meanwhile', {
      'core/guide.md': '# Upstream guide\n\nOne\n\nTwo\n\nFour\n',
    });
    expect(await push('both', '--dry-run')).toMatchObject({
      exitCode: 0,
      targets: [
        {
          outcome: 'planned',
          title:
            'loan: field amount narrowed from number to integer (breaking for readers: 1.5); read by total',
          files: [
            { path: 'docs/both/guide.md', source: 'core/guide.md', outcome: 'merged' },
            { source: 'core/models/loan.json', outcome: 'modified' },
          ],
        },
        { outcome: 'nothing' },
      ],
    });
    expect(await push('both')).toMatchObject({
      exitCode: 1,
      targets: [{ outcome: 'refused' }, {}],
    });
    expect(await sandbox.refs('source')).not.toContain('holdfast-push');
    expect(await push('both', '--yes')).toMatchObject({
      exitCode: 0,
      targets: [{ outcome: 'opened', request: { number: 1 } }, {}],
    });
    expect(await push('both', '--yes')).toMatchObject({ targets: [{ outcome: 'unchanged' }, {}] });
    const branch = 'holdfast-push/both/org/web';
    expect(await sandbox.show('source', branch, 'core/guide.md')).toBe(
      '# Upstream guide\n\nOne and a half\n\nTwo\n\nFour\n',
    );
    expect(
      await sandbox.git(sandbox.path('source'), 'log', '-1', '--format=%an <%ae>', branch),
    ).toBe('Ada <ada@example.com>');

    const merged = await sandbox.git(sandbox.path('source'), 'rev-parse', branch);
    await sandbox.git(sandbox.path('source'), 'update-ref', 'refs/heads/main', merged);
    await sandbox.git(sandbox.path('source'), 'tag', 'v1.1.0', merged);
    expect(await push('both', '--yes')).toMatchObject({ targets: [{ outcome: 'nothing' }, {}] });
    const plan = documentOf<{ items: { rule: string; target: string; semantic?: object }[] }>(
      await sandbox.holdfast(['plan', 'both', '--json']),
    );
    const narrowed = { verdict: 'breaking', changes: [{ name: 'loan', affected: ['total'] }] };
    expect(plan.items.find(({ target }) => target === 'org/api')?.semantic).toMatchObject(narrowed);
    await sandbox.holdfast(['sync', 'both']);
    const shown = await sandbox.holdfast(['requests', 'show', 'org/api']);
    expect(shown.stdout).toContain('What Changes in Meaning');
    expect(shown.stdout).toContain('loan: field amount narrowed from number to integer');
    await mergeAll(sandbox, 'web');
    expect(await sandbox.holdfast(['drift', 'both', '--target', 'org/web'])).toMatchObject({
      exitCode: 0,
    });
  },
);

test(
  'nothing flows back where no rule says so, nor what is invalid or in conflict',
  { timeout: 120_000 },
  async () => {
    await using sandbox = await createFleet();
    for (const target of ['web', 'api']) await mergeAll(sandbox, target);
    await sandbox.commit('web.git', 'Edit', {
      'docs/down/guide.md': '# Local guide\n\nMine\n',
      'docs/both/models/loan.json': '{ "name": ',
    });
    const refused = await sandbox.holdfast(['push', 'down', '--yes', '--json']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stdout).toContain('the rule down delivers in one direction');
    const invalid = documentOf<Delivered>(await sandbox.holdfast(['push', '--yes', '--json']));
    expect(invalid.targets[0]).toMatchObject({
      outcome: 'invalid',
      problems: [expect.stringContaining('core/models/loan.json: the file does not parse')],
    });
    await sandbox.commit('source', 'Clash', {
      'core/models/loan.json': model('loan', { amount: 'boolean' }),
    });
    await sandbox.commit('web.git', 'Edit', {
      'docs/both/models/loan.json': model('loan', { amount: 'integer' }),
    });
    const blocked = await sandbox.holdfast(['push', '--yes', '--json']);
    expect(blocked.exitCode).toBe(1);
    expect(documentOf<Delivered>(blocked).targets[0]).toMatchObject({
      outcome: 'blocked',
      files: [{ outcome: 'conflicted' }],
    });
    expect(await sandbox.refs('source')).not.toContain('holdfast-push');
  },
);
