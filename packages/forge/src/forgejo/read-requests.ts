import type { RemoteFilter, RemoteRequest } from '../remote/remote-api.js';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { PullRequest, Review } from './schema.js';

/** Forgejo shows a draft by this beginning of its title. */
export const draftPrefix = 'WIP: ';

/** Forgejo gives at most this many of a list at a time. */
const pageSize = 50;

/**
 * Lists pull requests of the repository's own branches; those of forks are left out. Forgejo filters
 * by state alone, so the newest changed come first and the rest is left to the caller.
 */
export async function listRequests(
  context: ForgejoContext,
  { state, head, base }: RemoteFilter,
): Promise<RemoteRequest[]> {
  const query = { state, sort: 'recentupdate', limit: pageSize };
  const call = { method: 'GET', path: repositoryPath(context, '/pulls'), query } as const;
  const found = await context.client.readAll(call, PullRequest);
  const own = found.filter(
    (pull) =>
      pull.head.repo_id === pull.base.repo_id &&
      (head === undefined || pull.head.ref === head) &&
      (base === undefined || pull.base.ref === base),
  );
  const requests: RemoteRequest[] = [];
  for (const pull of own) requests.push(toRemoteRequest(pull, { owner: ownerOf(context) }));
  return requests;
}

/** Reads one pull request with who was asked to review; undefined when there is none. */
export async function readRequest(
  context: ForgejoContext,
  id: string,
): Promise<RemoteRequest | undefined> {
  const pull = await readPull(context, id);
  if (pull === undefined) return undefined;
  const owner = ownerOf(context);
  if (pull.requested_reviewers !== undefined) return toRemoteRequest(pull, { owner });
  const path = repositoryPath(context, `/pulls/${id}/reviews`);
  const call = { method: 'GET', path, query: { limit: pageSize } } as const;
  const reviews = await context.client.readAll(call, Review);
  const asked = reviews.filter(({ state }) => state === 'REQUEST_REVIEW');
  const reviewers = asked.flatMap(({ user, team }) =>
    team ? `${owner}/${team.name}` : user ? user.login : [],
  );
  return toRemoteRequest(pull, { owner, reviewers });
}

/** Reads one pull request as Forgejo gives it. */
export async function readPull(
  context: ForgejoContext,
  id: string,
): Promise<PullRequest | undefined> {
  const path = repositoryPath(context, `/pulls/${id}`);
  return context.client.readIf({ method: 'GET', path }, PullRequest);
}

function ownerOf({ repository }: ForgejoContext): string {
  return repository.split('/')[0]!;
}

/** A pull request in the terms of the port. */
export function toRemoteRequest(
  pull: PullRequest,
  { owner, reviewers }: { owner: string; reviewers?: readonly string[] },
): RemoteRequest {
  const merged = pull.merged ?? false;
  const draft = pull.draft ?? pull.title.startsWith(draftPrefix);
  const people = (pull.requested_reviewers ?? []).map(({ login }) => login);
  const teams = (pull.requested_reviewers_teams ?? []).map(({ name }) => `${owner}/${name}`);
  const assignees = sorted((pull.assignees ?? []).map(({ login }) => login));
  return {
    id: String(pull.number),
    number: pull.number,
    url: pull.html_url,
    state: merged ? 'merged' : pull.state,
    title: pull.title.startsWith(draftPrefix) ? pull.title.slice(draftPrefix.length) : pull.title,
    body: (pull.body ?? '').replaceAll('\r\n', '\n'),
    labels: sorted((pull.labels ?? []).map(({ name }) => name)),
    reviewers: sorted(reviewers ?? [...people, ...teams]),
    ...(assignees.length > 0 ? { assignees } : {}),
    head: pull.head.ref,
    base: pull.base.ref,
    headCommit: pull.head.sha,
    headGone: false,
    ...(draft ? { draft: true } : {}),
    ...(pull.is_locked ? { locked: true } : {}),
    // Forgejo does not say whether it waits to merge.
    autoMerge: false,
    author: pull.user.login,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    ...(merged && pull.merge_commit_sha ? { mergedCommit: pull.merge_commit_sha } : {}),
    ...(merged && pull.merged_by ? { mergedBy: pull.merged_by.login } : {}),
  };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
