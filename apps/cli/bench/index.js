// Plan and sync of the real documents to 1, 10 and 100 targets, against a shell script of plain git
// that does the same by clone, copy, add, commit and push. Prints medians and ratios of this run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../../..');
const bundle = join(project, '../shared/data/agent33-core/agent33-core.bundle');
const cli = join(import.meta.dirname, '../bin/holdfast.js');
const sizes = (process.env.BENCH_TARGETS ?? '1,10,100').split(',').map(Number);

if (!existsSync(bundle)) {
  console.log(`distribute: left out, ${bundle} is not here`);
  process.exit(0);
}

const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
  HOLDFAST_STATE_DIR: join(root, 'state'),
  HOLDFAST_CACHE_DIR: join(root, 'cache'),
};
const run = (program, args, options = {}) =>
  execFileSync(program, args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });

/** Milliseconds that a call takes. */
function time(call) {
  const start = performance.now();
  call();
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Bare targets with one commit each, below a folder. */
function createTargets(folder, count) {
  const seed = join(folder, 'seed');
  run('git', ['init', '-q', '-b', 'main', seed]);
  writeFileSync(join(seed, 'README.md'), '# Target\n');
  run('git', ['-C', seed, 'add', '.']);
  run('git', ['-C', seed, 'commit', '-q', '-m', 'First']);
  return Array.from({ length: count }, (_, index) => {
    const target = join(folder, `target-${index}.git`);
    run('git', ['clone', '-q', '--bare', '--no-hardlinks', seed, target]);
    return target;
  });
}

function configure(folder, targets, validation) {
  const names = targets.map((target, index) => [`org/target-${index}`, target]);
  const lines = names.map(
    ([name, url]) => `  ${name}: { url: ${JSON.stringify(url)}, branch: main }`,
  );
  writeFileSync(
    join(folder, 'holdfast.yaml'),
    `version: 1\nnamespace: agent33\nsource: { name: agent-33/AGENT-33, repo: ${JSON.stringify(source)} }\nrules: ["rules.yaml"]\ntargets:\n${lines.join('\n')}\n`,
  );
  const rules = names.map(
    ([name], index) =>
      `sync_rule:\n  id: rule-${index}\n  source: "core/**"\n  target_repo: ${name}\n  target_path: "docs/agent33/"\n  strategy: copy\n  frequency: on_release\n  validation: ${JSON.stringify(validation)}\n`,
  );
  writeFileSync(join(folder, 'rules.yaml'), rules.join('---\n'));
}

const shellScript = `set -e
source=$1; release=$2; folder=$3; shift 3
git clone -q "$source" "$folder/source"
git -C "$folder/source" checkout -q "$release"
for target in "$@"; do
  git clone -q "$target" "$folder/work"
  git -C "$folder/work" checkout -q -b "agent33-sync/$release"
  mkdir -p "$folder/work/docs/agent33"
  cp -R "$folder/source/core/." "$folder/work/docs/agent33/"
  git -C "$folder/work" add -A
  git -C "$folder/work" commit -q -m "sync $release"
  git -C "$folder/work" push -q origin "agent33-sync/$release"
  rm -rf "$folder/work"
done
rm -rf "$folder/source"
`;

const source = join(root, 'source');
run('git', ['clone', '-q', bundle, source]);
const release = 'v2.5.0';
const everyGate = {};
const noGate = Object.fromEntries(
  ['checksum', 'link_check', 'schema_check', 'secret_scan', 'version_tag'].map((check) => [
    check,
    false,
  ]),
);

/** One measurement of every way to do it, each on fresh targets. */
function measure(count) {
  const fresh = (name, validation) => {
    const folder = join(root, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const targets = createTargets(folder, count);
    configure(folder, targets, validation);
    return { folder, targets };
  };
  const holdfast = (folder, command) => () =>
    run(process.execPath, [cli, command, '--quiet'], { cwd: folder });
  const gated = fresh('gated', everyGate);
  const plain = fresh('plain', noGate);
  const script = fresh('script', noGate);
  return {
    '--help': time(holdfast(gated.folder, '--help')),
    'plan, every gate': time(holdfast(gated.folder, 'plan')),
    'sync, every gate': time(holdfast(gated.folder, 'sync')),
    'sync, no gate': time(holdfast(plain.folder, 'sync')),
    'sync again, no gate': time(holdfast(plain.folder, 'sync')),
    drift: time(holdfast(plain.folder, 'drift')),
    'plain git': time(() =>
      run('sh', ['-c', shellScript, 'sync', source, release, script.folder, ...script.targets]),
    ),
  };
}

/** How many times a sync of so many targets starts git: a git in its place notes each start. */
function countStarts(count) {
  const folder = join(root, 'counted');
  mkdirSync(folder);
  configure(folder, createTargets(folder, count), noGate);
  const log = join(folder, 'starts');
  const git = run('sh', ['-c', 'command -v git']).toString().trim();
  const program = `#!/bin/sh\necho "$*" >> '${log}'\nexec '${git}' "$@"\n`;
  writeFileSync(join(folder, 'git'), program, { mode: 0o755 });
  writeFileSync(log, '');
  run(process.execPath, [cli, 'sync', '--quiet'], {
    cwd: folder,
    env: { ...environment, PATH: `${folder}:${environment.PATH}` },
  });
  return readFileSync(log, 'utf8').split('\n').length - 1;
}

try {
  const counted = 10;
  console.log(`git is started ${countStarts(counted)} times in a sync of ${counted} local targets`);
  console.log(
    `distribute: ${release} of the real documents (193 files), median ms and ratio to plain git`,
  );
  for (const count of sizes) {
    const rounds = Array.from({ length: count >= 100 ? 1 : 3 }, () => measure(count));
    const names = Object.keys(rounds[0]);
    const medians = Object.fromEntries(
      names.map((name) => [name, median(rounds.map((round) => round[name]))]),
    );
    for (const name of names) {
      const ratio = medians[name] / medians['plain git'];
      console.log(
        `${String(count).padStart(4)} targets  ${name.padEnd(20)} ${medians[name].toFixed(0).padStart(7)} ms  ${ratio.toFixed(2).padStart(6)}×`,
      );
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
