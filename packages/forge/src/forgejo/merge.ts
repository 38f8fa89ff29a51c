import { messageOf } from '../client/read-wait.js';
import type {
  RemoteAutoMerge,
  RemoteMerge,
  RemoteMergeOptions,
  RemoteRequest,
} from '../remote/remote-api.js';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { readPull } from './read-requests.js';

/** Merges exactly the expected head. */
export async function mergeRequest(
  context: ForgejoContext,
  request: RemoteRequest,
  options: RemoteMergeOptions,
): Promise<RemoteMerge> {
  const outcome = await post(context, request, options, {});
  if (outcome.kind !== 'accepted') return outcome;
  const pull = await readPull(context, request.id);
  if (!pull?.merged) return { kind: 'refused', reason: 'Forgejo did not say that it was merged' };
  return { kind: 'merged', ...(pull.merge_commit_sha ? { commit: pull.merge_commit_sha } : {}) };
}

/** Has Forgejo merge exactly this head when its checks have passed; without any it merges at once. */
export async function enableAutoMerge(
  context: ForgejoContext,
  request: RemoteRequest,
  options: RemoteMergeOptions,
): Promise<RemoteAutoMerge> {
  const waiting = { merge_when_checks_succeed: true };
  const outcome = await post(context, request, options, waiting);
  if (outcome.kind === 'refused') return outcome;
  if (outcome.kind === 'head-moved') return { kind: 'refused', reason: 'its branch has moved' };
  const pull = await readPull(context, request.id);
  return pull?.merged ? { kind: 'merged' } : { kind: 'enabled' };
}

async function post(
  context: ForgejoContext,
  { id }: RemoteRequest,
  { method, expectedHead, deleteBranch }: RemoteMergeOptions,
  more: object,
): Promise<{ readonly kind: 'accepted' } | Exclude<RemoteMerge, { kind: 'merged' | 'queued' }>> {
  const answer = await context.client.call({
    method: 'POST',
    path: repositoryPath(context, `/pulls/${id}/merge`),
    body: {
      Do: method,
      head_commit_id: expectedHead,
      delete_branch_after_merge: deleteBranch,
      ...more,
    },
    expect: [403, 404, 405, 409, 422, 423],
    // With the head that it is about, a second time finds it merged.
    repeatable: true,
  });
  if (answer.status < 300) return { kind: 'accepted' };
  const reason = messageOf(answer.body) || `Forgejo answered ${answer.status}`;
  if (answer.status === 409 && /head/i.test(reason)) return { kind: 'head-moved' };
  return { kind: 'refused', reason };
}

/** Takes that back. */
export async function disableAutoMerge(
  context: ForgejoContext,
  { id }: RemoteRequest,
): Promise<boolean> {
  const path = repositoryPath(context, `/pulls/${id}/merge`);
  const { status } = await context.client.call({ method: 'DELETE', path, expect: [403, 404] });
  return status < 300;
}
