import type { RequestReadiness } from '../port/change-request.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { loadRequest } from './load-request.js';
import { findMergeBase } from './merge-base.js';
import { mergeBranches } from './merge-request.js';
import { readRequestsAndBranches } from './transact.js';

/** Whether a request can be merged now, by merging it without moving a ref. Nothing checks it. */
export async function readReadiness(
  context: EmbeddedForgeOptions,
  id: string,
): Promise<RequestReadiness> {
  const reading = await readRequestsAndBranches(context.repository);
  const { current: record } = await loadRequest(context.repository, reading, id);
  const about = { headCommit: record.headCommit, verdict: 'none', checks: [] } as const;
  if (record.state !== 'open') {
    return { ...about, merge: 'not-open', reasons: [`it is ${record.state}`] };
  }
  if (!reading.branches.has(record.head)) {
    return { ...about, merge: 'blocked', reasons: [`its branch ${record.head} is gone`] };
  }
  const tip = reading.branches.get(record.base) ?? null;
  const mergeBase = await findMergeBase(context.repository, reading.branches, record);
  const merged = await mergeBranches(context, { record, tip }, mergeBase);
  if (merged.kind === 'conflicted') {
    const reasons = merged.paths.map((path) => `${path} is in conflict with ${record.base}`);
    return { ...about, merge: 'conflicted', reasons };
  }
  return { ...about, merge: record.draft ? 'draft' : 'ready', reasons: [] };
}
