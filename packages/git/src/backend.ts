import type { CredentialSource } from './credentials.js';
import type { Engine } from './engine.js';
import type { Remote } from './remote.js';

/** A repository on this machine, found. */
export interface FoundRepository {
  readonly directory: string;
  readonly bare: boolean;
  readonly worktree?: string;
}

/** The remote repository behind a mirror, and how to reach it. */
export interface RemoteOptions {
  /** The mirror's git directory. */
  readonly directory: string;
  /** Normalised, without credentials. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly credentials?: CredentialSource;
  readonly signal?: AbortSignal;
}

/** One way to do all of it: the git program, or the embedded implementation. */
export interface Backend {
  /** Finds the repository at exactly this path. */
  findRepository(path: string): Promise<FoundRepository>;
  createEngine(repository: FoundRepository): Promise<Engine>;
  createRemote(options: RemoteOptions): Remote;
}
