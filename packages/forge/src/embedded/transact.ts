import { setTimeout } from 'node:timers/promises';

import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { ForgeError } from '../port/forge-error.js';
import { formatMoment, sign } from './moment.js';
import { readBranches, type Branches } from './observe-request.js';
import type {
  ForgeRepository,
  RefUpdate,
  Signature,
  TreeChange,
  UpdateRefsOutcome,
} from './repository-port.js';
import { readRequestTree, requestsRef, type RequestTree } from './request-tree.js';

/** The requests and the branches as they were read together. */
export interface Reading {
  readonly tree: RequestTree;
  readonly branches: Branches;
}

/** When an operation happens, the same through all its attempts. */
export interface Moment {
  /** ISO 8601, to the second. */
  readonly now: string;
  readonly signature: Signature;
}

/** What an operation decides: nothing to write, or one commit of the requests with other refs. */
export type Decision<T> =
  | { readonly kind: 'settled'; readonly result: T }
  | {
      readonly kind: 'write';
      readonly message: string;
      readonly changes: readonly TreeChange[];
      /** Refs that move in the same transaction. */
      readonly refs?: readonly RefUpdate[];
      readonly result: T;
    };

/** Each round one contender wins, so this many others must win first before one gives up. */
const attemptLimit = 50;

/**
 * Reads, decides and writes until nobody moved a ref in between. Until the last step, the move of
 * all refs at once, nothing is written but objects that no ref names.
 */
export async function transact<T>(
  context: EmbeddedForgeOptions,
  decide: (reading: Reading, moment: Moment) => Promise<Decision<T>>,
): Promise<T> {
  const date = context.clock();
  const moment = { now: formatMoment(date), signature: sign(context.actor, date) };
  for (let attempt = 1; attempt <= attemptLimit; attempt += 1) {
    const reading = await readRequestsAndBranches(context.repository);
    const decision = await decide(reading, moment);
    if (decision.kind === 'settled') return decision.result;
    if (await write(context.repository, reading.tree.tip, decision, moment.signature)) {
      return decision.result;
    }
    await setTimeout(Math.min(attempt * 5, 50));
  }
  throw new ForgeError(
    'contended',
    `${context.repository.location}: ${requestsRef} was moved by others ${attemptLimit} times in a row`,
    { hint: 'Try again when fewer processes write to it.', data: { ref: requestsRef } },
  );
}

/** Reads the branches first: a request that is merged meanwhile is then seen as merged. */
export async function readRequestsAndBranches(repository: ForgeRepository): Promise<Reading> {
  const branches = await readBranches(repository);
  return { branches, tree: await readRequestTree(repository) };
}

/** Whether the refs moved; false when somebody was faster. */
async function write(
  repository: ForgeRepository,
  tip: string | null,
  { message, changes, refs = [] }: Decision<unknown> & { kind: 'write' },
  signature: Signature,
): Promise<boolean> {
  const parent = tip === null ? {} : { parent: tip };
  const { commit } = await repository.writeCommit({
    ...parent,
    changes,
    message,
    author: signature,
    committer: signature,
  });
  const update = { ref: requestsRef, old: tip, new: commit };
  const outcome = await repository.updateRefs([update, ...refs], { message });
  if (outcome.kind === 'checked-out') throw checkedOut(repository.location, outcome);
  return outcome.kind === 'updated';
}

function checkedOut(
  location: string,
  { ref, worktree }: UpdateRefsOutcome & { kind: 'checked-out' },
): ForgeError {
  return new ForgeError(
    'checked-out',
    `${location}: ${ref} is checked out in ${worktree}, which cannot follow; nothing was changed`,
    {
      hint: 'Commit or put away what is changed there, or check out another branch, and try again; a branch that is merged by hand with git is noticed as well.',
      data: { ref, worktree },
    },
  );
}
