import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedForge } from '@holdfast/forge';
import { openRepository } from '@holdfast/git';
import type { Repository } from '@holdfast/git';
import {
  checkRules,
  formatFindings,
  parseConfiguration,
  parseRules,
  targetRules,
} from '@holdfast/manifest';
import { stringify } from 'yaml';
import type { Fleet } from '../src/index.js';

/** Files by path; `null` removes one. */
export type Files = Record<string, string | Uint8Array | null>;

/** A rule as a test writes it: what it leaves out is filled in. */
export type RuleText = { id: string } & Record<string, unknown>;

/** Real repositories in a folder of their own. */
export interface World {
  readonly root: string;
  readonly sourceDirectory: string;
  targetDirectory(name: string): string;
  /** Commits files to a branch of the source (default `main`) and tags it. */
  release(tag: string | undefined, files: Files, options?: CommitOptions): string;
  /** Creates a bare target with a first commit. */
  addTarget(name: string, files?: Files): void;
  /** Commits files to a branch of a target, as a person there would. */
  commit(target: string, files: Files, options?: CommitOptions): string;
  /** Opens everything anew, as a run does. */
  fleet(rules: readonly RuleText[], options?: FleetOptions): Fleet;
  /** The files of a branch of a target, as text. */
  files(target: string, ref?: string): Record<string, string>;
  /** Every ref of a target with its commit. */
  refs(target: string): string;
  git(directory: string, ...args: string[]): string;
  shell(command: string): string;
  forge(target: string): Promise<ReturnType<typeof createEmbeddedForge>>;
  /** The forge of the source's own requests and issues. */
  sourceForge(): Promise<ReturnType<typeof createEmbeddedForge>>;
  close(): Promise<void>;
}

export interface CommitOptions {
  readonly branch?: string;
  readonly message?: string;
  readonly date?: string;
  readonly modes?: Record<string, '100644' | '100755' | '120000'>;
}

