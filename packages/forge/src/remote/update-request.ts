import type { Note, RequestChange, UpdateOutcome } from '../port/forge.js';
import { fitBody } from '../text/fit-body.js';
import { arrangeAutoMerge } from './auto-merge.js';
import type { RemoteForgeOptions } from './remote-forge-options.js';
import { withoutCloseReason } from './markers.js';
import type { RemoteChange, RemoteRequest } from './remote-api.js';
import { requireRequest, toChangeRequest } from './to-change-request.js';

/** Changes a request in place: what differs, with as few calls as the forge allows. */
export async function updateRequest(
  { api }: RemoteForgeOptions,
  id: string,
  wanted: RequestChange,
): Promise<UpdateOutcome> {
  const request = await requireRequest(api, id);
  const change = differences(request, wanted, api.limits.body);
  const notes: Note[] = [];
  let changed = Object.keys(change).length > 0;
  let updated: RemoteRequest | undefined = request;
  if (changed) {
    const edited = await api.edit(request, change);
    for (const one of edited.notes) notes.push(one);
    updated = edited.request;
  }
  if (request.state === 'open' && wanted.autoMerge !== undefined) {
    if (!wanted.autoMerge && (request.autoMerge || !api.tellsAutoMerge)) {
      changed = (await api.disableAutoMerge(request)) || changed;
      updated = undefined;
    }
    if (wanted.autoMerge && !request.autoMerge) {
      const said = await arrangeAutoMerge(api, request, wanted);
      for (const one of said) notes.push(one);
      updated = undefined;
      changed ||= said.length === 0;
    }
  }
  updated ??= await requireRequest(api, id);
  return {
    changed,
    request: toChangeRequest(updated),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function differences(
  request: RemoteRequest,
  { title, body, labels, reviewers, assignees, draft }: RequestChange,
  bodyLimit: number,
): RemoteChange {
  const text = body === undefined ? undefined : fitBody(body.toWellFormed(), bodyLimit);
  return {
    ...(title !== undefined && title !== request.title ? { title } : {}),
    ...(text !== undefined && !sameText(text, withoutCloseReason(request.body))
      ? { body: text }
      : {}),
    ...(draft !== undefined && draft !== (request.draft ?? false) ? { draft } : {}),
    ...(labels && !sameSet(labels, request.labels) ? { labels } : {}),
    ...(reviewers && !sameSet(reviewers, request.reviewers) ? { reviewers } : {}),
    ...(assignees && !sameSet(assignees, request.assignees ?? []) ? { assignees } : {}),
  };
}

/** Forges give line ends back as they like, and drop those at the end. */
function sameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((item) => set.has(item));
}
