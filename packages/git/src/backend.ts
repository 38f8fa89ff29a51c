import type { CredentialSource } from './credentials.js';
import type { Engine } from './engine.js';
import type { FoundRepository } from './files/find-repository.js';
import type { Limits, Timeouts } from './limits.js';
import type { Notice } from './notice.js';
import type { Remote } from './remote.js';

/** The remote repository behind a mirror, and how to reach it. */
export interface RemoteOptions {
  /** The mirror's git directory. */
  readonly directory: string;
  /** Normalised, without credentials. */
  readonly url: string;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly credentials?: CredentialSource;
  readonly signal?: AbortSignal;
}

/** How an engine works on a repository of this machine. */
export interface EngineOptions {
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  /** Whether the repository's hooks and filters run. */
  readonly runHooks: boolean;
  /** Whether it is a copy that can be made anew: then what is written may reach the disk when it will. */
  readonly disposable?: boolean;
  readonly onNotice?: (notice: Notice) => void;
}

/** One way to do all of it: the git program, or the embedded implementation. */
export interface Backend {
  /** Finds the repository at exactly this path. */
  findRepository(path: string): Promise<FoundRepository>;
  createEngine(repository: FoundRepository, options: EngineOptions): Promise<Engine>;
  createRemote(options: RemoteOptions): Remote;
}