export interface FleetOptions {
  readonly configuration?: Record<string, unknown>;
  readonly targets?: readonly string[];
  readonly wrapTarget?: (repository: Repository, name: string) => Repository;
  readonly wrapSource?: (repository: Repository) => Repository;
  readonly clock?: () => Date;
}

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** Creates an empty world, or looks at one that another process made. */
export function createWorld(
  root = mkdtempSync(join(tmpdir(), 'holdfast-sync-')),
  { engine = 'program' }: { readonly engine?: 'program' | 'embedded' } = {},
): World {
  const sourceDirectory = join(root, 'source.git');
  const opened: Repository[] = [];
  const targets: string[] = [];
  let minutes = 0;

  function git(directory: string, ...args: string[]): string {
    return execFileSync('git', ['-C', directory, ...args], {
      env: environment,
      encoding: 'utf8',
    }).trim();
  }

  function createBare(directory: string) {
    mkdirSync(directory, { recursive: true });
    git(directory, 'init', '-q', '--bare', '-b', 'main');
    git(directory, 'config', 'gc.auto', '0');
  }

  function commitTo(directory: string, files: Files, options: CommitOptions = {}): string {
    const { branch = 'main', message = 'Change files', modes = {} } = options;
    const date = options.date ?? new Date(Date.UTC(2026, 0, 1, 0, minutes++)).toISOString();
    const parent = git(directory, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`);
    const seconds = Date.parse(date) / 1000;
    const data = (content: string | Uint8Array) => {
      const bytes = Buffer.from(content);
      return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
    };
    const stream: Buffer[] = [
      Buffer.from(
        `commit refs/heads/${branch}\ncommitter Test <test@example.com> ${seconds} +0000\n`,
      ),
      data(message),
      Buffer.from(parent ? `from ${parent}\n` : ''),
    ];
    for (const [path, content] of Object.entries(files)) {
      const quoted = `"${path.replace(/["\\]/g, '\\$&')}"`;
      if (content === null) stream.push(Buffer.from(`D ${quoted}\n`));
      else
        stream.push(Buffer.from(`M ${modes[path] ?? '100644'} inline ${quoted}\n`), data(content));
    }
    execFileSync(
      'git',
      ['-C', directory, 'fast-import', '--quiet', '--date-format=raw', '--force'],
      {
        env: environment,
        input: Buffer.concat(stream),
      },
    );
    return git(directory, 'rev-parse', `refs/heads/${branch}`);
  }

  const targetDirectory = (name: string) => join(root, 'targets', `${name}.git`);
  if (!existsSync(sourceDirectory)) createBare(sourceDirectory);

  async function open(directory: string): Promise<Repository> {
    const repository = await openRepository(directory, {
      engine,
      environment,
      cacheDirectory: join(root, 'cache'),
    });
    opened.push(repository);
    return repository;
  }

  return {
    root,
    sourceDirectory,
    targetDirectory,
    git,
    shell: (command) =>
      execFileSync('sh', ['-c', command], { env: environment, encoding: 'utf8' }).trim(),
    release(tag, files, options) {
      const commit = commitTo(sourceDirectory, files, {
        message: `Release ${tag ?? 'nothing'}`,
        ...options,
      });
      if (tag !== undefined) git(sourceDirectory, 'tag', '-f', tag, commit);
      return commit;
    },
    addTarget(name, files = { 'README.md': `# ${name}\n` }) {
      createBare(targetDirectory(name));
      if (Object.keys(files).length > 0) commitTo(targetDirectory(name), files);
      targets.push(name);
    },
    commit: (target, files, options) => commitTo(targetDirectory(target), files, options),
    fleet(rules, options = {}) {
      const { clock = () => new Date('2026-06-01T12:00:00Z') } = options;
      const names = options.targets ?? targets;
      const text = stringify({
        namespace: 'agent33',
        source: { name: 'agent-33/AGENT-33' },
        targets: Object.fromEntries(names.map((name) => [name, { url: targetDirectory(name) }])),
        ...options.configuration,
      });
      const configuration = parseConfiguration(text, { file: 'holdfast.yaml' });
      if (configuration.kind === 'invalid') throw new Error(formatFindings(configuration.findings));
      const located = rules.flatMap((rule) => {
        const sync_rule = {
          source: 'core/**',
          ...('targets' in rule ? {} : { target_repo: 'org/webapp' }),
          target_path: 'docs/',
          strategy: 'copy',
          frequency: 'on_release',
          ...rule,
        };
        const parsed = parseRules(stringify({ sync_rule }), { file: `rules/${rule.id}.yaml` });
        if (parsed.kind === 'invalid') throw new Error(formatFindings(parsed.findings));
        return parsed.value;
      });
      const problems = checkRules(located, configuration.value).filter(
        ({ severity }) => severity === 'error',
      );
      if (problems.length > 0) throw new Error(formatFindings(problems));
      const lazySource = lazyRepository(() => open(sourceDirectory), options.wrapSource);
      return {
        configuration: configuration.value,
        rules: targetRules(located, configuration.value),
        sourceName: configuration.value.source.name ?? 'org/source',
        source: lazySource,
        sourceState: lazySource,
        async openTarget(name) {
          const plain = await open(targetDirectory(name));
          const repository = options.wrapTarget?.(plain, name) ?? plain;
          return { repository, forge: createEmbeddedForge({ repository, clock, actor }) };
        },
        clock,
      };
    },
    files(target, ref = 'main') {
      const directory = targetDirectory(target);
      const paths = git(directory, 'ls-tree', '-r', '-z', '--name-only', ref)
        .split('\0')
        .filter(Boolean);
      return Object.fromEntries(
        paths.map((path) => [
          path,
          execFileSync('git', ['-C', directory, 'cat-file', 'blob', `${ref}:${path}`], {
            env: environment,
            encoding: 'utf8',
          }),
        ]),
      );
    },
    refs: (target) =>
      git(targetDirectory(target), 'for-each-ref', '--format=%(refname) %(objectname)'),
    async sourceForge() {
      const repository = await open(sourceDirectory);
      return createEmbeddedForge({
        repository,
        clock: () => new Date('2026-06-01T12:00:00Z'),
        actor,
      });
    },
    async forge(target) {
      const repository = await open(targetDirectory(target));
      return createEmbeddedForge({
        repository,
        clock: () => new Date('2026-06-01T12:00:00Z'),
        actor,
      });
    },
    async close() {
      await Promise.all(opened.map((repository) => repository.close()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const actor = { name: 'Holdfast', email: 'holdfast@holdfast.invalid' };

/** A repository that is opened at the first call. */
function lazyRepository(
  open: () => Promise<Repository>,
  wrap: (repository: Repository) => Repository = (repository) => repository,
): Repository {
  let repository: Promise<Repository> | undefined;
  const get = () => (repository ??= open().then(wrap));
  return new Proxy({} as Repository, {
    get(_, name: keyof Repository) {
      if (name === 'readBlobs') {
        return async function* (oids: Iterable<string>) {
          yield* (await get()).readBlobs(oids);
        };
      }
      return async (...args: never[]) => {
        const method = (await get())[name] as (...args: never[]) => unknown;
        return method.apply(await get(), args);
      };
    },
  });
}
