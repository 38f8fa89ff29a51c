import type { ChangeRequest, OpenTarget } from '../ports.js';
import { SyncError } from '../sync-error.js';
import type { ApplyOptions, Change } from './change.js';
import { holdsPlan } from './holds-plan.js';
import { findOwnBelow, findUndecided, hasForeignCommits } from './own-commits.js';
import { pushCommit } from './push-commit.js';
import { requestBranchPrefix } from './request-branch.js';
import { SUPERSEDED, supersedeOthers } from './supersede-others.js';

/** What applying a plan came to. */
export type AppliedItem =
  /** A new change request. */
  | {
      readonly kind: 'opened';
      readonly request: ChangeRequest;
      readonly commit: string;
      /** What could not be done as asked: a reviewer left out, no merge by the forge. */
      readonly notes?: readonly string[];
    }
  /** The request was there; its branch or its text moved on. */
  | {
      readonly kind: 'updated';
      readonly request: ChangeRequest;
      readonly commit: string;
      readonly notes?: readonly string[];
    }
  /** The request holds exactly this already: nothing was written. */
  | { readonly kind: 'unchanged'; readonly request: ChangeRequest; readonly commit: string }
  /** Opened or updated, and merged at once, as the rule's `auto_merge` says. */
  | { readonly kind: 'merged'; readonly request: ChangeRequest; readonly commit: string }
  /** The branch bears commits of others: it is left alone, and the request says so. */
  | { readonly kind: 'foreign-commits'; readonly branch: string; readonly request?: ChangeRequest }
  /** The branch bears this plan and, on top of it, commits of others: they are at work on it. */
  | {
      readonly kind: 'worked-on';
      readonly request: ChangeRequest;
      readonly commit: string;
      /** Delivered files in which conflict markers are still left on the branch. */
      readonly unresolved: readonly string[];
    }
  /** Someone closed this very request: closed means closed. */
  | { readonly kind: 'declined'; readonly request: ChangeRequest };

/** How often a branch that moves meanwhile is looked at anew. */
const ATTEMPTS = 3;

/**
 * Applies one change: writes the commit, moves the request's branch to it, and opens or
 * updates the change request. Each step is atomic, and the next run finishes what a crash left
 * undone. Nothing is written when the request holds the plan already.
 */
export async function applyChange(
  change: Change,
  target: OpenTarget,
  options: ApplyOptions,
): Promise<AppliedItem> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const applied = await tryToApply(change, target, options);
    if (applied) return applied;
  }
  throw new SyncError(
    'contended',
    `branch ${change.request.branch} of ${change.target} moved each time it was about to be written`,
    {
      blame: 'environment',
      hint: 'another run is at work on this target; run again when it is done',
    },
  );
}

async function tryToApply(
  change: Change,
  target: OpenTarget,
  options: ApplyOptions,
): Promise<AppliedItem | undefined> {
  const { repository, forge } = target;
  const { branch } = change.request;
  const own = await forge.findByHead(branch);
  const open = own.find(({ state }) => state === 'open');
  const latest = own[0];
  if (!open && latest?.state === 'closed' && latest.closeReason !== SUPERSEDED) {
    return { kind: 'declined', request: latest };
  }
  const tip = await repository.resolveCommit(`refs/heads/${branch}`);
  const leftOver = !open && latest?.state === 'merged' && latest.headCommit === tip?.oid;
  if (tip && !leftOver && (await hasForeignCommits(change, tip, target))) {
    const worked = open && (await findOwnBelow(change, tip, target));
    if (!worked) return reportForeignCommits(change, target, open);
    const unresolved = await findUndecided(change, tip, target);
    return { kind: 'worked-on', request: open, commit: tip.oid, unresolved };
  }
  const holds = tip !== undefined && !leftOver && (await holdsPlan(change, tip, target));
  if (!open) await keepBudget(change, target, options);
  // What waits for its checks must not be merged with what is pushed now, unless that may be as well.
  if (open?.autoMerge && !holds && !change.request.autoMerge) {
    await forge.update(open.id, { autoMerge: false });
  }
  const commit = holds ? tip.oid : await pushCommit(change, tip, target);
  if (commit === undefined) return undefined;

  const applied = await showRequest(change, target, options, { open, commit, pushed: !holds });
  await supersedeOthers(change, applied.request, target, options);
  return change.request.autoMerge && forge.kind === 'embedded' && applied.kind !== 'merged'
    ? mergeNow(applied, target, options)
    : applied;
}

