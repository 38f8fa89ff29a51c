import type { Backend } from './backend.js';
import { createRepository } from './create-repository.js';
import type { CredentialSource } from './credentials.js';
import { GitError } from './git-error.js';
import { normalizeLocation, parseLocation, redactLocation } from './location.js';
import { createMirror } from './mirror.js';
import type { Environment } from './program/git-environment.js';
import { createProgramBackend } from './program/program-backend.js';
import { createRemoteEngine, refreshMirror } from './remote.js';
import type { EngineKind, Repository } from './repository.js';

/** How `openRepository` goes about it. */
export interface OpenOptions {
  /**
   * `program`: the installed git; `embedded`: isomorphic-git, in process; `auto`: git where it is
   * installed (2.38 or newer), else embedded. Default: `HOLDFAST_GIT` of `environment`, else `auto`.
   */
  readonly engine?: EngineKind | 'auto';
  /** Where mirrors of remote repositories are kept; needed for URLs. Safe to delete at any time. */
  readonly cacheDirectory?: string;
  /**
   * The variables that git sees, such as `process.env`: PATH, HOME, proxies, ssh agents. Default:
   * none. Variables that would point git elsewhere (GIT_DIR and the like) are dropped.
   */
  readonly environment?: Environment;
  /** Ends what is under way over the network. */
  readonly signal?: AbortSignal;
  /** Asked when a remote is talked to over http(s); without it, git's own credential helpers are. */
  readonly credentials?: CredentialSource;
  /** Whether to bring the mirror up to date first. Default true; false reads it as it is. */
  readonly fetch?: boolean;
  /** For each exchange with a remote. Default 600,000. */
  readonly timeoutMs?: number;
  /** Larger blobs are refused with `too-large`; in bytes. Default 104,857,600 (100 MiB). */
  readonly blobLimit?: number;
}

/**
 * Opens a repository by path (a work tree's root, a linked work tree, a bare repository) or by URL
 * (http, https, ssh, file, scp-like). A remote one is mirrored in `cacheDirectory` and read from
 * there. Fails with `not-a-repository`, `invalid-location`, `authentication`, `unreachable`,
 * `sha256-repository`, `git-missing`, `unsupported`, `timeout` and others, each a `GitError`.
 *
 * @example
 * const repository = await openRepository('.', { environment: process.env });
 * const { entries } = await repository.readSnapshot('main');
 * await repository.close();
 */
export async function openRepository(
  location: string,
  options: OpenOptions = {},
): Promise<Repository> {
  const parsed = parseLocation(location);
  const backend = await createBackend(options);
  return parsed.kind === 'path'
    ? openLocal(parsed.path, location, backend, options)
    : openRemote(location, backend, options);
}

async function openLocal(
  path: string,
  location: string,
  backend: Backend,
  { blobLimit }: OpenOptions,
): Promise<Repository> {
  const found = await backend.findRepository(path);
  const facts = { ...found, location, remote: false };
  return createRepository(await backend.createEngine(found), withLimit(facts, blobLimit));
}

async function openRemote(
  location: string,
  backend: Backend,
  options: OpenOptions,
): Promise<Repository> {
  const { cacheDirectory, signal, credentials, timeoutMs = 600_000, blobLimit } = options;
  if (cacheDirectory === undefined) {
    throw new GitError('invalid-argument', `${location} is remote and needs a cacheDirectory`);
  }
  const url = normalizeLocation(location);
  const mirror = createMirror(cacheDirectory, url);
  const { directory } = mirror;
  const remote = backend.createRemote({
    directory,
    url,
    timeoutMs,
    ...(credentials === undefined ? {} : { credentials }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (options.fetch !== false) {
    await refreshMirror(mirror, remote);
  } else if (!(await mirror.exists())) {
    throw new GitError('not-a-repository', `there is no mirror of ${location} yet`, {
      hint: 'open it with fetching once',
    });
  }
  const local = await backend.createEngine({ directory, bare: true });
  const engine = createRemoteEngine(local, mirror, remote);
  const facts = { location: redactLocation(location), directory, remote: true, bare: true };
  return createRepository(engine, withLimit(facts, blobLimit));
}

async function createBackend(options: OpenOptions): Promise<Backend> {
  const { environment = {} } = options;
  const wanted = options.engine ?? environment['HOLDFAST_GIT'] ?? 'auto';
  switch (wanted) {
    case 'program':
      return createProgramBackend(environment);
    case 'embedded':
      return createEmbedded();
    case 'auto':
      return createProgramBackend(environment).catch((error: unknown) => {
        if (error instanceof GitError && error.code === 'git-missing') return createEmbedded();
        throw error;
      });
    default:
      throw new GitError(
        'invalid-argument',
        `the git engine must be program, embedded or auto; got ${JSON.stringify(wanted)}`,
      );
  }
}

/** Loaded when it is needed: most runs use the git program. */
async function createEmbedded(): Promise<Backend> {
  const { createEmbeddedBackend } = await import('./embedded/embedded-backend.js');
  return createEmbeddedBackend();
}

function withLimit<T extends object>(
  facts: T,
  blobLimit = 100 * 1024 * 1024,
): T & { blobLimit: number } {
  return { ...facts, blobLimit };
}
