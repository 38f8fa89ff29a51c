import type { ChangeRequestDetails, ListedRequest } from '../port/change-request.js';
import { ForgeError } from '../port/forge-error.js';
import type { Forge, RequestFilter } from '../port/forge.js';
import type { TreeDifference } from '../port/tree-difference.js';
import { closeRequest, reopenRequest } from './close-request.js';
import { createIssueTracker } from './issue-tracker.js';
import { mergeRequest } from './merge-request.js';
import { openRequest } from './open-request.js';
import { postComment, toComment } from './post-comment.js';
import type { RemoteApi } from './remote-api.js';
import { requireRequest, toChangeRequest, toListedRequest } from './to-change-request.js';
import { updateRequest } from './update-request.js';
import type { RemoteForgeOptions } from './remote-forge-options.js';

/** The port over the calls of any forge: what is looked up first, what is done once, what is a value. */
export function createRemoteForge(options: RemoteForgeOptions): Forge {
  const { api } = options;
  return {
    kind: api.kind,
    limits: api.limits,
    findByHead: async (head) =>
      sorted((await api.list({ state: 'all', head })).filter((request) => request.head === head)),
    listOpen: async (headPrefix = '') =>
      sorted((await api.list({ state: 'open' })).filter(({ head }) => head.startsWith(headPrefix))),
    list: (filter = {}) => listRequests(api, filter),
    get: (id) => getRequest(api, id),
    open: (request) => openRequest(options, request),
    update: (id, change) => updateRequest(options, id, change),
    comment: (id, comment) => postComment(api, id, comment),
    merge: (id, mergeOptions) => mergeRequest(options, id, mergeOptions),
    close: (id, closeOptions = {}) => closeRequest(api, id, closeOptions),
    reopen: (id) => reopenRequest(api, id),
    async readiness(id) {
      const request = await requireRequest(api, id);
      const { headCommit, state } = request;
      if (state !== 'open') {
        const nothing = { verdict: 'none', checks: [] } as const;
        return { headCommit, merge: 'not-open', reasons: [`it is ${state}`], ...nothing };
      }
      return { headCommit, ...(await api.readiness(request)) };
    },
    diff: (id) => diffRequest(options, id),
    issues: createIssueTracker(options),
    listReleases: () => api.listReleases(),
  };
}

async function listRequests(
  api: RemoteApi,
  { state, head, headPrefix = '', base, labels = [] }: RequestFilter,
): Promise<ListedRequest[]> {
  const found = await api.list({
    state: state === 'open' ? 'open' : 'all',
    ...(head === undefined ? {} : { head }),
    ...(base === undefined ? {} : { base }),
  });
  return sorted(
    found.filter(
      (request) =>
        (state === undefined || request.state === state) &&
        (head === undefined || request.head === head) &&
        (base === undefined || request.base === base) &&
        request.head.startsWith(headPrefix) &&
        labels.every((label) => request.labels.includes(label)),
    ),
  );
}

async function getRequest(api: RemoteApi, id: string): Promise<ChangeRequestDetails | undefined> {
  const request = await api.read(id);
  if (request === undefined) return undefined;
  const [comments, present] = await Promise.all([
    api.listComments(id),
    api.hasBranch(request.head),
  ]);
  const details = toChangeRequest({ ...request, headGone: !present });
  return { ...details, comments: comments.map(toComment) };
}

async function diffRequest(
  { api, repository }: RemoteForgeOptions,
  id: string,
): Promise<TreeDifference[]> {
  const { headCommit, base, url } = await requireRequest(api, id);
  const [head, tip] = await Promise.all([
    repository.resolveCommit(headCommit),
    repository.resolveCommit(`refs/heads/${base}`),
  ]);
  if (head === undefined) {
    throw new ForgeError('head-missing', `${api.location}: commit ${headCommit} is not there`, {
      hint: `Its branch is gone${url === undefined ? '' : `; its page still shows the files: ${url}`}.`,
      data: { id, expected: headCommit },
    });
  }
  const from = tip === undefined ? undefined : await repository.mergeBase(tip.oid, head.oid);
  return [...(await repository.diffTrees(from ?? null, head.oid))];
}

function sorted(requests: readonly Parameters<typeof toListedRequest>[0][]): ListedRequest[] {
  return requests.map(toListedRequest).sort((a, b) => b.number - a.number);
}
