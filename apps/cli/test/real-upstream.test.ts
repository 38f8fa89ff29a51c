import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const execute = promisify(execFile);
const bundle = fileURLToPath(
  new URL('../../../../shared/data/agent33-core/agent33-core.bundle', import.meta.url),
);

const configuration = `version: 1
namespace: agent33
source: { name: agent-33/AGENT-33, repo: ., release_tags: "v*" }
rules: ["rules/*.yaml"]
targets:
  org/webapp: { url: ../webapp.git }
  org/mirror: { url: ../mirror.git }
  org/docs: { url: ../docs.git, branch: trunk }
`;

/** The example rule of the distribution specification. */
const exampleRule = `sync_rule:
  id: "sync-webapp-orchestrator"
  source: "core/orchestrator/**/*.md"
  target_repo: "org/webapp"
  target_path: "docs/agent33/orchestrator/"
  strategy: copy
  frequency: on_release
  filters:
    include:
      - "core/orchestrator/*.md"
      - "core/orchestrator/handoff/*.md"
    exclude:
      - "core/orchestrator/distribution/**"
  transforms:
    - strip_internal_links: true
    - rewrite_paths:
        from: "core/"
        to: "docs/agent33/"
  validation:
    checksum: true
    schema_check: true
`;

const wholeCore = (id: string, target: string) => `sync_rule:
  id: ${id}
  source: "core/**"
  target_repo: ${target}
  target_path: "agent33/"
  strategy: copy
  frequency: on_release
  validation:
    # The real source has a workflow that does not parse; it goes out as it is.
    source_findings: { schema_check: warn }
`;

/** A source of five releases where the real documents are not at hand. */
async function generateUpstream(sandbox: Sandbox): Promise<void> {
  await sandbox.repository('source', { 'core/README.md': '# Core\n' });
  for (const [index, tag] of ['v2.2.0', 'v2.3.0', 'v2.3.1', 'v2.4.0', 'v2.5.0'].entries()) {
    await sandbox.commit('source', `Write ${tag}`, {
      'core/orchestrator/PLAN.md': `# Plan\n\n${'A step.\n'.repeat(index + 1)}`,
      [`core/orchestrator/handoff/STEP_${index}.md`]: `# Step ${index}\n`,
      'core/agents/agent.json': `{ "version": ${index} }\n`,
      ...(index === 2 ? { 'core/README.md': null } : {}),
    });
    await sandbox.git(sandbox.path('source'), 'tag', tag);
  }
}

async function createUpstream(): Promise<Sandbox> {
  const sandbox = await createSandbox();
  if (existsSync(bundle))
    await execute('git', ['clone', '--quiet', bundle, sandbox.path('source')]);
  else await generateUpstream(sandbox);
  await sandbox.repository('webapp.git');
  await sandbox.repository('mirror.git');
  await sandbox.repository('docs.git');
  await sandbox.git(sandbox.path('docs.git'), 'branch', '--move', 'main', 'trunk');
  await sandbox.write({
    'source/holdfast.yaml': configuration,
    'source/rules/webapp.yaml': exampleRule,
    'source/rules/core.yaml': `${wholeCore('mirror-core', 'org/mirror')}---\n${wholeCore('docs-core', 'org/docs')}`,
  });
  return sandbox;
}

const names = ['webapp.git', 'mirror.git', 'docs.git'];

async function allRefs(sandbox: Sandbox): Promise<string[]> {
  return Promise.all(names.map((name) => sandbox.refs(name)));
}

interface Synced {
  readonly items: readonly {
    readonly target: string;
    readonly kind: string;
    readonly applied?: { readonly outcome: string };
  }[];
}

test('release after release reaches every target, and each second run writes nothing', async () => {
  await using sandbox = await createUpstream();
  const run = async (args: string[]) => {
    const finished = await sandbox.holdfast([...args, '--json']);
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    return JSON.parse(finished.stdout) as Synced;
  };
  const releases = await sandbox.git(sandbox.path('source'), 'tag', '--sort=version:refname');
  for (const release of releases.split('\n')) {
    const { items } = await run(['sync', '--release', release]);
    const opened = items.filter(({ kind }) => kind === 'changed');
    expect(opened.map(({ applied }) => applied?.outcome)).toEqual(opened.map(() => 'opened'));

    const before = await allRefs(sandbox);
    await run(['sync', '--release', release]);
    expect(await allRefs(sandbox)).toEqual(before);

    for (const { target } of opened) await run(['requests', 'merge', target]);
    const after = await allRefs(sandbox);
    const again = await run(['sync', '--release', release]);
    expect(again.items.map(({ kind }) => kind)).toEqual(again.items.map(() => 'current'));
    expect(await allRefs(sandbox)).toEqual(after);
  }

  // What was delivered is what the source holds, byte for byte and mode for mode.
  const tree = await sandbox.git(
    sandbox.path('source'),
    'rev-parse',
    `${releases.split('\n').at(-1)}:core`,
  );
  expect(await sandbox.git(sandbox.path('mirror.git'), 'rev-parse', 'main:agent33')).toBe(tree);
  expect(await sandbox.git(sandbox.path('docs.git'), 'rev-parse', 'trunk:agent33')).toBe(tree);
  for (const command of ['drift', 'verify', 'status']) {
    expect(await sandbox.holdfast([command])).toMatchObject({ exitCode: 0, stderr: '' });
  }
  for (const name of names) await sandbox.git(sandbox.path(name), 'fsck', '--strict');
}, 240_000);

test('two machines make the same commits', async () => {
  await using one = await createUpstream();
  await using other = await createUpstream();
  await one.holdfast(['sync']);
  await other.holdfast(['sync'], {
    now: '2027-01-01T00:00:00Z',
    environment: { TZ: 'Asia/Tokyo', USER: 'bob' },
  });
  const heads = (sandbox: Sandbox) =>
    Promise.all(names.map((name) => sandbox.git(sandbox.path(name), 'for-each-ref', 'refs/heads')));
  expect(await heads(other)).toEqual(await heads(one));
}, 120_000);
