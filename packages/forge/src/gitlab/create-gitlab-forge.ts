import type { Forge } from '../port/forge.js';
import { createRemoteForge } from '../remote/create-remote-forge.js';
import type { RemoteApi } from '../remote/remote-api.js';
import type { ServerForgeOptions } from '../remote/server-forge-options.js';
import { createComment, editComment, listComments } from './comments.js';
import type { GitlabContext } from './gitlab-context.js';
import { commentIssue, createIssue, editIssue, listIssues, listReleases } from './issues.js';
import { gitlabLimits } from './limits.js';
import { disableAutoMerge, enableAutoMerge, mergeRequest } from './merge.js';
import { readReadiness } from './read-readiness.js';
import { listRequests, readRequest } from './read-requests.js';
import { createRequest, deleteBranch, editRequest, hasBranch } from './write-requests.js';

/** The change requests of a project on GitLab, on gitlab.com or a server of one's own. */
export function createGitlabForge({ client, path, repository, sleep }: ServerForgeOptions): Forge {
  const context: GitlabContext = { client, project: path };
  const api: RemoteApi = {
    kind: 'gitlab',
    limits: gitlabLimits,
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
    commentIssue: (id, body) => commentIssue(context, id, body),
    listReleases: () => listReleases(context),
  };
  return createRemoteForge({ api, repository, sleep });
}
