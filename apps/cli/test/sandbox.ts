import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { documentSchema } from '../src/command-schema.js';
import { commands } from '../src/commands/index.js';
import { run } from '../src/program.js';

const execute = promisify(execFile);

/** The built command line, which scripts call that a command writes. */
const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));

/** Files of a commit: text or bytes by path; null removes one. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

/** What a command printed and how it ended. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: Record<string, string>;
  readonly input?: string;
  readonly isTTY?: boolean;
  readonly now?: string;
}

/** A temporary folder with git repositories in it, and the command line to run on them. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  path(...parts: string[]): string;
  /** Writes files below the folder. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  git(cwd: string, ...args: string[]): Promise<string>;
  /** Makes a repository with one commit on `main`; bare when its name ends in `.git`. */
  repository(name: string, files?: Files): Promise<string>;
  /** Adds a commit to a branch of a repository and returns its id. */
  commit(name: string, message: string, files: Files, branch?: string): Promise<string>;
  /** Every ref of a repository with what it holds. */
  refs(name: string): Promise<string>;
  /** The text of a file of a revision. */
  show(name: string, revision: string, path: string): Promise<string>;
  /** Runs the command line in `source`, or where `cwd` says. */
  holdfast(args: readonly string[], options?: RunOptions): Promise<Finished>;
}

/** The date of the first commit; each further one is a day later. */
const FIRST_COMMIT = Date.UTC(2026, 0, 5, 9) / 1000;
const DAY = 86_400;

export async function createSandbox(): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  const path = (...parts: string[]) => join(folder, ...parts);
  const dates = new Map<string, number>();

  async function git(cwd: string, ...args: string[]): Promise<string> {
    const { stdout } = await execute('git', ['-c', 'gc.auto=0', ...args], {
      cwd,
      maxBuffer: 2 ** 26,
    });
    return stdout.trimEnd();
  }

  async function commit(name: string, message: string, files: Files, branch = 'main') {
    const cwd = path(name);
    const date = (dates.get(name) ?? FIRST_COMMIT - DAY) + DAY;
    dates.set(name, date);
    const parent = await git(cwd, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).catch(
      () => '',
    );
    const stream: Uint8Array[] = [];
    const add = (text: string | Uint8Array) =>
      stream.push(typeof text === 'string' ? Buffer.from(text) : text);
    const data = (content: string | Uint8Array) => {
      const bytes = Buffer.from(content);
      add(`data ${bytes.length}\n`);
      add(bytes);
      add('\n');
    };
    add(`commit refs/heads/${branch}\ncommitter Ada <ada@example.com> ${date} +0000\n`);
    data(message);
    if (parent !== '') add(`from ${parent}\n`);
    for (const [file, content] of Object.entries(files)) {
      if (content === null) add(`D ${JSON.stringify(file)}\n`);
      else {
        add(`M 100644 inline ${JSON.stringify(file)}\n`);
        data(content);
      }
    }
    const imported = execute('git', ['fast-import', '--quiet'], { cwd });
    imported.child.stdin?.end(Buffer.concat(stream));
    await imported;
    return git(cwd, 'rev-parse', branch);
  }

  return {
    folder,
    path,
    git,
    commit,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(path(name)), { recursive: true });
        await writeFile(path(name), text);
      }
    },
    async repository(name, files = { 'README.md': `# ${name}\n` }) {
      const bare = name.endsWith('.git') ? ['--bare'] : [];
      await git(folder, 'init', '--quiet', '--initial-branch=main', ...bare, path(name));
      if (Object.keys(files).length > 0) await commit(name, 'Begin', files);
      return path(name);
    },
    refs: (name) => git(path(name), 'for-each-ref', '--format=%(refname) %(objectname)'),
    show: (name, revision, file) =>
      execute('git', ['show', `${revision}:${file}`], { cwd: path(name) }).then(
        ({ stdout }) => stdout,
      ),
    async holdfast(
      args,
      { cwd = path('source'), environment = {}, input = '', isTTY = false, now } = {},
    ) {
      const stdout: string[] = [];
      const stderr: string[] = [];
      const exitCode = await run(args, {
        cwd,
        environment: {
          PATH: process.env['PATH'],
          HOME: folder,
          GIT_CONFIG_GLOBAL: '/dev/null',
          HOLDFAST_STATE_DIR: path('state'),
          HOLDFAST_CACHE_DIR: path('cache'),
          HOLDFAST_DATA_DIR: path('data'),
          GIT_AUTHOR_NAME: 'Ada',
          GIT_AUTHOR_EMAIL: 'ada@example.com',
          ...environment,
        },
        clock: () => new Date(now ?? '2026-02-02T10:00:00Z'),
        stdin: Object.assign(Readable.from([input]), { isTTY }),
        stdout: { write: (text) => stdout.push(text), isTTY },
        stderr: { write: (text) => stderr.push(text), isTTY },
        program: [process.execPath, bin],
        signal: new AbortController().signal,
      });
      if (args.includes('--json')) await checkDocument(stdout.join(''));
      return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Every document that a test sees fits the schema that its command declares. */
async function checkDocument(text: string): Promise<void> {
  const document = JSON.parse(text) as { command: string | null; error?: unknown };
  const command = commands.find(({ name }) => name === document.command);
  if (!command || document.error !== undefined) return;
  // Tools for agents show the schema as it stands: a key that it lacks makes an answer invalid.
  (await documentSchema(command))?.strict().parse(document);
}

/** The configuration of {@link createFleet}. */
export const configuration = `version: 1
namespace: acme
source: { name: acme/standards, repo: . }
rules: ["rules/*.yaml"]
targets:
  org/api: { url: ../api.git }
  org/web: { url: ../web.git }
`;

/** A rule that delivers `docs/` to a target. */
export function rule(id: string, target: string, more = ''): string {
  return `sync_rule:
  id: ${id}
  source: "docs/**"
  target_repo: ${target}
  target_path: "standards/"
  strategy: copy
  frequency: on_release
${more}`;
}

export const guide = (line = 'Write tests.') => `# Guide\n\n${line}\n\nBe kind.\n\nShip small.\n`;

/** A source `source` with a configuration, two rules and the release v1.0.0; two bare targets. */
export async function createFleet(): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('source', {
    'docs/guide.md': guide(),
    'docs/style.md': '# Style\n\nTwo spaces.\n',
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  await sandbox.repository('api.git');
  await sandbox.repository('web.git');
  await sandbox.write({
    'source/holdfast.yaml': configuration,
    'source/rules/api.yaml': rule('api', 'org/api'),
    'source/rules/web.yaml': rule('web', 'org/web'),
  });
  return sandbox;
}

/** Delivers the release v1.0.0 to both targets and merges it; then v1.1.0 changes the guide. */
export async function createSyncedFleet(): Promise<Sandbox> {
  const sandbox = await createFleet();
  await sandbox.holdfast(['sync']);
  await sandbox.holdfast(['requests', 'merge', 'org/api']);
  await sandbox.holdfast(['requests', 'merge', 'org/web']);
  await sandbox.commit('source', 'Ask for more tests', {
    'docs/guide.md': guide('Write more tests.'),
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.1.0');
  return sandbox;
}
