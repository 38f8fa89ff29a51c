import type { z } from 'zod';
import type { ForgeRelease } from '../port/issue.js';
import type { RemoteApi, RemoteIssue } from '../remote/remote-api.js';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { labelNumbers } from './labels.js';
import { ForgejoIssue, ForgejoRelease } from './schema.js';

/** The open issues that bear a label. */
export async function listIssues(context: ForgejoContext, label: string): Promise<RemoteIssue[]> {
  const query = { state: 'open', type: 'issues', labels: label, limit: 50 };
  const call = { method: 'GET', path: repositoryPath(context, '/issues'), query } as const;
  const issues = (await context.client.readAll(call, ForgejoIssue)).map(toIssue);
  return issues.filter(({ labels }) => labels.includes(label));
}

/** Opens an issue; labels that do not exist are made. */
export async function createIssue(
  context: ForgejoContext,
  { title, body, labels }: Parameters<RemoteApi['createIssue']>[0],
): Promise<RemoteIssue> {
  const fields = { title, body, labels: await labelNumbers(context, labels) };
  const path = repositoryPath(context, '/issues');
  return toIssue(await context.client.read({ method: 'POST', path, body: fields }, ForgejoIssue));
}

/** Changes an issue: its labels in a call of their own. */
export async function editIssue(
  context: ForgejoContext,
  id: string,
  { labels, ...fields }: Parameters<RemoteApi['editIssue']>[1],
): Promise<RemoteIssue> {
  const path = repositoryPath(context, `/issues/${id}`);
  if (labels !== undefined) {
    const body = { labels: await labelNumbers(context, labels) };
    await context.client.call({ method: 'PUT', path: `${path}/labels`, body });
  }
  return toIssue(await context.client.read({ method: 'PATCH', path, body: fields }, ForgejoIssue));
}

function toIssue(issue: z.infer<typeof ForgejoIssue>): RemoteIssue {
  return {
    id: String(issue.number),
    number: issue.number,
    url: issue.html_url,
    state: issue.state === 'open' ? 'open' : 'closed',
    title: issue.title,
    body: issue.body ?? '',
    labels: (issue.labels ?? []).map(({ name }) => name).sort(),
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
  };
}

/** The releases, newest first; drafts are left out. */
export async function listReleases(context: ForgejoContext): Promise<ForgeRelease[]> {
  const path = repositoryPath(context, '/releases');
  const call = { method: 'GET', path, query: { limit: 50 } } as const;
  const releases = await context.client.readAll(call, ForgejoRelease, 1000);
  return releases
    .filter(({ draft }) => !draft)
    .map(({ tag_name: tag, name, body, prerelease, published_at: publishedAt, html_url: url }) => ({
      tag,
      name: name || tag,
      notes: body ?? '',
      prerelease,
      ...(publishedAt ? { publishedAt } : {}),
      ...(url ? { url } : {}),
    }));
}
