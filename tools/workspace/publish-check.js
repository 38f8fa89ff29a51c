// `npm run publish-check [-- PACKAGE…]`: publishes every package to a registry on loopback, and uses each as a
// stranger would: installed alone in an empty folder, its README's snippet run and type-checked, its size within
// its budget. It checks what is committed. Needs the public registry for the packages' own dependencies.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkInstalled } from './check-installed.js';
import { root, run } from './run.js';

/** The Node.js that `engines` names. */
const FLOOR = '22.22.2';

const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'holdfast-publish-'));
let registry;
try {
  process.exitCode = await check();
} finally {
  if (registry !== undefined) {
    registry.kill();
    await once(registry, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
}

async function check() {
  if ((await run('nx', ['run-many', '-t', 'build'], { quiet: true })) !== 0) return 1;
  const address = await startRegistry();
  const env = {
    npm_config_registry: address,
    npm_config_userconfig: join(folder, 'npmrc'),
    npm_config_cache: join(folder, 'cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  const packages = await publish(env);
  if (packages === undefined) return 1;
  const node = await installFloor(env);
  const budgets = JSON.parse(await readFile(join(root, 'tools/workspace/budgets.json'), 'utf8'));

  let failed = 0;
  const names = packages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const { name, version, readme, project } of names) {
    const place = join(folder, 'installed', name.replace('/', '+'));
    await mkdir(place, { recursive: true });
    const { problems, summary } = await checkInstalled({
      name,
      version,
      readme,
      project,
      place,
      node,
      env,
      budget: budgets[name] ?? {},
    });
    console.log(`${name} ${version}: ${problems.length === 0 ? summary : 'failed'}`);
    for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`);
    if (problems.length > 0) failed += 1;
  }
  console.log(`${names.length - failed} packages hold, ${failed} do not`);
  return failed === 0 && names.length > 0 ? 0 : 1;
}

/** Starts a registry that keeps our packages and asks the configured one for all others. */
async function startRegistry() {
  const home = join(root, 'tools/workspace/registry');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: home });
  const upstream = (await output('npm', ['config', 'get', 'registry'])).trim();
  const ours = { access: '$all', publish: '$authenticated' };
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({
      storage: join(folder, 'storage'),
      auth: { htpasswd: { file: join(folder, 'htpasswd') } },
      uplinks: { public: { url: upstream, maxage: '30m' } },
      packages: { '@holdfast/*': ours, holdfast: ours, '**': { access: '$all', proxy: 'public' } },
      log: { type: 'stdout', format: 'json', level: 'error' },
    }),
  );
  const port = await freePort();
  const verdaccio = join(home, 'node_modules/verdaccio/bin/verdaccio');
  const args = [
    verdaccio,
    '--config',
    join(folder, 'config.json'),
    '--listen',
    `127.0.0.1:${port}`,
  ];
  registry = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const address = `http://127.0.0.1:${port}/`;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await fetch(`${address}-/ping`).catch(() => undefined);
    if (answer?.ok) break;
    if (attempt === 150 || registry.exitCode !== null)
      throw new Error('the registry did not start');
    await wait(200);
  }
  const user = { name: 'publisher', password: 'publisher-of-this-run' };
  const answer = await fetch(`${address}-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { token } = await answer.json();
  await writeFile(join(folder, 'npmrc'), `//127.0.0.1:${port}/:_authToken=${token}\n`);
  return address;
}

/** Versions and publishes a clone with the release command, and names what the registry has then. */
async function publish(env) {
  const clone = join(folder, 'workspace');
  if ((await run('git', ['clone', '--quiet', root, clone])) !== 0) return undefined;
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  const packages = [];
  for (const parent of ['packages', 'apps']) {
    for (const name of (await readdir(join(clone, parent))).sort()) {
      await cp(join(root, parent, name, 'dist'), join(clone, parent, name, 'dist'), {
        recursive: true,
      });
      packages.push(join(clone, parent, name));
    }
  }
  const release = join(clone, 'tools/workspace/release.js');
  for (const args of [['version'], ['publish', '--built']]) {
    if (args[0] === 'publish') await commit(clone);
    const code = await run('node', [release, ...args], { cwd: clone, env, quiet: true });
    if (code !== 0) return undefined;
  }
  return Promise.all(
    packages.map(async (place) => ({
      ...JSON.parse(await readFile(join(place, 'package.json'), 'utf8')),
      readme: await readFile(join(place, 'README.md'), 'utf8'),
      project: place,
    })),
  );
}

/** The oldest Node.js that packages promise to run on. */
async function installFloor(env) {
  const place = join(folder, 'floor');
  await mkdir(place);
  await writeFile(join(place, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--silent', `node@${FLOOR}`], { cwd: place, env });
  return join(place, 'node_modules/node/bin/node');
}

async function commit(clone) {
  const who = ['-c', 'user.name=publisher', '-c', 'user.email=publisher@example.com'];
  await run('git', [...who, 'commit', '--quiet', '--all', '-m', 'release'], { cwd: clone });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function output(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return (await Array.fromAsync(child.stdout)).join('');
}
