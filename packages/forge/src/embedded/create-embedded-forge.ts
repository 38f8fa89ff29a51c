import { closeRequest } from './close-request.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import type { Forge } from '../port/forge.js';
import { mergeRequest } from './merge-request.js';
import { openRequest } from './open-request.js';
import { parseArgument } from './parse-argument.js';
import { postComment } from './post-comment.js';
import { createIssueTracker, listReleases } from './issues.js';
import { readReadiness } from './read-readiness.js';
import { diffRequest, findRequests, getRequest, listRequests } from './read-requests.js';
import { reopenRequest } from './reopen-request.js';
import { embeddedLimits } from './request-limits.js';
import { wordSchema } from './request-record.js';
import { updateRequest } from './update-request.js';

/**
 * The embedded forge: change requests of a repository, kept in that repository under the one ref
 * `refs/holdfast/requests`, so that they travel with it. Every operation that writes is one commit on
 * that ref, moved by compare-and-swap together with the branches that it concerns; when others write
 * at the same time it starts over, up to 50 times, then fails with `contended`.
 *
 * @throws ForgeError `invalid-argument` when the actor's name is not one line of 1 to 200 characters.
 * @example
 * const forge = createEmbeddedForge({
 *   repository: await openRepository('repos/webapp.git', {}),
 *   clock: () => new Date(),
 *   actor: { name: 'holdfast', email: 'holdfast@example.com' },
 * });
 * const { request } = await forge.open({ title, body, head: 'topic', base: 'main', headCommit });
 */
export function createEmbeddedForge(options: EmbeddedForgeOptions): Forge {
  parseArgument('actor.name', options.actor.name, wordSchema);
  return {
    kind: 'embedded',
    limits: embeddedLimits,
    findByHead: (head) => findRequests(options, head),
    listOpen: (headPrefix = '') => listRequests(options, { state: 'open', headPrefix }),
    list: (filter = {}) => listRequests(options, filter),
    get: (id) => getRequest(options, id),
    open: (request) => openRequest(options, request),
    update: (id, change) => updateRequest(options, id, change),
    comment: (id, comment) => postComment(options, id, comment),
    merge: (id, mergeOptions) => mergeRequest(options, id, mergeOptions),
    close: (id, closeOptions = {}) => closeRequest(options, id, closeOptions),
    reopen: (id) => reopenRequest(options, id),
    readiness: (id) => readReadiness(options, id),
    diff: (id) => diffRequest(options, id),
    issues: createIssueTracker(options),
    listReleases: () => listReleases(options),
  };
}
