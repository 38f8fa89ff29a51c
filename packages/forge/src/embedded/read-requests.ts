import type { ChangeRequestDetails, ListedRequest } from '../port/change-request.js';
import type { RequestFilter } from '../port/forge.js';
import type { TreeDifference } from '../port/tree-difference.js';
import { refuseDamaged } from './damaged-record.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { findNumber, loadRequest } from './load-request.js';
import { findMergeBase } from './merge-base.js';
import { observeRecord, toChangeRequest, toListedRequest } from './observe-request.js';
import { toComment } from './post-comment.js';
import type { RequestRecord } from './request-record.js';
import { readComments, readRecords } from './request-tree.js';
import { readRequestsAndBranches } from './transact.js';

/** Every readable request that passes the filter, highest number first. */
export async function listRequests(
  { repository, onDamaged }: EmbeddedForgeOptions,
  filter: RequestFilter,
): Promise<ListedRequest[]> {
  const { tree, branches } = await readRequestsAndBranches(repository);
  const requests: ListedRequest[] = [];
  for (const file of await readRecords(repository, tree, tree.numbers)) {
    if (file.kind === 'damaged') onDamaged?.(file.error);
    else if (matches(file.value, filter)) {
      const current = await observeRecord(repository, branches, file.value);
      if (filter.state !== undefined && current.state !== filter.state) continue;
      requests.push(toListedRequest(current, branches));
    }
  }
  return requests.reverse();
}

/** The requests of one branch, highest number first. Throws when a damaged one may be among them. */
export async function findRequests(
  { repository }: EmbeddedForgeOptions,
  head: string,
): Promise<ListedRequest[]> {
  const { tree, branches } = await readRequestsAndBranches(repository);
  const files = await readRecords(repository, tree, tree.numbers);
  await refuseDamaged(repository, tree, files, head);
  const requests: ListedRequest[] = [];
  for (const file of files) {
    if (file.kind === 'damaged' || file.value.head !== head) continue;
    const current = await observeRecord(repository, branches, file.value);
    requests.push(toListedRequest(current, branches));
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
