import { messageOf } from '../client/read-wait.js';
import type {
  RemoteAutoMerge,
  RemoteMerge,
  RemoteMergeOptions,
  RemoteRequest,
} from '../remote/remote-api.js';
import { repositoryPath, type GithubContext } from './github-context.js';
import { mutate } from './graphql.js';
import { readPull } from './read-requests.js';
import { Merged } from './schema.js';

/** Merges exactly the expected head; where the base branch has a merge queue, puts it in there. */
export async function mergeRequest(
  context: GithubContext,
  { id }: RemoteRequest,
  { method, expectedHead }: RemoteMergeOptions,
): Promise<RemoteMerge> {
  const answer = await context.client.call({
    method: 'PUT',
    path: repositoryPath(context, `/pulls/${id}/merge`),
    body: { sha: expectedHead, merge_method: method },
    expect: [403, 405, 409, 422],
  });
  if (answer.status === 409) return { kind: 'head-moved' };
  if (answer.status >= 400) {
    const reason = messageOf(answer.body) || String(answer.status);
    return /merge queue/i.test(reason)
      ? joinQueue(context, id, expectedHead)
      : { kind: 'refused', reason };
  }
  const merged = Merged.safeParse(answer.body);
  return merged.success && merged.data.merged
    ? { kind: 'merged', commit: merged.data.sha }
    : { kind: 'refused', reason: 'GitHub did not say that it was merged' };
}

const enqueue = `mutation($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: {pullRequestId: $id, expectedHeadOid: $head}) { mergeQueueEntry { id } }
}`;

async function joinQueue(context: GithubContext, id: string, head: string): Promise<RemoteMerge> {
  const pull = await readPull(context, id);
  if (pull === undefined) return { kind: 'refused', reason: 'it is gone' };
  const refusal = await mutate(context, enqueue, { id: pull.node_id, head });
  return refusal === undefined || /already.*queue/i.test(refusal)
    ? { kind: 'queued' }
    : { kind: 'refused', reason: refusal };
}

const enable = `mutation($id: ID!, $method: PullRequestMergeMethod!, $head: GitObjectID!) {
  enablePullRequestAutoMerge(
    input: {pullRequestId: $id, mergeMethod: $method, expectedHeadOid: $head}
  ) { pullRequest { id } }
}`;

const disable =
  'mutation($id: ID!) { disablePullRequestAutoMerge(input: {pullRequestId: $id}) { pullRequest { id } } }';

/** Has GitHub merge exactly this head when its requirements are met. */
export async function enableAutoMerge(
  context: GithubContext,
  { id }: RemoteRequest,
  { method, expectedHead }: RemoteMergeOptions,
): Promise<RemoteAutoMerge> {
  const pull = await readPull(context, id);
  if (pull === undefined) return { kind: 'refused', reason: 'it is gone' };
  const refusal = await mutate(context, enable, {
    id: pull.node_id,
    method: method.toUpperCase(),
    head: expectedHead,
  });
  if (refusal === undefined) return { kind: 'enabled' };
  // GitHub's words when nothing is left to wait for.
  if (/clean status/i.test(refusal)) return { kind: 'mergeable-now' };
  return { kind: 'refused', reason: refusal };
}

/** Takes that back. */
export async function disableAutoMerge(
  context: GithubContext,
  { id }: RemoteRequest,
): Promise<boolean> {
  const pull = await readPull(context, id);
  if (!pull?.auto_merge) return false;
  return (await mutate(context, disable, { id: pull.node_id })) === undefined;
}
