import { ForgeError } from '../port/forge-error.js';
import { findMergeBase } from './merge-base.js';
import { observeRecord, type Branches } from './observe-request.js';
import type { ForgeRepository, TreeChange } from './repository-port.js';
import { serializeRecord, type RequestRecord } from './request-record.js';
import {
  bodyPath,
  readBodies,
  readRecords,
  recordPath,
  requestsRef,
  unwrap,
  type RequestTree,
} from './request-tree.js';
import { refuseDamaged } from './damaged-record.js';
import type { Reading } from './transact.js';

/** A request for an operation on it. */
export interface LoadedRequest {
  readonly number: number;
  /** As it was last written. */
  readonly stored: RequestRecord;
  /** As of now, with what happened to its branches since. */
  readonly current: RequestRecord;
  readonly body: string;
}

/** The number of the request that an id names; undefined when it names none. */
export function findNumber(tree: RequestTree, id: string): number | undefined {
  return tree.numbers.find((number) => String(number) === id);
}

/** Loads one request. Throws `unknown-request`, or the error of a damaged one. */
export async function loadRequest(
  repository: ForgeRepository,
  reading: Reading,
  id: string,
): Promise<LoadedRequest> {
  const number = findNumber(reading.tree, id);
  if (number === undefined) throw unknownRequest(repository.location, id);
  const [record] = await readRecords(repository, reading.tree, [number]);
  const [body] = await readBodies(repository, reading.tree, [number]);
  const stored = unwrap(record!);
  const current = await observeRecord(repository, reading.branches, stored);
  return { number, stored, current, body: unwrap(body!) };
}

/**
 * The open request of two branches, undefined when there is none. Where a damaged record may be that
 * request, its error is thrown: nobody opens a second one because the first cannot be read.
 */
export async function findOpen(
  repository: ForgeRepository,
  reading: Reading,
  { head, base }: { head: string; base: string },
): Promise<LoadedRequest | undefined> {
  const files = await readRecords(repository, reading.tree, reading.tree.numbers);
  for (const file of files) {
    if (file.kind === 'damaged' || file.value.head !== head || file.value.base !== base) continue;
    const current = await observeRecord(repository, reading.branches, file.value);
    if (current.state === 'open') return loadRequest(repository, reading, String(current.number));
  }
  await refuseDamaged(repository, reading.tree, files, head);
  return undefined;
}

/** What the next version of a record builds on: as of now, with the place where it leaves its base. */
export async function refreshRecord(
  repository: ForgeRepository,
  branches: Branches,
  { current }: LoadedRequest,
): Promise<RequestRecord> {
  if (current.state !== 'open') return current;
  return { ...current, mergeBase: await findMergeBase(repository, branches, current) };
}

/** The change that writes a record. */
export function recordChange(record: RequestRecord): TreeChange {
  return { path: recordPath(record.number), mode: '100644', content: serializeRecord(record) };
}

/** The change that writes a body. */
export function bodyChange(number: number, body: string): TreeChange {
  return { path: bodyPath(number), mode: '100644', content: new TextEncoder().encode(body) };
}

function unknownRequest(location: string, id: string): ForgeError {
  return new ForgeError('unknown-request', `${location}: no change request has the id "${id}"`, {
    hint: `List the requests to see their ids; requests made elsewhere arrive with "git fetch origin 'refs/holdfast/*:refs/holdfast/*'".`,
    data: { ref: requestsRef, id },
  });
}
