import { branchRef } from './branch-name.js';
import type { ChangeRequest, ListedRequest } from '../port/change-request.js';
import type { ForgeRepository } from './repository-port.js';
import type { RequestRecord } from './request-record.js';

/** The branches of a repository at one moment: name → commit. */
export type Branches = ReadonlyMap<string, string>;

/** Reads every branch of a repository. */
export async function readBranches(repository: ForgeRepository): Promise<Branches> {
  const prefix = branchRef('');
  const refs = await repository.listRefs(prefix);
  return new Map(refs.map(({ name, oid }) => [name.slice(prefix.length), oid]));
}

/**
 * A record as of now. The head commit of an open request is its branch's actual tip; an open
 * request whose head commit the base branch contains counts as merged: somebody merged it by hand.
 */
export async function observeRecord(
  repository: ForgeRepository,
  branches: Branches,
  record: RequestRecord,
): Promise<RequestRecord> {
  if (record.state !== 'open') return record;
  const headCommit = branches.get(record.head) ?? record.headCommit;
  const merged = await contains(repository, branches.get(record.base), headCommit);
  return { ...record, headCommit, state: merged ? 'merged' : 'open' };
}

async function contains(
  repository: ForgeRepository,
  base: string | undefined,
  head: string,
): Promise<boolean> {
  if (base === undefined) return false;
  if (base === head) return true;
  const known = await repository.resolveCommit(head);
  return known !== undefined && (await repository.isAncestor(head, base));
}

/** A record as lists show it. */
export function toListedRequest(
  { version: _version, mergeBase: _mergeBase, ...record }: RequestRecord,
  branches: Branches,
): ListedRequest {
  return { id: String(record.number), headGone: !branches.has(record.head), ...record };
}

/** A record and its body as a change request. */
export function toChangeRequest(
  record: RequestRecord,
  body: string,
  branches: Branches,
): ChangeRequest {
  return { ...toListedRequest(record, branches), body };
}
