import { createRepository } from './create-repository.js';
import { GitError } from './git-error.js';
import { parseLocation, redactLocation } from './location.js';
import { createProgramEngine } from './program/program-engine.js';
import type { Environment } from './program/git-environment.js';
import { findRepository } from './program/find-repository.js';
import type { Repository } from './repository.js';

/** A user's name and password (or token) for a remote. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** How `openRepository` goes about it. */
export interface OpenOptions {
  /**
   * `program`: the installed git; `embedded`: isomorphic-git, in process; `auto` (default): git
   * where it is installed, 2.38 or newer, else embedded. `HOLDFAST_GIT` in `environment` decides
   * where this is not given.
   */
  readonly engine?: 'program' | 'embedded' | 'auto';
  /** Where mirrors of remote repositories are kept; needed for URLs. Safe to delete at any time. */
  readonly cacheDirectory?: string;
  /**
   * The variables that git sees, such as `process.env`: PATH, HOME, proxies, ssh agents. Default:
   * none. Variables that would point git elsewhere (GIT_DIR and the like) are dropped.
   */
  readonly environment?: Environment;
  /** Ends what is under way over the network. */
  readonly signal?: AbortSignal;
  /** Asked when a remote over http(s) is opened; git's own credential helpers serve otherwise. */
  readonly credentials?: (url: string) => Promise<Credentials | undefined>;
  /** Whether to bring the mirror up to date (default), or to read it as it is. */
  readonly fetch?: boolean;
  /** For each exchange with a remote; default 10 minutes. */
  readonly timeoutMs?: number;
  /** Larger blobs are refused with `too-large`; in bytes, default 100 MiB. */
  readonly blobLimit?: number;
}

const DEFAULT_BLOB_LIMIT = 100 * 1024 * 1024;

/** Opens a repository by path or URL. */
export async function openRepository(
  location: string,
  options: OpenOptions = {},
): Promise<Repository> {
  const parsed = parseLocation(location);
  if (parsed.kind === 'url') throw new GitError('unsupported', 'remote repositories: not yet');
  const environment = options.environment ?? {};
  const found = await findRepository(parsed.path, environment);
  const engine = createProgramEngine({ directory: found.directory, environment });
  return createRepository(engine, {
    ...found,
    location: redactLocation(location),
    remote: false,
    blobLimit: options.blobLimit ?? DEFAULT_BLOB_LIMIT,
  });
}
