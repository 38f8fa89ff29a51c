import { z } from 'zod';

import { branchRef } from './branch-name.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import type { MergeOptions, MergeOutcome } from '../port/forge.js';
import { loadRequest, recordChange, type LoadedRequest } from './load-request.js';
import { findMergeBase } from './merge-base.js';
import { mergeTrees, type MergedTrees } from './merge-trees.js';
import { toChangeRequest } from './observe-request.js';
import { unrelatedHistories } from './branch-errors.js';
import { parseArgument } from './parse-argument.js';
import type { ForgeRepository, RefUpdate, Signature } from './repository-port.js';
import { oidSchema, type RequestRecord } from './request-record.js';
import { transact, type Decision, type Moment, type Reading } from './transact.js';

const mergeOptionsSchema = z.object({
  method: z.enum(['merge', 'squash']),
  expectedHead: oidSchema,
  deleteBranch: z.boolean().default(true),
});
type ParsedOptions = z.infer<typeof mergeOptionsSchema>;

/** Merges an open request: base branch, request and head branch move in one transaction. */
export async function mergeRequest(
  context: EmbeddedForgeOptions,
  id: string,
  input: MergeOptions,
): Promise<MergeOutcome> {
  const options = parseArgument('options', input, mergeOptionsSchema);
  return transact(context, async (reading, moment) => {
    const loaded = await loadRequest(context.repository, reading, id);
    const refusal = refuse(loaded, options, reading);
    if (refusal !== undefined) return { kind: 'settled', result: refusal };
    return decideMerge(context, { loaded, options }, reading, moment);
  });
}

function refuse(
  { current, body }: LoadedRequest,
  { expectedHead }: ParsedOptions,
  { branches }: Reading,
): MergeOutcome | undefined {
  const { state, head } = current;
  if (state !== 'open') {
    return { kind: 'not-open', state, request: toChangeRequest(current, body, branches) };
  }
  const actual = branches.get(head);
  if (actual === undefined) return { kind: 'head-gone', branch: head };
  if (expectedHead === actual) return undefined;
  return { kind: 'head-moved', expected: expectedHead, actual };
}

/** A request with the place where its base stands. */
interface Merge {
  readonly record: RequestRecord;
  /** The base branch's tip; null when the branch does not exist yet. */
  readonly tip: string | null;
  readonly options: ParsedOptions;
}

async function decideMerge(
  context: EmbeddedForgeOptions,
  { loaded, options }: { loaded: LoadedRequest; options: ParsedOptions },
  { branches }: Reading,
  moment: Moment,
): Promise<Decision<MergeOutcome>> {
  const { repository, actor } = context;
  const tip = branches.get(loaded.current.base) ?? null;
  const mergeBase = await findMergeBase(repository, branches, loaded.current);
  const merge = { record: loaded.current, tip, options };
  const merged = await mergeBranches(context, merge, mergeBase);
  if (merged.kind === 'conflicted') return { kind: 'settled', result: merged };
  const commit = await commitMerge(repository, merge, merged, moment.signature);
  const record: RequestRecord = {
    ...loaded.current,
    state: 'merged',
    mergeBase,
    mergedCommit: commit,
    mergedBy: actor.name,
    updatedAt: moment.now,
  };
  const request = toChangeRequest(record, loaded.body, branches);
  return {
    kind: 'write',
    message: `Merge request ${record.number}: ${record.title}`,
    changes: [recordChange(record)],
    refs: moveBranches(merge, commit),
    result: { kind: 'merged', commit, request: { ...request, headGone: options.deleteBranch } },
  };
}

/** Merges the trees of a request's branches; writes nothing but blobs. */
export async function mergeBranches(
  { repository, mergeFile }: EmbeddedForgeOptions,
  { record: { head, base, headCommit }, tip }: Pick<Merge, 'record' | 'tip'>,
  mergeBase: string | null,
): Promise<MergedTrees> {
  if (tip === null) return { kind: 'clean', onto: headCommit, changes: [] };
  if (mergeBase === null) throw unrelatedHistories(repository.location, { head, base });
  const commits = { base: mergeBase, ours: tip, theirs: headCommit };
  return mergeTrees(repository, commits, mergeFile);
}

async function commitMerge(
  repository: ForgeRepository,
  { record, tip, options: { method } }: Merge,
  { onto, changes }: MergedTrees & { kind: 'clean' },
  signature: Signature,
): Promise<string> {
  const { number, title, head, base, headCommit } = record;
  if (tip === null && method === 'merge') return headCommit;
  const ours = tip === null ? [] : [tip];
  const { commit } = await repository.writeCommit({
    parent: onto,
    parents: method === 'merge' ? [...ours, headCommit] : ours,
    changes,
    message:
      method === 'merge'
        ? `Merge request ${number}: ${title}\n\nMerges ${head} into ${base}.\n`
        : `${title}\n\nSquashes ${head} at ${headCommit}, request ${number}.\n`,
    author: signature,
    committer: signature,
  });
  return commit;
}

function moveBranches({ record, tip, options }: Merge, commit: string): RefUpdate[] {
  const moved = { ref: branchRef(record.base), old: tip, new: commit };
  if (!options.deleteBranch) return [moved];
  return [moved, { ref: branchRef(record.head), old: record.headCommit, new: null }];
}
