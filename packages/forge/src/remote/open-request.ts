import { isUncertain } from '../client/failure.js';
import { ForgeError } from '../port/forge-error.js';
import type { NewRequest, Note, OpenOutcome } from '../port/forge.js';
import { fitBody } from '../text/fit-body.js';
import { arrangeAutoMerge } from './auto-merge.js';
import type { RemoteForgeOptions } from './remote-forge-options.js';
import type { RemoteApi, RemoteChange, RemoteRequest } from './remote-api.js';
import { requireRequest, toChangeRequest } from './to-change-request.js';

/** How long a request that was created without an answer may take to show up, in milliseconds. */
const lookPauses = [0, 500, 2000];

/**
 * Opens a request, unless an open one has the same head and base: that is looked up first, here or by the
 * caller. A create whose answer is lost is looked for before it is tried again, so that one is opened.
 */
export async function openRequest(
  options: RemoteForgeOptions,
  wanted: NewRequest,
): Promise<OpenOutcome> {
  const { api } = options;
  if (wanted.head === wanted.base) {
    throw new ForgeError('invalid-argument', 'head and base must be two branches');
  }
  const request = { ...wanted, body: fitBody(wanted.body.toWellFormed(), api.limits.body) };
  const there = wanted.lookedUp === true ? undefined : await findOpen(api, request);
  if (there !== undefined) return { kind: 'existing', request: toChangeRequest(there) };
  const made = await createOnce(options, request);
  if (made.kind === 'existing') return { kind: 'existing', request: toChangeRequest(made.request) };
  const notes: Note[] = [...made.notes];
  let opened: RemoteRequest | undefined = made.request;
  // Labels come last: where they are missing, what comes before may be missing too.
  const marks = missingMarks(made.request, request);
  if (Object.keys(marks).length > 0) {
    const edited = await api.edit(made.request, marks);
    for (const one of edited.notes) notes.push(one);
    opened = edited.request;
  }
  if (request.autoMerge) {
    for (const one of await arrangeAutoMerge(api, made.request, request)) notes.push(one);
    opened = undefined;
  }
  opened ??= await requireRequest(api, made.request.id);
  return {
    kind: 'opened',
    request: toChangeRequest(opened),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The people and labels that a request was not created with. */
function missingMarks(
  made: RemoteRequest,
  { labels = [], reviewers = [], assignees = [] }: NewRequest,
): RemoteChange {
  const lacks = (wanted: readonly string[], has: readonly string[] = []) =>
    wanted.some((name) => !has.includes(name));
  return {
    ...(lacks(assignees, made.assignees) ? { assignees } : {}),
    ...(lacks(reviewers, made.reviewers) ? { reviewers } : {}),
    ...(lacks(labels, made.labels) ? { labels } : {}),
  };
}

/** The open request of two branches. */
export async function findOpen(
  api: RemoteApi,
  { head, base }: { head: string; base: string },
): Promise<RemoteRequest | undefined> {
  const requests = await api.list({ state: 'open', head, base });
  return requests.find((request) => request.head === head && request.base === base);
}

type Made =
  | { readonly kind: 'created'; readonly request: RemoteRequest; readonly notes: readonly Note[] }
  | { readonly kind: 'existing'; readonly request: RemoteRequest };

async function createOnce(options: RemoteForgeOptions, request: NewRequest): Promise<Made> {
  const { api, sleep } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcome = await api.create(request);
      if (outcome.kind === 'created') return outcome;
      const other = await lookFor(options, request);
      if (other !== undefined) return { kind: 'existing', request: other };
      throw new ForgeError(
        'refused',
        `${api.location}: it says that ${request.head} has a request already, and shows none`,
        { hint: 'Look at the requests of this branch on the forge itself.' },
      );
    } catch (error) {
      if (!isUncertain(error)) throw error;
      const lost = await lookFor(options, request);
      if (lost !== undefined) return { kind: 'created', request: lost, notes: [] };
      if (attempt === 2) throw error;
      await sleep(1000);
    }
  }
}

async function lookFor(
  { api, sleep }: RemoteForgeOptions,
  branches: { head: string; base: string },
): Promise<RemoteRequest | undefined> {
  for (const pause of lookPauses) {
    if (pause > 0) await sleep(pause);
    const found = await findOpen(api, branches);
    if (found !== undefined) return found;
  }
  return undefined;
}
