import type { ForgeClient } from '../client/forge-client.js';

/** A repository on GitHub, and the client that speaks for it. */
export interface GithubContext {
  readonly client: ForgeClient;
  /** `owner/name`. */
  readonly repository: string;
}

/** The path of something below a repository. */
export function repositoryPath({ repository }: GithubContext, below = ''): string {
  return `/repos/${repository.split('/').map(encodeURIComponent).join('/')}${below}`;
}

/** The organisation or user that a repository belongs to. */
export function ownerOf({ repository }: GithubContext): string {
  return repository.split('/')[0]!;
}
