import { messageOf } from '../client/read-wait.js';
import type {
  RemoteAutoMerge,
  RemoteMerge,
  RemoteMergeOptions,
  RemoteRequest,
} from '../remote/remote-api.js';
import { projectPath, type GitlabContext } from './gitlab-context.js';
import { MergeRequest } from './schema.js';

/** Merges exactly the expected head. */
export async function mergeRequest(
  context: GitlabContext,
  request: RemoteRequest,
  options: RemoteMergeOptions,
): Promise<RemoteMerge> {
  const outcome = await put(context, request, options, {});
  if (outcome.kind !== 'accepted') return outcome;
  const { merge_commit_sha: merged, squash_commit_sha: squashed, state } = outcome.request;
  if (state !== 'merged') return { kind: 'refused', reason: `it is ${state}` };
  const commit = merged ?? squashed;
  return { kind: 'merged', ...(commit ? { commit } : {}) };
}

/** Has GitLab merge exactly this head when its pipeline has passed; without one it merges at once. */
export async function enableAutoMerge(
  context: GitlabContext,
  request: RemoteRequest,
  options: RemoteMergeOptions,
): Promise<RemoteAutoMerge> {
  const waiting = { merge_when_pipeline_succeeds: true };
  const outcome = await put(context, request, options, waiting);
  if (outcome.kind === 'refused') return outcome;
  if (outcome.kind === 'head-moved') return { kind: 'refused', reason: 'its branch has moved' };
  return outcome.request.state === 'merged' ? { kind: 'merged' } : { kind: 'enabled' };
}

type PutOutcome =
  | { readonly kind: 'accepted'; readonly request: MergeRequest }
  | Exclude<RemoteMerge, { kind: 'merged' | 'queued' }>;

async function put(
  context: GitlabContext,
  { id }: RemoteRequest,
  { method, expectedHead, deleteBranch }: RemoteMergeOptions,
  more: object,
): Promise<PutOutcome> {
  const answer = await context.client.call({
    method: 'PUT',
    path: projectPath(context, `/merge_requests/${id}/merge`),
    body: {
      sha: expectedHead,
      squash: method === 'squash',
      should_remove_source_branch: deleteBranch,
      ...more,
    },
    expect: [401, 403, 405, 406, 409, 422],
  });
  if (answer.status === 409) return { kind: 'head-moved' };
  if (answer.status >= 400) {
    // 401 is GitLab's answer to a token that may not merge here, not only to a bad one.
    const may = answer.status === 401 ? 'the token may not merge here' : '';
    return { kind: 'refused', reason: may || messageOf(answer.body) || String(answer.status) };
  }
  const parsed = MergeRequest.safeParse(answer.body);
  return parsed.success
    ? { kind: 'accepted', request: parsed.data }
    : { kind: 'refused', reason: 'GitLab did not say that it was merged' };
}

/** Takes that back. */
export async function disableAutoMerge(
  context: GitlabContext,
  { id }: RemoteRequest,
): Promise<boolean> {
  const path = projectPath(context, `/merge_requests/${id}/cancel_merge_when_pipeline_succeeds`);
  const call = { method: 'POST', path, expect: [405, 406], repeatable: true } as const;
  return (await context.client.call(call)).status < 300;
}
