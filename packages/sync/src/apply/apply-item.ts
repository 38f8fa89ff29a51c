import { hashBlob, parseManifest, ruleStatePaths, serializeManifest } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import type { ChangedItem } from '../plan.js';
import type { ChangeRequest, Commit, Entry, OpenTarget, TreeChange } from '../ports.js';
import { SyncError } from '../sync-error.js';
import { parseTrailers } from './commit-trailers.js';
import { requestBranchPrefix } from './request-branch.js';

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

/** Why the engine closes a request itself; such a one may be opened again. */
const SUPERSEDED = 'superseded';

/** What applying needs beside the plan and the target. */
export interface ApplyOptions {
  readonly namespace: string;
  /** How a request is merged that merges itself. */
  readonly method: 'merge' | 'squash';
  /** Whether a commit of the source lies before another. */
  readonly isEarlier: (commit: string, than: string) => Promise<boolean>;
  /** How many requests of the namespace may be open in the target. Default: any number. */
  readonly openRequests?: number;
}

/** How often a branch that moves meanwhile is looked at anew. */
const ATTEMPTS = 3;

/**
 * Applies one planned item: writes the commit, moves the request's branch to it, and opens or
 * updates the change request. Each step is atomic, and the next run finishes what a crash left
 * undone. Nothing is written when the request holds the plan already.
 */
export async function applyItem(
  item: ChangedItem,
  target: OpenTarget,
  options: ApplyOptions,
): Promise<AppliedItem> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const applied = await tryToApply(item, target, options);
    if (applied) return applied;
  }
  throw new SyncError(
    'contended',
    `branch ${item.request.branch} of ${item.target} moved each time it was about to be written`,
    {
      blame: 'environment',
      hint: 'another run is at work on this target; run again when it is done',
    },
  );
}

async function tryToApply(
  item: ChangedItem,
  target: OpenTarget,
  options: ApplyOptions,
): Promise<AppliedItem | undefined> {
  const { repository, forge } = target;
  const { branch } = item.request;
  const own = await forge.findByHead(branch);
  const open = own.find(({ state }) => state === 'open');
  const latest = own[0];
  if (!open && latest?.state === 'closed' && latest.closeReason !== SUPERSEDED) {
    return { kind: 'declined', request: latest };
  }
  const tip = await repository.resolveCommit(`refs/heads/${branch}`);
  const leftOver = !open && latest?.state === 'merged' && latest.headCommit === tip?.oid;
  if (tip && !leftOver && (await hasForeignCommits(item, tip, target))) {
    const worked = open && (await findOwnBelow(item, tip, target, options));
    if (!worked) return reportForeignCommits(item, target, open);
    const unresolved = await findUndecided(item, tip, target);
    return { kind: 'worked-on', request: open, commit: tip.oid, unresolved };
  }
  const holds = tip !== undefined && !leftOver && (await holdsPlan(item, tip, target, options));
  if (!open) await keepBudget(item, target, options);
  // What waits for its checks must not be merged with what is pushed now, unless that may be as well.
  if (open?.autoMerge && !holds && !item.request.autoMerge) {
    await forge.update(open.id, { autoMerge: false });
  }
  const commit = holds ? tip.oid : await pushCommit(item, tip, target);
  if (commit === undefined) return undefined;

  const applied = await showRequest(item, target, options, { open, commit, pushed: !holds });
  await supersedeOthers(item, applied.request, target, options);
  return item.request.autoMerge && forge.kind === 'embedded' && applied.kind !== 'merged'
    ? mergeNow(applied, target, options)
    : applied;
}

/** Opens no request beyond what the configuration allows; the next run, after some are merged, does. */
async function keepBudget(
  item: ChangedItem,
  { forge }: OpenTarget,
  { namespace, openRequests }: ApplyOptions,
): Promise<void> {
  if (openRequests === undefined) return;
  const open = await forge.listOpen(requestBranchPrefix(namespace));
  // A request that this one takes the place of makes room.
  const others = open.filter(({ head }) => !head.endsWith(`/${item.rule}`));
  if (others.length < openRequests) return;
  throw new SyncError(
    'too-many-requests',
    `${item.target} has ${others.length} open requests, and ${openRequests} may be`,
    {
      blame: 'repository',
      hint: 'merge or close some, or raise open_requests_per_target of its host, and run again',
    },
  );
}

