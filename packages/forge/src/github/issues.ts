import type { z } from 'zod';
import type { ForgeRelease } from '../port/issue.js';
import type { RemoteApi, RemoteIssue } from '../remote/remote-api.js';
import { repositoryPath, type GithubContext } from './github-context.js';
import { namesOf } from './read-requests.js';
import { GithubIssue, GithubRelease } from './schema.js';

/** The open issues that bear a label. */
export async function listIssues(context: GithubContext, label: string): Promise<RemoteIssue[]> {
  const query = { state: 'open', labels: label, per_page: 100 };
  const call = { method: 'GET', path: repositoryPath(context, '/issues'), query } as const;
  const issues = await context.client.readAll(call, GithubIssue);
  return issues.filter(({ pull_request: pull }) => pull === undefined).map(toIssue);
}

/** Opens an issue; labels that do not exist are made. */
export async function createIssue(
  context: GithubContext,
  issue: Parameters<RemoteApi['createIssue']>[0],
): Promise<RemoteIssue> {
  const path = repositoryPath(context, '/issues');
  return toIssue(await context.client.read({ method: 'POST', path, body: issue }, GithubIssue));
}

/** Changes an issue. */
export async function editIssue(
  context: GithubContext,
  id: string,
  change: Parameters<RemoteApi['editIssue']>[1],
): Promise<RemoteIssue> {
  const path = repositoryPath(context, `/issues/${id}`);
  return toIssue(await context.client.read({ method: 'PATCH', path, body: change }, GithubIssue));
}

function toIssue(issue: z.infer<typeof GithubIssue>): RemoteIssue {
  return {
    id: String(issue.number),
    number: issue.number,
    url: issue.html_url,
    state: issue.state === 'open' ? 'open' : 'closed',
    title: issue.title,
    body: issue.body ?? '',
    labels: namesOf(issue.labels),
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
  };
}

/** The releases, newest first; drafts are left out. */
export async function listReleases(context: GithubContext): Promise<ForgeRelease[]> {
  const path = repositoryPath(context, '/releases');
  const call = { method: 'GET', path, query: { per_page: 100 } } as const;
  const releases = await context.client.readAll(call, GithubRelease, 1000);
  return releases
    .filter(({ draft }) => !draft)
    .map(({ tag_name: tag, name, body, prerelease, published_at: publishedAt, html_url: url }) => ({
      tag,
      name: name || tag,
      notes: body ?? '',
      prerelease,
      ...(publishedAt ? { publishedAt } : {}),
      url,
    }));
}
