import type { ChangeRequest, ChangeRequestDetails } from './change-request.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import type { RequestFilter } from './forge.js';
import { findNumber, loadRequest } from './load-request.js';
import { findMergeBase } from './merge-base.js';
import { observeRecord, toChangeRequest } from './observe-request.js';
import { toComment } from './post-comment.js';
import type { TreeDifference } from './repository-port.js';
import type { RequestRecord } from './request-record.js';
import { readBodies, readComments, readRecords } from './request-tree.js';
import { readRequestsAndBranches } from './transact.js';

/** Every readable request that passes the filter, highest number first. */
export async function listRequests(
  { repository, onDamaged }: EmbeddedForgeOptions,
  filter: RequestFilter,
): Promise<ChangeRequest[]> {
  const { tree, branches } = await readRequestsAndBranches(repository);
  const matching: RequestRecord[] = [];
  for (const file of await readRecords(repository, tree, tree.numbers)) {
    if (file.kind === 'damaged') onDamaged?.(file.error);
    else if (matches(file.value, filter)) {
      const current = await observeRecord(repository, branches, file.value);
      if (filter.state === undefined || current.state === filter.state) matching.push(current);
    }
  }
  const numbers = matching.map(({ number }) => number);
  const bodies = await readBodies(repository, tree, numbers);
  const requests: ChangeRequest[] = [];
  for (const [index, body] of bodies.entries()) {
    if (body.kind === 'damaged') onDamaged?.(body.error);
    else requests.push(toChangeRequest(matching[index]!, body.value, branches));
  }
  return requests.reverse();
}

/** One request with its comments. */
export async function getRequest(
  { repository }: EmbeddedForgeOptions,
  id: string,
): Promise<ChangeRequestDetails | undefined> {
  const reading = await readRequestsAndBranches(repository);
  if (findNumber(reading.tree, id) === undefined) return undefined;
  const { number, current, body } = await loadRequest(repository, reading, id);
  const comments = await readComments(repository, reading.tree, number);
  const request = toChangeRequest(current, body, reading.branches);
  return { ...request, comments: comments.map(toComment) };
}

/** What a request would bring or brought, by ids. */
export async function diffRequest(
  { repository }: EmbeddedForgeOptions,
  id: string,
): Promise<TreeDifference[]> {
  const reading = await readRequestsAndBranches(repository);
  const { current } = await loadRequest(repository, reading, id);
  const mergeBase =
    current.state === 'open'
      ? await findMergeBase(repository, reading.branches, current)
      : current.mergeBase;
  return [...(await repository.diffTrees(mergeBase, current.headCommit))];
}

/** Whether a record passes what a filter asks, but for the state, which depends on the branches. */
function matches(
  record: RequestRecord,
  { state, head, headPrefix = '', base, labels = [] }: RequestFilter,
): boolean {
  return (
    (head === undefined || record.head === head) &&
    (base === undefined || record.base === base) &&
    record.head.startsWith(headPrefix) &&
    labels.every((label) => record.labels.includes(label)) &&
    (state === undefined || state === record.state || record.state === 'open')
  );
}