/** A commit is Holdfast's own when its committer and its trailers say so. */
async function hasForeignCommits(
  item: ChangedItem,
  tip: Commit,
  { repository }: OpenTarget,
): Promise<boolean> {
  if (isOwn(item, tip) && tip.parents.length === 1) {
    const [parent] = tip.parents;
    if (parent === item.commit.parent) return false;
    if (parent && (await repository.isAncestor(parent, item.commit.parent))) return false;
  }
  const commits = await repository.log({ from: item.commit.parent, to: tip.oid });
  return commits.some((commit) => !isOwn(item, commit));
}

function isOwn({ rule, commit }: ChangedItem, { committer, message }: Commit): boolean {
  const { signature } = commit;
  return committer.email === signature.email && parseTrailers(message).rule === rule;
}

/** Whether the branch bears exactly this plan below the commits of others. */
async function findOwnBelow(
  item: ChangedItem,
  tip: Commit,
  target: OpenTarget,
  options: ApplyOptions,
): Promise<boolean> {
  const commits = await target.repository.log({ from: item.commit.parent, to: tip.oid });
  const own = commits.find((commit) => isOwn(item, commit));
  return own !== undefined && holdsPlan(item, own, target, options);
}

/** The conflicted files of a plan that nobody has touched on its branch. */
async function findUndecided(
  { outcomes }: ChangedItem,
  tip: Commit,
  { repository }: OpenTarget,
): Promise<string[]> {
  const conflicted = outcomes.filter(({ kind }) => kind === 'conflicted');
  if (conflicted.length === 0) return [];
  const { entries } = await repository.readSnapshot(tip.oid);
  return conflicted
    .filter(({ path, after }) => after && entries.get(path)?.oid === after.oid)
    .map(({ path }) => path);
}

async function reportForeignCommits(
  item: ChangedItem,
  { forge }: OpenTarget,
  open: ChangeRequest | undefined,
): Promise<AppliedItem> {
  const { branch } = item.request;
  if (!open) return { kind: 'foreign-commits', branch };
  await forge.comment(open.id, {
    key: `foreign-commits ${item.source.commit}`,
    body: `This branch bears commits that Holdfast did not make, so it is left as it is. ${item.source.version} would now bring something else than what is here: merge or close this request, or remove those commits, and the next run brings it up to date.`,
  });
  return { kind: 'foreign-commits', branch, request: open };
}

/**
 * Whether a branch tip already is this plan: the same files, and a manifest that differs at most in
 * `synced_at`. Then the target's head may have moved on, and the request is left in peace all the same.
 */
async function holdsPlan(
  { rule, commit, manifest }: ChangedItem,
  tip: Commit,
  { repository }: OpenTarget,
  { namespace }: ApplyOptions,
): Promise<boolean> {
  const [parent, ...others] = tip.parents;
  if (parent === undefined || others.length > 0) return false;
  const manifestPath = ruleStatePaths(namespace, rule).manifest;
  const differences = await repository.diffTrees(parent, tip.oid);
  const expected = new Map(commit.changes.map((change) => [change.path, entryAfter(change)]));
  if (differences.length !== expected.size) return false;
  for (const { path, new: found } of differences) {
    if (!expected.has(path)) return false;
    if (path === manifestPath) {
      if (!found || !sameManifest(await repository.readBlob(found.oid), manifest)) return false;
    } else if (found?.oid !== expected.get(path)?.oid || found?.mode !== expected.get(path)?.mode) {
      return false;
    }
  }
  return true;
}

function sameManifest(content: Uint8Array, wanted: Manifest): boolean {
  const parsed = parseManifest(new TextDecoder().decode(content), { file: 'manifest.json' });
  if (parsed.kind === 'invalid') return false;
  const found = { ...parsed.value, synced_at: wanted.synced_at };
  return serializeManifest(found) === serializeManifest(wanted);
}

