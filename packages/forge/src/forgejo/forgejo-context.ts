import type { ForgeClient } from '../client/forge-client.js';

/** A repository on Forgejo or Gitea, and the client that speaks for it. */
export interface ForgejoContext {
  readonly client: ForgeClient;
  /** `owner/name`. */
  readonly repository: string;
}

/** The path of something below a repository. */
export function repositoryPath({ repository }: ForgejoContext, below = ''): string {
  return `/repos/${repository.split('/').map(encodeURIComponent).join('/')}${below}`;
}
