import { z } from 'zod';

import type { ForgeClient } from '../client/forge-client.js';
import type { FoundRepository, RepositoryQuery } from '../remote/found-repository.js';
import { ForgejoRepository } from './schema.js';

const Topics = z.object({ topics: z.array(z.string()).nullish() });

/** Lists the repositories of an organisation or a user. */
export async function discoverRepositories(
  client: ForgeClient,
  { owner, topic }: RepositoryQuery,
): Promise<FoundRepository[]> {
  const query = { limit: 50 };
  const name = encodeURIComponent(owner);
  const first = await client.call({
    method: 'GET',
    path: `/orgs/${name}/repos`,
    query,
    expect: [404],
  });
  const path = first.status === 404 ? `/users/${name}/repos` : `/orgs/${name}/repos`;
  const found: FoundRepository[] = [];
  for (const repository of await client.readAll(
    { method: 'GET', path, query },
    ForgejoRepository,
  )) {
    const topics = await topicsOf(client, repository);
    if (topic !== undefined && !topics.includes(topic)) continue;
    found.push({
      path: repository.full_name,
      url: repository.clone_url ?? '',
      defaultBranch: repository.default_branch,
      archived: repository.archived ?? false,
      fork: repository.fork ?? false,
      empty: repository.empty ?? false,
      topics,
    });
  }
  return found;
}

/** Older servers list repositories without their topics. */
async function topicsOf(
  client: ForgeClient,
  { topics, full_name: name }: z.infer<typeof ForgejoRepository>,
): Promise<string[]> {
  if (topics) return [...topics].sort();
  const answer = await client.read({ method: 'GET', path: `/repos/${name}/topics` }, Topics);
  return [...(answer.topics ?? [])].sort();
}