/** What lies at a change's path once it is made. */
function entryAfter(change: TreeChange): Entry | undefined {
  if ('remove' in change) return undefined;
  return { mode: change.mode, oid: 'oid' in change ? change.oid : hashBlob(change.content) };
}

/** Writes the commit and moves the branch; undefined when the branch moved meanwhile. */
async function pushCommit(
  item: ChangedItem,
  tip: Commit | undefined,
  target: OpenTarget,
): Promise<string | undefined> {
  const { repository } = target;
  const { parent, changes, message, signature } = item.commit;
  const { commit } = await repository.writeCommit({
    parent,
    changes,
    message,
    author: signature,
    committer: signature,
  });
  await checkWritten(item, commit, target);
  const ref = `refs/heads/${item.request.branch}`;
  const outcome = await repository.updateRefs([{ ref, old: tip?.oid ?? null, new: commit }], {
    message: `holdfast: ${item.request.title}`,
  });
  if (outcome.kind === 'checked-out') {
    throw new SyncError(
      'checked-out',
      `${ref} of ${item.target} is checked out in ${outcome.worktree}, with changes`,
      {
        blame: 'repository',
        hint: 'commit or discard the changes there, or check out another branch',
      },
    );
  }
  return outcome.kind === 'updated' ? commit : undefined;
}

/** Reads back, by ids, what was written: exactly the planned changes, and nothing else. */
async function checkWritten(
  { commit: { parent, changes }, target }: ChangedItem,
  written: string,
  { repository }: OpenTarget,
): Promise<void> {
  const expected = new Map(changes.map((change) => [change.path, entryAfter(change)]));
  for (const { path, new: found } of await repository.diffTrees(parent, written)) {
    const entry = expected.get(path);
    if (!expected.has(path) || entry?.oid !== found?.oid || entry?.mode !== found?.mode) {
      throw new SyncError(
        'checksum',
        `${path} of ${target} was written as ${found?.oid ?? 'nothing'}, expected ${entry?.oid ?? 'nothing'}`,
        {
          blame: 'repository',
          hint: `the object database of ${target} may be damaged: run git fsck there`,
        },
      );
    }
  }
}

async function showRequest(
  { request: wanted }: ChangedItem,
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

/**
 * Closes the rule's open requests for earlier commits of the source; one that bears commits of others
 * only gets a comment.
 */
async function supersedeOthers(
  item: ChangedItem,
  request: ChangeRequest,
  { repository, forge }: OpenTarget,
  { isEarlier, namespace }: ApplyOptions,
): Promise<void> {
  const refs = await repository.listRefs(`refs/heads/${requestBranchPrefix(namespace)}`);
  for (const { name } of refs) {
    const head = name.slice('refs/heads/'.length);
    if (!head.endsWith(`/${item.rule}`) || head === request.head) continue;
    const [other] = await forge.findByHead(head);
    // A crash may have left the branch of a request that was closed.
    const closed = other?.state === 'closed' && other.closeReason === SUPERSEDED;
    if (other?.base !== request.base || !(closed || other.state === 'open')) continue;
    const tip = await repository.resolveCommit(name);
    if (!tip) continue;
    const commits = await repository.log({ from: item.commit.parent, to: tip.oid });
    const delivered = commits
      .map(({ message }) => parseTrailers(message).sourceCommit)
      .find(Boolean);
    if (!delivered || !(await isEarlier(delivered, item.source.commit))) continue;
    const words = `Superseded by #${request.number}, which brings ${item.source.version}.`;
    if (!commits.every((commit) => isOwn(item, commit))) {
      await forge.comment(other.id, {
        key: `superseded ${request.id}`,
        body: `${words} This request is left open, because it bears commits that Holdfast did not make.`,
      });
      continue;
    }
    if (!closed) await forge.close(other.id, { comment: words, reason: SUPERSEDED });
    await repository.updateRefs([{ ref: `refs/heads/${other.head}`, old: tip.oid, new: null }]);
  }
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
