import type { CloseOptions, CloseOutcome, ReopenOutcome } from '../port/forge.js';
import { withCloseReason, withoutCloseReason } from './markers.js';
import { findOpen } from './open-request.js';
import { postComment } from './post-comment.js';
import type { RemoteApi } from './remote-api.js';
import { requireRequest, toChangeRequest } from './to-change-request.js';

/** Closes an open request, with its reason in the same call. The branch stays. */
export async function closeRequest(
  api: RemoteApi,
  id: string,
  { comment, reason }: CloseOptions,
): Promise<CloseOutcome> {
  const request = await requireRequest(api, id);
  if (request.state !== 'open') {
    return { kind: 'not-open', state: request.state, request: toChangeRequest(request) };
  }
  if (comment !== undefined) {
    // With a reason, a run that was cut off here does not say it twice.
    const key = reason === undefined ? {} : { key: `closed ${reason}` };
    await postComment(api, id, { body: comment, ...key });
  }
  const body = reason === undefined ? {} : { body: withCloseReason(request.body, reason) };
  await api.edit(request, { state: 'closed', ...body });
  return { kind: 'closed', request: toChangeRequest(await requireRequest(api, id)) };
}

/** Opens a closed request again, if its branch is there and no other request took its place. */
export async function reopenRequest(api: RemoteApi, id: string): Promise<ReopenOutcome> {
  const request = await requireRequest(api, id);
  if (request.state === 'open') return { kind: 'already-open', request: toChangeRequest(request) };
  if (request.state === 'merged') return { kind: 'merged', request: toChangeRequest(request) };
  if (!(await api.hasBranch(request.head))) return { kind: 'head-gone', branch: request.head };
  const other = await findOpen(api, request);
  if (other !== undefined) return { kind: 'duplicate', request: toChangeRequest(other) };
  const body = withoutCloseReason(request.body);
  await api.edit(request, { state: 'open', ...(body === request.body ? {} : { body }) });
  return { kind: 'reopened', request: toChangeRequest(await requireRequest(api, id)) };
}
