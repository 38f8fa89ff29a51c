import type { z } from 'zod';
import type { ForgeRelease } from '../port/issue.js';
import type { RemoteApi, RemoteIssue } from '../remote/remote-api.js';
import { projectPath, type GitlabContext } from './gitlab-context.js';
import { GitlabIssue, GitlabRelease } from './schema.js';

/** The open issues that bear a label. */
export async function listIssues(context: GitlabContext, label: string): Promise<RemoteIssue[]> {
  const query = { state: 'opened', labels: label, per_page: 100 };
  const call = { method: 'GET', path: projectPath(context, '/issues'), query } as const;
  return (await context.client.readAll(call, GitlabIssue)).map(toIssue);
}

/** Opens an issue; labels that do not exist are made. */
export async function createIssue(
  context: GitlabContext,
  { title, body, labels }: Parameters<RemoteApi['createIssue']>[0],
): Promise<RemoteIssue> {
  const fields = { title, description: body, labels: labels.join(',') };
  const path = projectPath(context, '/issues');
  return toIssue(await context.client.read({ method: 'POST', path, body: fields }, GitlabIssue));
}

/** Changes an issue. */
export async function editIssue(
  context: GitlabContext,
  id: string,
  { title, body, labels, state }: Parameters<RemoteApi['editIssue']>[1],
): Promise<RemoteIssue> {
  const fields = {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { description: body }),
    ...(labels === undefined ? {} : { labels: labels.join(',') }),
    ...(state === undefined ? {} : { state_event: 'close' }),
  };
  const path = projectPath(context, `/issues/${id}`);
  return toIssue(await context.client.read({ method: 'PUT', path, body: fields }, GitlabIssue));
}

/** Comments on an issue. */
export async function commentIssue(
  context: GitlabContext,
  id: string,
  body: string,
): Promise<void> {
  const path = projectPath(context, `/issues/${id}/notes`);
  await context.client.call({ method: 'POST', path, body: { body } });
}

function toIssue(issue: z.infer<typeof GitlabIssue>): RemoteIssue {
  return {
    id: String(issue.iid),
    number: issue.iid,
    url: issue.web_url,
    state: issue.state === 'opened' ? 'open' : 'closed',
    title: issue.title,
    body: issue.description ?? '',
    labels: [...issue.labels].sort(),
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
  };
}

/** The releases, newest first; announced ones are left out. */
export async function listReleases(context: GitlabContext): Promise<ForgeRelease[]> {
  const path = projectPath(context, '/releases');
  const call = { method: 'GET', path, query: { per_page: 100 } } as const;
  const releases = await context.client.readAll(call, GitlabRelease, 1000);
  return releases
    .filter(({ upcoming_release: upcoming }) => !upcoming)
    .map(({ tag_name: tag, name, description, released_at: publishedAt }) => ({
      tag,
      name: name || tag,
      notes: description ?? '',
      prerelease: tag.includes('-'),
      ...(publishedAt ? { publishedAt } : {}),
    }));
}
