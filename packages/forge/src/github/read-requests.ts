import type { RemoteFilter, RemoteRequest } from '../remote/remote-api.js';
import { ownerOf, repositoryPath, type GithubContext } from './github-context.js';
import { PullRequest } from './schema.js';

/** Lists pull requests of the repository's own branches; those of forks are left out. */
export async function listRequests(
  context: GithubContext,
  { state, head, base }: RemoteFilter,
): Promise<RemoteRequest[]> {
  const query = {
    state,
    per_page: 100,
    head: head === undefined ? undefined : `${ownerOf(context)}:${head}`,
    base,
  };
  const call = { method: 'GET', path: repositoryPath(context, '/pulls'), query } as const;
  const found = await context.client.readAll(call, PullRequest);
  return found.filter(isOwnBranch).map((request) => toRemoteRequest(context, request));
}

/** Reads one pull request; undefined when there is none. */
export async function readRequest(
  context: GithubContext,
  id: string,
): Promise<RemoteRequest | undefined> {
  const request = await readPull(context, id);
  return request && toRemoteRequest(context, request);
}

/** Reads one pull request as GitHub gives it. */
export async function readPull(
  context: GithubContext,
  id: string,
): Promise<PullRequest | undefined> {
  const path = repositoryPath(context, `/pulls/${id}`);
  return context.client.readIf({ method: 'GET', path }, PullRequest);
}

function isOwnBranch({ head, base }: PullRequest): boolean {
  return typeof head.repo?.id === 'number' && head.repo.id === base.repo?.id;
}

/** A pull request in the terms of the port. */
export function toRemoteRequest(context: GithubContext, pull: PullRequest): RemoteRequest {
  const merged = typeof pull.merged_at === 'string';
  const people = (pull.requested_reviewers ?? []).map(({ login }) => login);
  const teams = (pull.requested_teams ?? []).map(({ slug }) => `${ownerOf(context)}/${slug}`);
  const assignees = sorted((pull.assignees ?? []).map(({ login }) => login));
  return {
    id: String(pull.number),
    number: pull.number,
    url: pull.html_url,
    state: merged ? 'merged' : pull.state,
    title: pull.title,
    body: (pull.body ?? '').replaceAll('\r\n', '\n'),
    labels: namesOf(pull.labels),
    reviewers: sorted([...people, ...teams]),
    ...(assignees.length > 0 ? { assignees } : {}),
    head: pull.head.ref,
    base: pull.base.ref,
    headCommit: pull.head.sha,
    headGone: false,
    ...(pull.draft ? { draft: true } : {}),
    ...(pull.locked ? { locked: true } : {}),
    autoMerge: Boolean(pull.auto_merge),
    author: pull.user?.login ?? 'ghost',
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    ...(merged && pull.merge_commit_sha ? { mergedCommit: pull.merge_commit_sha } : {}),
    ...(merged && pull.merged_by ? { mergedBy: pull.merged_by.login } : {}),
  };
}

/** The names of labels, which come as text or as objects. */
export function namesOf(labels: PullRequest['labels']): string[] {
  return sorted(
    labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))),
  );
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
