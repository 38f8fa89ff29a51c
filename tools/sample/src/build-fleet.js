import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.js';

const content = fileURLToPath(new URL('../content/', import.meta.url));

/** Dates of the sample's commits, in seconds: the same repositories come out on every machine. */
const RELEASED = { 'v1.0.0': 1768208400, 'v1.1.0': 1769418000 };
const EDITED = 1769072400;

/** The environment of every program of the sample: nothing of the user's git configuration. */
export const sampleEnvironment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Sam',
  GIT_AUTHOR_EMAIL: 'sam@example.com',
};

/**
 * Builds the sample in a folder: the source `handbook` with two releases, and three bare targets:
 * `api.git` holds one commit and nothing of the handbook, `webapp.git` files of v1.0.0 that someone
 * copied by hand, `mobile.git` v1.0.0 as Holdfast delivered it, and an edit since.
 *
 * @param {string} folder an empty folder
 * @param {(...args: string[]) => Promise<unknown>} holdfast runs the command line in the source
 */
export async function buildFleet(folder, holdfast) {
  const first = await readFolder(join(content, 'v1.0.0'));
  const second = await readFolder(join(content, 'v1.1.0'));
  const source = join(folder, 'handbook');

  await git(folder, ['init', '--quiet', '--initial-branch=main', source]);
  await commit(source, 'Write down how we work', RELEASED['v1.0.0'], first);
  await git(source, ['tag', 'v1.0.0']);
  for (const name of ['api', 'webapp', 'mobile']) {
    const target = join(folder, `${name}.git`);
    await git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', target]);
    await commit(target, 'Begin', RELEASED['v1.0.0'], new Map([['README.md', `# ${name}\n`]]));
  }

  await git(source, ['reset', '--quiet', '--hard']);
  await holdfast('sync', 'mobile-handbook');
  await holdfast('requests', 'merge', 'acme/mobile');
  const incidents = first.get('handbook/incidents.md') ?? '';
  const edited = incidents.replace('| next working day |', '| two working days |');
  await commit(
    join(folder, 'mobile.git'),
    'Nobody needs the app on Sundays',
    EDITED,
    new Map([['docs/handbook/incidents.md', edited]]),
  );
  const copied = [...first]
    .filter(([path]) => /^handbook\/(README|code-review|incidents)\.md$/.test(path))
    .map(([path, text]) => /** @type {const} */ ([`docs/${path}`, text]));
  await commit(join(folder, 'webapp.git'), 'Copy the handbook', EDITED, new Map(copied));

  await commit(source, 'Say who is on call', RELEASED['v1.1.0'], second, [...first.keys()]);
  await git(source, ['tag', 'v1.1.0']);
  await git(source, ['reset', '--quiet', '--hard']);
}

/**
 * @param {string} folder
 * @returns {Promise<Map<string, string>>} the text of each file by its path, with `/`
 */
async function readFolder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return new Map(paths.map((path, index) => [path.slice(folder.length + 1), texts[index] ?? '']));
}

/**
 * Adds a commit to `main` of a repository, whatever is in its work tree.
 *
 * @param {string} repository
 * @param {string} message
 * @param {number} date in seconds
 * @param {ReadonlyMap<string, string>} files texts to write, by path
 * @param {readonly string[]} [removed] paths to remove first
 */
async function commit(repository, message, date, files, removed = []) {
  const known = await runProgram('git', ['rev-parse', '--verify', '--quiet', 'main'], {
    cwd: repository,
    env: sampleEnvironment,
  });
  const data = (/** @type {string} */ text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changes = [
    ...removed.map((path) => `D ${path}\n`),
    ...[...files].map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
  ];
  const from = known.exitCode === 0 ? `from ${known.stdout.trim()}\n` : '';
  const who = `Sam <sam@example.com> ${date} +0000`;
  const stream = `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(message)}${from}${changes.join('')}`;
  await git(repository, ['fast-import', '--quiet'], stream);
}

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 * @param {string} [input]
 */
async function git(cwd, args, input = '') {
  const { exitCode, stderr } = await runProgram('git', args, {
    cwd,
    env: sampleEnvironment,
    input,
  });
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')} failed in ${cwd}: ${stderr}`);
}
