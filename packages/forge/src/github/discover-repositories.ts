import type { ForgeClient } from '../client/forge-client.js';
import type { FoundRepository, RepositoryQuery } from '../remote/found-repository.js';
import { GithubRepository } from './schema.js';

/** Lists the repositories of an organisation, a team of it, or a user. */
export async function discoverRepositories(
  client: ForgeClient,
  { owner, team, topic }: RepositoryQuery,
): Promise<FoundRepository[]> {
  const found = (await listOf(client, owner, team)).map(toFound);
  return topic === undefined ? found : found.filter(({ topics }) => topics.includes(topic));
}

async function listOf(client: ForgeClient, owner: string, team: string | undefined) {
  const query = { per_page: 100 };
  const org = `/orgs/${encodeURIComponent(owner)}`;
  if (team !== undefined) {
    const path = `${org}/teams/${encodeURIComponent(team)}/repos`;
    return client.readAll({ method: 'GET', path, query }, GithubRepository);
  }
  const first = await client.call({ method: 'GET', path: `${org}/repos`, query, expect: [404] });
  const path = first.status === 404 ? `/users/${encodeURIComponent(owner)}/repos` : `${org}/repos`;
  return client.readAll({ method: 'GET', path, query }, GithubRepository);
}

function toFound(repository: GithubRepository): FoundRepository {
  return {
    path: repository.full_name,
    url: repository.clone_url ?? '',
    defaultBranch: repository.default_branch,
    archived: repository.archived ?? false,
    fork: repository.fork ?? false,
    empty: repository.size === 0,
    topics: [...(repository.topics ?? [])].sort(),
  };
}
