import type { MergeOptions, MergeOutcome } from '../port/forge.js';
import type { RemoteForgeOptions } from './remote-forge-options.js';
import type { RemoteApi, RemoteRequest } from './remote-api.js';
import { requireRequest, toChangeRequest } from './to-change-request.js';

/** How long a forge may take to work out whether a request can be merged, in milliseconds. */
const pauses = [0, 500, 1500, 3000];

/** Merges exactly the head that was looked at; what stands against it is a value. */
export async function mergeRequest(
  { api, sleep }: RemoteForgeOptions,
  id: string,
  { method, expectedHead, deleteBranch = true }: MergeOptions,
): Promise<MergeOutcome> {
  const request = await requireRequest(api, id);
  if (request.state !== 'open') {
    return { kind: 'not-open', state: request.state, request: toChangeRequest(request) };
  }
  if (!(await api.hasBranch(request.head))) return { kind: 'head-gone', branch: request.head };
  if (request.headCommit !== expectedHead) {
    return { kind: 'head-moved', expected: expectedHead, actual: request.headCommit };
  }
  let reason = '';
  for (const pause of pauses) {
    if (pause > 0) await sleep(pause);
    const outcome = await api.merge(request, { method, expectedHead, deleteBranch });
    if (outcome.kind === 'merged') return finish(api, request, deleteBranch, outcome.commit);
    if (outcome.kind === 'queued') {
      return {
        kind: 'blocked',
        reason: 'it is in the merge queue of its base branch, and waits there',
      };
    }
    const now = await requireRequest(api, id);
    if (now.state === 'merged') return finish(api, now, deleteBranch, now.mergedCommit);
    if (outcome.kind === 'head-moved' || now.headCommit !== expectedHead) {
      return { kind: 'head-moved', expected: expectedHead, actual: now.headCommit };
    }
    const { merge, reasons } = await api.readiness(now);
    if (merge === 'conflicted') return { kind: 'conflicted', paths: [] };
    reason = [outcome.reason, ...reasons].filter(Boolean).join('; ');
    if (merge !== 'unknown') break;
  }
  return { kind: 'blocked', reason };
}

async function finish(
  api: RemoteApi,
  { id, head }: RemoteRequest,
  deleteBranch: boolean,
  commit: string | undefined,
): Promise<MergeOutcome> {
  if (deleteBranch) await api.deleteBranch(head);
  const merged = await requireRequest(api, id);
  return {
    kind: 'merged',
    commit: commit ?? merged.mergedCommit ?? merged.headCommit,
    request: toChangeRequest({ ...merged, headGone: deleteBranch }),
  };
}
