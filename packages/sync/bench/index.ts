// Memory and time of one rule for 10 to 5,000 targets: planned through a stream, on the real documents.
// Targets are names for a hundred repositories on the disk, so that the disk is not what is measured.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEmbeddedForge } from '@holdfast/forge';
import { openRepository } from '@holdfast/git';
import { parseConfiguration, parseRules, targetRules } from '@holdfast/manifest';
import { streamPlan, type Fleet } from '@holdfast/sync';

const bundle = join(
  import.meta.dirname,
  '../../../../shared/data/agent33-core/agent33-core.bundle',
);
const sizes = (process.env['BENCH_TARGETS'] ?? '10,100,1000,5000').split(',').map(Number);
const REPOSITORIES = 100;

if (!existsSync(bundle)) {
  console.log(`many targets: left out, ${bundle} is not here`);
  process.exit(0);
}
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-sync-'));
const environment = {
  PATH: process.env['PATH'],
  HOME: root,
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8' }).trim();

try {
  git('clone', '--quiet', '--bare', bundle, 'source.git');
  git('init', '--quiet', '--initial-branch=main', 'seed');
  git('-C', 'seed', 'commit', '--quiet', '--allow-empty', '--message', 'First');
  for (let index = 0; index < REPOSITORIES; index++) {
    git('clone', '--quiet', '--bare', 'seed', `target-${index}.git`);
  }
  const [release = ''] = git('-C', 'source.git', 'tag', '--sort=-creatordate').split('\n');
  console.log(`one rule, ${release}, planned for every target\n`);
  console.log(
    '| rule | targets | seconds | targets a second | peak heap (MB) | after the run (MB) |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const path of ['docs/agent33/', 'docs/{repo}/']) {
    for (const size of sizes) console.log(await measure(path, size));
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function measure(path: string, size: number): Promise<string> {
  await using source = await openSource();
  const fleet = createFleet(path, size, source.repository);
  collect();
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  let peak = 0;
  let seen = 0;
  for await (const item of streamPlan(fleet)) {
    if (item.kind !== 'changed') throw new Error(`${item.target}: ${JSON.stringify(item)}`);
    if (++seen % Math.max(5, size / 50) !== 0) continue;
    collect();
    peak = Math.max(peak, process.memoryUsage().heapUsed - before);
  }
  const seconds = (performance.now() - started) / 1000;
  collect();
  const after = process.memoryUsage().heapUsed - before;
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return `| \`${path}\` | ${size} | ${seconds.toFixed(1)} | ${(size / seconds).toFixed(0)} | ${mb(peak)} | ${mb(after)} |`;
}

async function openSource() {
  const repository = await openRepository(join(root, 'source.git'), { environment });
  return { repository, [Symbol.asyncDispose]: () => repository.close() };
}

function createFleet(path: string, size: number, source: Fleet['source']): Fleet {
  const names = Array.from({ length: size }, (_, index) => `org/target-${index}`);
  const configuration = parseConfiguration(
    JSON.stringify({
      source: { name: 'agent-33/AGENT-33' },
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
        target_path: path,
        strategy: 'copy',
        frequency: 'on_release',
        validation: { link_check: false, secret_scan: false, schema_check: false },
      },
    }),
    { file: 'rules.yaml' },
  );
  if (configuration.kind === 'invalid' || rules.kind === 'invalid') throw new Error('invalid');
  const clock = () => new Date();
  return {
    configuration: configuration.value,
    rules: targetRules(rules.value, configuration.value),
    sourceName: 'agent-33/AGENT-33',
    source,
    clock,
    async openTarget(name) {
      const index = Number(name.split('-').at(-1)) % REPOSITORIES;
      const repository = await openRepository(join(root, `target-${index}.git`), { environment });
      const actor = { name: 'Bench', email: 'bench@example.com' };
      return { repository, forge: createEmbeddedForge({ repository, clock, actor }) };
    },
  };
}
