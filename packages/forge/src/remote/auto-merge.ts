import type { MergeMethod, Note } from '../port/forge.js';
import type { RemoteApi, RemoteRequest } from './remote-api.js';

/**
 * Lets the forge merge exactly this head once its conditions are met. Where they are met already, it
 * is merged now, if no check failed or still runs. What the repository does not allow is a note.
 */
export async function arrangeAutoMerge(
  api: RemoteApi,
  request: RemoteRequest,
  { headCommit, mergeMethod = 'merge' }: { headCommit?: string; mergeMethod?: MergeMethod },
): Promise<Note[]> {
  const expectedHead = headCommit ?? request.headCommit;
  const options = { method: mergeMethod, expectedHead, deleteBranch: true };
  const outcome = await api.enableAutoMerge(request, options);
  if (outcome.kind === 'refused') return [`it is not merged automatically: ${outcome.reason}`];
  if (outcome.kind !== 'mergeable-now') return [];
  const { verdict } = await api.readiness(request);
  if (verdict === 'failed' || verdict === 'pending') {
    return [`it is not merged automatically: its checks are ${verdict}, and none is required`];
  }
  const merged = await api.merge(request, options);
  if (merged.kind === 'merged' || merged.kind === 'queued') return [];
  const reason = merged.kind === 'refused' ? merged.reason : 'its branch has moved';
  return [`it is not merged automatically: ${reason}`];
}