/** Opens no request beyond what the configuration allows; the next run, after some are merged, does. */
async function keepBudget(
  { name, target: targetName }: Change,
  { forge }: OpenTarget,
  { namespace, openRequests }: ApplyOptions,
): Promise<void> {
  if (openRequests === undefined) return;
  const open = await forge.listOpen(requestBranchPrefix(namespace));
  // A request that this one takes the place of makes room.
  const others = open.filter(({ head }) => !head.endsWith(`/${name}`));
  if (others.length < openRequests) return;
  throw new SyncError(
    'too-many-requests',
    `${targetName} has ${others.length} open requests, and ${openRequests} may be`,
    {
      blame: 'repository',
      hint: 'merge or close some, or raise open_requests_per_target of its host, and run again',
    },
  );
}

async function reportForeignCommits(
  change: Change,
  { forge }: OpenTarget,
  open: ChangeRequest | undefined,
): Promise<AppliedItem> {
  const { branch } = change.request;
  if (!open) return { kind: 'foreign-commits', branch };
  await forge.comment(open.id, {
    key: `foreign-commits ${change.source.commit}`,
    body: `This branch bears commits that Holdfast did not make, so it is left as it is. ${change.source.version} would now bring something else than what is here: merge or close this request, or remove those commits, and the next run brings it up to date.`,
  });
  return { kind: 'foreign-commits', branch, request: open };
}

async function showRequest(
  { request: wanted }: Change,
  { forge }: OpenTarget,
  { method }: ApplyOptions,
  { open, commit, pushed }: { open: ChangeRequest | undefined; commit: string; pushed: boolean },
): Promise<Extract<AppliedItem, { kind: 'opened' | 'updated' | 'unchanged' | 'merged' }>> {
  const { branch: head, base, title, body, labels, reviewers, autoMerge } = wanted;
  if (!open) {
    const { kind, request, notes } = await forge.open({
      title,
      body,
      labels,
      reviewers,
      head,
      base,
      headCommit: commit,
      autoMerge,
      mergeMethod: method,
      lookedUp: true,
    });
    if (kind === 'existing') return { kind: 'unchanged', request, commit };
    if (request.state === 'merged') return { kind: 'merged', request, commit };
    return { kind: 'opened', request, commit, ...(notes ? { notes } : {}) };
  }
  // The first label is set last: where it is missing, a crash left the request half made.
  const whole = labels[0] === undefined || open.labels.includes(labels[0]);
  if (!pushed && whole) return { kind: 'unchanged', request: open, commit };
  const { request, notes } = await forge.update(open.id, {
    title,
    body,
    labels: [...new Set([...open.labels, ...labels])],
    reviewers: [...new Set([...open.reviewers, ...reviewers])],
    headCommit: commit,
    autoMerge,
    mergeMethod: method,
  });
  if (request.state === 'merged') return { kind: 'merged', request, commit };
  return { kind: 'updated', request, commit, ...(notes ? { notes } : {}) };
}

async function mergeNow(
  applied: Extract<AppliedItem, { kind: 'opened' | 'updated' | 'unchanged' }>,
  { forge }: OpenTarget,
  { method }: ApplyOptions,
): Promise<AppliedItem> {
  const { commit: expectedHead } = applied;
  const outcome = await forge.merge(applied.request.id, { method, expectedHead });
  if (outcome.kind !== 'merged' || outcome.commit === undefined) return applied;
  return {
    kind: 'merged',
    request: { ...applied.request, state: 'merged' },
    commit: outcome.commit,
  };
}
