import { createForgeClient, type ClientOptions, type ForgeClient } from '../client/forge-client.js';
import { createForgejoForge } from '../forgejo/create-forgejo-forge.js';
import { createGithubForge, githubHeaders } from '../github/create-github-forge.js';
import { createGitlabForge } from '../gitlab/create-gitlab-forge.js';
import type { Forge, ServerForgeKind } from '../port/forge.js';
import type { ServerForgeOptions } from '../remote/server-forge-options.js';

/** A client for a forge's API, with the headers that it wants. */
export function createServerClient(kind: ServerForgeKind, options: ClientOptions): ForgeClient {
  if (kind !== 'github') return createForgeClient(options);
  return createForgeClient({ ...options, headers: { ...githubHeaders, ...options.headers } });
}

/**
 * The change requests of a repository on GitHub, GitLab or Forgejo.
 *
 * @example
 * const client = createServerClient('github', { apiUrl, authorization, gate, clock, sleep });
 * const forge = openServerForge('github', { client, path: 'org/webapp', repository, sleep });
 */
export function openServerForge(kind: ServerForgeKind, options: ServerForgeOptions): Forge {
  switch (kind) {
    case 'github':
      return createGithubForge(options);
    case 'gitlab':
      return createGitlabForge(options);
    case 'forgejo':
      return createForgejoForge(options);
  }
}
