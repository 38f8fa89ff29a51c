import type { Backend, EngineOptions } from './backend.js';
import { createRepository } from './create-repository.js';
import { askCredentials, type CredentialSource } from './credentials.js';
import type { Engine } from './engine.js';
import { GitError } from './git-error.js';
import { completeLimits, completeTimeouts, type Limits, type Timeouts } from './limits.js';
import { localPath, parseLocation, type Location } from './location.js';
import { createMirror } from './mirror.js';
import type { Notice } from './notice.js';
import type { Environment } from './program/git-environment.js';
import { createProgramBackend } from './program/program-backend.js';
import { createRemoteEngine, refreshMirror } from './remote.js';
import type { EngineKind, Repository } from './repository.js';
import { publicError } from './system-error.js';

/** How `openRepository` goes about it. */
export interface OpenOptions {
  /**
   * `program`: the installed git (2.38 or newer); `embedded`: in process; `auto`: git where it is
   * installed, which leaves http(s) to this process where that can do it, else embedded. Default: `HOLDFAST_GIT` of `environment`, else `auto`.
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
  /** Secrets that may stand in no message and no URL, beside what `credentials` gives. */
  readonly secrets?: Iterable<string>;
  /** Whether to bring the mirror up to date first. Default true; false reads it as it is. */
  readonly fetch?: boolean;
  /** For each exchange with a remote; what is not given has its default. */
  readonly timeouts?: Partial<Timeouts>;
  /** What a repository may ask of this process; what is not given has its default. */
  readonly limits?: Partial<Limits>;
  /**
   * Whether hooks and filters of a repository on this machine run when it is written. Default false:
   * its own programs never run. Only the git program has hooks; a `file:` URL is then pushed to.
   */
  readonly runHooks?: boolean;
  /** Told of what was met and dealt with, such as a lock that nobody held any more. */
  readonly onNotice?: (notice: Notice) => void;
}

/**
 * Opens a repository by path or file URL (a work tree's root, a linked work tree, a bare repository)
 * or by URL (http, https, ssh, scp-like). A remote one is mirrored in `cacheDirectory` and read from
 * there. Fails with `not-a-repository`, `invalid-location`, `authentication`, `unreachable`,
 * `sha256-repository`, `git-missing`, `unsupported`, `timeout` and others, each a `GitError`. No error
 * of it or of the repository bears a secret that is known.
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
  const secrets = new Set(options.secrets);
  if ([...secrets].some((secret) => secret !== '' && location.includes(secret))) {
    throw new GitError('invalid-location', 'the location of a repository bears a known secret', {
      hint: 'hand credentials over separately, by a credential helper or the environment',
    });
  }
  const backend = await createBackend(options);
  const path = localPath(parsed);
  const isLocal = path !== undefined && (parsed.kind === 'path' || options.runHooks !== true);
  const shown = parsed.kind === 'path' || isLocal ? location : parsed.url;
  const guard = { secrets, doing: `working on ${shown}` };
  try {
    return isLocal
      ? await openLocal(path, location, backend, options, guard)
      : await openRemote(parsed, backend, options, guard);
  } catch (error) {
    throw publicError(error, `opening ${shown}`, secrets);
  }
}

/** What every error that leaves a repository goes through. */
interface Guard {
  readonly secrets: Set<string>;
  readonly doing: string;
}

async function openLocal(
  path: string,
  location: string,
  backend: Backend,
  options: OpenOptions,
  guard: Guard,
): Promise<Repository> {
  const found = await backend.findRepository(path);
  const { directory, bare, worktree } = found;
  const engineOptions = readEngineOptions(options);
  const engine = await backend.createEngine(found, engineOptions);
  const place = { directory, bare, ...(worktree === undefined ? {} : { worktree }) };
  const facts = { ...place, location, remote: false, limits: engineOptions.limits };
  return createRepository(guardEngine(engine, guard), facts);
}

async function openRemote(
  parsed: Location,
  backend: Backend,
  options: OpenOptions,
  guard: Guard,
): Promise<Repository> {
  const { cacheDirectory, signal, credentials } = options;
  const url = parsed.kind === 'path' ? parsed.path : parsed.url;
  if (cacheDirectory === undefined) {
    throw new GitError('invalid-argument', `${url} is remote and needs a cacheDirectory`);
  }
  const engineOptions = readEngineOptions(options);
  const mirror = createMirror(cacheDirectory, url);
  const { directory } = mirror;
  const remote = backend.createRemote({
    directory,
    url,
    ...engineOptions,
    ...(credentials === undefined ? {} : { credentials: keepSecrets(credentials, guard.secrets) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (options.fetch !== false) {
    await refreshMirror(mirror, remote);
  } else if (!(await mirror.exists())) {
    throw new GitError('not-a-repository', `there is no mirror of ${url} yet`, {
      hint: 'open it with fetching once',
    });
  }
  const found = { directory, common: directory, bare: true, owned: true };
  const local = await backend.createEngine(found, {
    ...engineOptions,
    runHooks: false,
    disposable: true,
  });
  const engine = guardEngine(createRemoteEngine(local, mirror, remote), guard);
  const facts = { location: url, directory, remote: true, bare: true };
  return createRepository(engine, { ...facts, limits: engineOptions.limits });
}

function readEngineOptions(options: OpenOptions): EngineOptions {
  const { limits, timeouts, runHooks = false, onNotice } = options;
  return {
    limits: completeLimits(limits),
    timeouts: completeTimeouts(timeouts),
    runHooks,
    ...(onNotice === undefined ? {} : { onNotice }),
  };
}

/** Notes each password that is given, so that no server can have it shown by echoing it. */
function keepSecrets(source: CredentialSource, secrets: Set<string>): CredentialSource {
  return async (origin) => {
    const answer = await askCredentials(source, origin);
    if (answer !== undefined) {
      secrets.add(answer.password);
      secrets.add(`${answer.username}:${answer.password}`);
    }
    return answer;
  };
}

/** The engine whose errors are named and free of secrets. */
function guardEngine(engine: Engine, guard: Guard): Engine {
  const { readMany } = engine;
  return {
    ...guardFunctions(engine, guard),
    ...(readMany && {
      readMany(oids) {
        const many = readMany(oids);
        return many && guardFunctions(many, guard);
      },
    }),
  };
}

/** The same functions, whose rejections go through the guard. */
function guardFunctions<T extends object>(from: T, { secrets, doing }: Guard): T {
  const guarded = Object.entries(from).map(([name, work]: [string, unknown]) => {
    if (typeof work !== 'function') return [name, work] as const;
    const call = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (work as (...given: unknown[]) => unknown).apply(from, args);
      } catch (error) {
        throw publicError(error, doing, secrets);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(guarded) as T;
}

async function createBackend(options: OpenOptions): Promise<Backend> {
  const { environment = {} } = options;
  const wanted = options.engine ?? environment['HOLDFAST_GIT'] ?? 'auto';
  switch (wanted) {
    case 'program':
      return createProgramBackend(environment, { nimble: false });
    case 'embedded':
      return createEmbedded();
    case 'auto':
      return createProgramBackend(environment, { nimble: true }).catch((error: unknown) => {
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
