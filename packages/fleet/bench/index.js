/* global AbortController */
// Sync of one release to many repositories over HTTP on this machine, beside the way of
// repo-file-sync-action: clone, copy, commit, push, create, one repository after the other.
import { execFileSync, fork } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFleet } from '@holdfast/fleet';
import { planSync, syncFleet } from '@holdfast/sync';
import { request } from '@octokit/request';

const count = Number(process.env.BENCH_FORGE_TARGETS ?? 200);
const files = 20;
const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
  HOLDFAST_STATE_DIR: join(root, 'state'),
  HOLDFAST_CACHE_DIR: join(root, 'cache'),
  HOLDFAST_GIT_TOKEN_127_0_0_1: 'token',
};
const git = (cwd, ...args) =>
  execFileSync('git', ['-C', cwd, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

async function startStandIn(name) {
  const child = fork(join(import.meta.dirname, 'stand-in.js'), [join(root, name), String(count)]);
  const origin = await new Promise((resolve) => child.once('message', resolve));
  const requests = async () => {
    child.send('count');
    return new Promise((resolve) => child.once('message', resolve));
  };
  return { origin, requests, pid: child.pid, stop: () => child.disconnect() };
}

function createSource(origin) {
  const source = join(root, 'source');
  rmSync(source, { recursive: true, force: true });
  mkdirSync(join(source, 'docs'), { recursive: true });
  mkdirSync(join(source, 'rules'));
  for (let index = 0; index < files; index += 1) {
    writeFileSync(
      join(source, `docs/page-${index}.md`),
      `# Page ${index}\n\n${'text '.repeat(200)}\n`,
    );
  }
  const targets = Array.from(
    { length: count },
    (_, index) => `  org/t${index}: { url: "${origin}/org/t${index}.git", forge: github }\n`,
  );
  writeFileSync(
    join(source, 'holdfast.yaml'),
    `namespace: bench\nsource: { name: org/source }\ntargets:\n${targets.join('')}`,
  );
  writeFileSync(
    join(source, 'rules/docs.yaml'),
    'sync_rule:\n  id: docs\n  source: "docs/**"\n  targets: "**"\n  target_path: docs/\n  strategy: copy\n  frequency: on_release\n',
  );
  git(root, 'init', '-q', '-b', 'main', source);
  git(source, 'add', '.');
  git(source, 'commit', '-q', '-m', 'First');
  git(source, 'tag', 'v1.0.0');
  return source;
}

async function byScript(source, origin) {
  const octokit = request.defaults({
    baseUrl: `${origin}/api/v3`,
    headers: { authorization: 'Bearer token' },
  });
  const basic = Buffer.from('x:token').toString('base64');
  const login = ['-c', `http.extraHeader=Authorization: Basic ${basic}`];
  for (let index = 0; index < count; index += 1) {
    const clone = join(root, 'clone');
    const name = `org/t${index}`;
    execFileSync('git', [...login, 'clone', '-q', '--depth', '1', `${origin}/${name}.git`, clone], {
      env: environment,
    });
    git(clone, 'checkout', '-q', '-b', 'sync/default');
    cpSync(join(source, 'docs'), join(clone, 'docs'), { recursive: true });
    git(clone, 'add', '-A');
    git(clone, 'commit', '-q', '-m', 'Synced files');
    git(clone, ...login, 'push', '-q', 'origin', 'sync/default');
    const [owner, repo] = name.split('/');
    const about = { owner, repo, title: 'Synced', body: 'text' };
    await octokit('POST /repos/{owner}/{repo}/pulls', {
      ...about,
      head: 'sync/default',
      base: 'main',
    });
    rmSync(clone, { recursive: true, force: true });
  }
}

/** Seconds of processor time that a process and its ended children took; 0 where no system says so. */
function processorTime(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    return 0;
  }
}

/** What a way of doing it takes here, and of the server without the git that it runs. */
async function time(server, call) {
  const before = { own: processorTime(process.pid), server: processorTime(server.pid) };
  const start = performance.now();
  await call();
  return {
    seconds: (performance.now() - start) / 1000,
    own: processorTime(process.pid) - before.own,
    server: processorTime(server.pid) - before.server,
  };
}

const surroundings = (cwd) => ({
  cwd,
  environment,
  clock: () => new Date(),
  signal: new AbortController().signal,
});

try {
  const ours = await startStandIn('ours');
  const source = createSource(ours.origin);
  const plan = await time(ours, () => withFleet(surroundings(source), (fleet) => planSync(fleet)));
  let result;
  const sync = await time(ours, () =>
    withFleet(surroundings(source), async (fleet) => {
      result = await syncFleet(fleet);
    }),
  );
  const opened = result.items.filter(({ applied }) => applied?.kind === 'opened').length;
  if (opened !== count) throw new Error(`${opened} of ${count} opened`);
  const before = await ours.requests();
  const again = await time(ours, () =>
    withFleet(surroundings(source), (fleet) => syncFleet(fleet)),
  );
  const asked = (await ours.requests()) - before;
  ours.stop();
  const theirs = await startStandIn('theirs');
  const script = await time(theirs, () => byScript(createSource(theirs.origin), theirs.origin));
  theirs.stop();
  console.log(`${count} repositories, ${files} files, one machine`);
  const row = ({ seconds, own, server }) => ({
    seconds: seconds.toFixed(1),
    'times as fast': (script.seconds / seconds).toFixed(1),
    'processor here': own.toFixed(1),
    'of its API': server.toFixed(1),
    'times less here': (script.own / own).toFixed(1),
  });
  console.table({
    'clone, copy, commit, push, create': row(script),
    'plan (first, with mirrors)': row(plan),
    sync: row(sync),
    'sync again, nothing new': row(again),
  });
  console.log(`requests of the run with nothing new: ${(asked / count).toFixed(1)} a repository`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
