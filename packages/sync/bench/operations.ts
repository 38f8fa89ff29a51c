// What looking costs: status and alerts of many local targets, with the processes that are spawned, and a
// rollback of 200, with how often each old blob is read. BENCH_LOOK (default 1000) is how many targets.
import childProcess, { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let spawned = 0;
for (const name of ['spawn', 'execFile'] as const) {
  const original = childProcess[name] as (...args: unknown[]) => unknown;
  Object.assign(childProcess, {
    [name]: (...args: unknown[]) => {
      spawned++;
      return original(...args);
    },
  });
}
syncBuiltinESMExports();

const { createEmbeddedForge } = await import('@holdfast/forge');
const { openRepository } = await import('@holdfast/git');
const { parseConfiguration, parseRules, targetRules } = await import('@holdfast/manifest');
const { findAlerts, readStatus, rollbackFleet, syncFleet } = await import('@holdfast/sync');

const size = Number(process.env['BENCH_LOOK'] ?? '1000');
const ROLLED_BACK = Math.min(200, size);
const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-look-'));
const environment = { PATH: process.env['PATH'], HOME: root };
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], {
    cwd: root,
    encoding: 'utf8',
  }).trim();

try {
  git('init', '--quiet', '--initial-branch=main', 'source');
  release('v1.0.0', 'one');
  git('init', '--quiet', '--initial-branch=main', 'seed');
  git('-C', 'seed', 'commit', '--quiet', '--allow-empty', '--message', 'First');
  await deliver('v1.0.0', 1);
  release('v1.1.0', 'two');
  await deliver('v1.1.0', 1);
  // Targets that differ from each other in nothing but their names are copies of one.
  for (let index = 1; index < size; index++) {
    git('clone', '--quiet', '--bare', 'target-0.git', `target-${index}.git`);
  }
  await look();
  await rollBack();
} finally {
  rmSync(root, { recursive: true, force: true });
}

function release(tag: string, word: string): void {
  execFileSync(
    'sh',
    ['-c', `mkdir -p core && for i in $(seq 20); do echo "${word} $i" > core/$i.md; done`],
    { cwd: join(root, 'source') },
  );
  git('-C', 'source', 'add', '.');
  git('-C', 'source', 'commit', '--quiet', '--message', tag);
  git('-C', 'source', 'tag', tag);
}

async function deliver(tag: string, count: number): Promise<void> {
  if (tag === 'v1.0.0') git('clone', '--quiet', '--bare', 'seed', 'target-0.git');
  await withFleet(count, async (fleet) => {
    const result = await syncFleet(fleet, { release: tag });
    if (result.kind !== 'synced') throw new Error(result.kind);
    for (const { plan, applied } of result.items) {
      if (!applied || !('request' in applied) || !applied.request) throw new Error(plan.kind);
      const { forge, repository } = await fleet.openTarget(plan.target);
      const { id, headCommit } = applied.request;
      await forge.merge(id, { method: 'squash', expectedHead: headCommit });
      await repository.close();
    }
  });
}

async function look(): Promise<void> {
  await withFleet(size, async (fleet) => {
    const started = performance.now();
    spawned = 0;
    const rows = await readStatus(fleet);
    const alerts = findAlerts(rows, { now: fleet.clock(), namespace: 'holdfast' });
    const seconds = (performance.now() - started) / 1000;
    const current = rows.filter(({ status }) => status === 'Current').length;
    console.log(
      '| status and alerts | targets | current | alerts | seconds | processes a target |',
    );
    console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
    console.log(
      `| local | ${size} | ${current} | ${alerts.length} | ${seconds.toFixed(1)} | ${(spawned / size).toFixed(2)} |`,
    );
  });
}

async function rollBack(): Promise<void> {
  const read = new Map<string, number>();
  await withFleet(
    ROLLED_BACK,
    async (fleet) => {
      const started = performance.now();
      const items = await rollbackFleet(fleet, {
        to: 'v1.0.0',
        reason: 'bench',
        loggedBy: 'bench',
        dryRun: true,
      });
      const seconds = (performance.now() - started) / 1000;
      const planned = items.filter(({ kind }) => kind === 'rolled-back').length;
      const most = Math.max(0, ...read.values());
      console.log(
        `\nrollback plan: ${planned} of ${ROLLED_BACK} targets in ${seconds.toFixed(1)} s; ${read.size} blobs read, each at most ${most} times`,
      );
    },
    (oid) => read.set(oid, (read.get(oid) ?? 0) + 1),
  );
}

type Fleet = Parameters<typeof readStatus>[0];

async function withFleet(
  count: number,
  use: (fleet: Fleet) => Promise<void>,
  onRead: (oid: string) => void = () => undefined,
): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `org/target-${index}`);
  const configuration = parseConfiguration(
    JSON.stringify({
      source: { name: 'org/source' },
      targets: Object.fromEntries(names.map((name) => [name, { url: 'target.git' }])),
    }),
    { file: 'holdfast.yaml' },
  );
  const rules = parseRules(
    JSON.stringify({
      sync_rule: {
        id: 'all',
        source: 'core/**',
        targets: 'org/*',
        target_path: 'docs/',
        strategy: 'copy',
        frequency: 'on_release',
      },
    }),
    { file: 'rules.yaml' },
  );
  if (configuration.kind === 'invalid' || rules.kind === 'invalid') throw new Error('invalid');
  const clock = () => new Date();
  const source = await openRepository(join(root, 'source'), { environment });
  const fleet: Fleet = {
    configuration: configuration.value,
    rules: targetRules(rules.value, configuration.value),
    sourceName: 'org/source',
    source,
    clock,
    async openTarget(name) {
      const index = Number(name.split('-').at(-1));
      const opened = await openRepository(join(root, `target-${index}.git`), { environment });
      const repository = {
        ...opened,
        readBlob: (oid: string) => {
          onRead(oid);
          return opened.readBlob(oid);
        },
      };
      const actor = { name: 'Bench', email: 'bench@example.com' };
      return { repository, forge: createEmbeddedForge({ repository: opened, clock, actor }) };
    },
  };
  try {
    await use(fleet);
  } finally {
    await source.close();
  }
}
