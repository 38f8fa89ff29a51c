import type { Forge } from '../port/forge.js';
import { createRemoteForge } from '../remote/create-remote-forge.js';
import type { RemoteApi } from '../remote/remote-api.js';
import type { ServerForgeOptions } from '../remote/server-forge-options.js';
import { createComment, editComment, listComments } from './comments.js';
import type { GithubContext } from './github-context.js';
import { createIssue, editIssue, listIssues, listReleases } from './issues.js';
import { githubLimits } from './limits.js';
import { disableAutoMerge, enableAutoMerge, mergeRequest } from './merge.js';
import { readReadiness } from './read-readiness.js';
import { listRequests, readRequest } from './read-requests.js';
import { createRequest, deleteBranch, editRequest, hasBranch } from './write-requests.js';

/** The headers that GitHub wants with each call. */
export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
};

/** The change requests of a repository on GitHub, or on a GitHub server of one's own. */
export function createGithubForge({ client, path, repository, sleep }: ServerForgeOptions): Forge {
  const context: GithubContext = { client, repository: path };
  const api: RemoteApi = {
    kind: 'github',
    limits: githubLimits,
    tellsAutoMerge: true,
    location: `${client.host}/${path}`,
    list: (filter) => listRequests(context, filter),
    read: (id) => readRequest(context, id),
    hasBranch: (branch) => hasBranch(context, branch),
    deleteBranch: (branch) => deleteBranch(context, branch),
    create: (request) => createRequest(context, request),
    edit: (request, change) => editRequest(context, request, change),
    listComments: (id) => listComments(context, id),
    createComment: (id, body) => createComment(context, id, body),
    editComment: (id, comment, body) => editComment(context, id, comment, body),
    merge: (request, options) => mergeRequest(context, request, options),
    enableAutoMerge: (request, options) => enableAutoMerge(context, request, options),
    disableAutoMerge: (request) => disableAutoMerge(context, request),
    readiness: (request) => readReadiness(context, request),
    listIssues: (label) => listIssues(context, label),
    createIssue: (issue) => createIssue(context, issue),
    editIssue: (id, change) => editIssue(context, id, change),
    async commentIssue(id, body) {
      await createComment(context, id, body);
    },
    listReleases: () => listReleases(context),
  };
  return createRemoteForge({ api, repository, sleep });
}
