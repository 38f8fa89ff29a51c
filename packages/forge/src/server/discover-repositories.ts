import type { ForgeClient } from '../client/forge-client.js';
import { discoverRepositories as discoverOnForgejo } from '../forgejo/discover-repositories.js';
import { discoverRepositories as discoverOnGithub } from '../github/discover-repositories.js';
import { discoverRepositories as discoverOnGitlab } from '../gitlab/discover-repositories.js';
import type { ServerForgeKind } from '../port/forge.js';
import type { FoundRepository, RepositoryQuery } from '../remote/found-repository.js';

/** Lists the repositories of an organisation, user or group of a forge, by path. */
export async function discoverRepositories(
  kind: ServerForgeKind,
  client: ForgeClient,
  query: RepositoryQuery,
): Promise<FoundRepository[]> {
  const found = await discoverers[kind](client, query);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const discoverers = {
  github: discoverOnGithub,
  gitlab: discoverOnGitlab,
  forgejo: discoverOnForgejo,
};
