import type { RemoteFilter, RemoteRequest } from '../remote/remote-api.js';
import { projectPath, type GitlabContext } from './gitlab-context.js';
import { MergeRequest } from './schema.js';

/** GitLab shows a draft by this beginning of its title. */
export const draftPrefix = 'Draft: ';

/** Lists merge requests of the project's own branches; those of forks are left out. */
export async function listRequests(
  context: GitlabContext,
  { state, head, base }: RemoteFilter,
): Promise<RemoteRequest[]> {
  const query = {
    state: state === 'open' ? 'opened' : 'all',
    source_branch: head,
    target_branch: base,
    per_page: 100,
  };
  const call = { method: 'GET', path: projectPath(context, '/merge_requests'), query } as const;
  const found = await context.client.readAll(call, MergeRequest);
  return found
    .filter(({ source_project_id: from, target_project_id: to }) => from === to)
    .map(toRemoteRequest);
}

/** Reads one merge request; undefined when there is none. */
export async function readRequest(
  context: GitlabContext,
  id: string,
): Promise<RemoteRequest | undefined> {
  const request = await readMergeRequest(context, id);
  return request && toRemoteRequest(request);
}

/** Reads one merge request as GitLab gives it. */
export async function readMergeRequest(
  context: GitlabContext,
  id: string,
): Promise<MergeRequest | undefined> {
  const path = projectPath(context, `/merge_requests/${id}`);
  return context.client.readIf({ method: 'GET', path }, MergeRequest);
}

/** A merge request in the terms of the port. */
export function toRemoteRequest(request: MergeRequest): RemoteRequest {
  const merged = request.state === 'merged';
  const draft = request.draft ?? false;
  const commit = request.merge_commit_sha ?? request.squash_commit_sha;
  const assignees = namesOf(request.assignees);
  const prefixed = draft && request.title.startsWith(draftPrefix);
  return {
    id: String(request.iid),
    number: request.iid,
    url: request.web_url,
    // `locked` is GitLab's word for one that is being merged.
    state: merged ? 'merged' : request.state === 'closed' ? 'closed' : 'open',
    title: prefixed ? request.title.slice(draftPrefix.length) : request.title,
    body: (request.description ?? '').replaceAll('\r\n', '\n'),
    labels: [...new Set(request.labels)].sort(),
    reviewers: namesOf(request.reviewers),
    ...(assignees.length > 0 ? { assignees } : {}),
    head: request.source_branch,
    base: request.target_branch,
    headCommit: request.sha ?? '0'.repeat(40),
    headGone: false,
    ...(draft ? { draft: true } : {}),
    ...(request.discussion_locked ? { locked: true } : {}),
    autoMerge: request.merge_when_pipeline_succeeds ?? false,
    author: request.author.username,
    createdAt: request.created_at,
    updatedAt: request.updated_at,
    ...(merged && commit ? { mergedCommit: commit } : {}),
    ...(merged && request.merge_user ? { mergedBy: request.merge_user.username } : {}),
    ...(request.closed_by ? { closedBy: request.closed_by.username } : {}),
  };
}

function namesOf(users: MergeRequest['reviewers']): string[] {
  return [...new Set((users ?? []).map(({ username }) => username))].sort();
}
