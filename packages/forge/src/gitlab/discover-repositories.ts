import type { ForgeClient } from '../client/forge-client.js';
import type { FoundRepository, RepositoryQuery } from '../remote/found-repository.js';
import { GitlabProject } from './schema.js';

/** Lists the projects of a group and of the groups below it. */
export async function discoverRepositories(
  client: ForgeClient,
  { owner, topic }: RepositoryQuery,
): Promise<FoundRepository[]> {
  const query = { include_subgroups: true, topic, per_page: 100 };
  const path = `/groups/${encodeURIComponent(owner)}/projects`;
  const projects = await client.readAll({ method: 'GET', path, query }, GitlabProject);
  return projects.map((project) => ({
    path: project.path_with_namespace,
    url: project.http_url_to_repo ?? '',
    ...(project.default_branch ? { defaultBranch: project.default_branch } : {}),
    archived: project.archived ?? false,
    fork: Boolean(project.forked_from_project),
    empty: project.empty_repo ?? false,
    topics: [...(project.topics ?? [])].sort(),
  }));
}
