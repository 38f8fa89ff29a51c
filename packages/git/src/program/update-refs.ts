import { GitError } from '../git-error.js';
import { findMoved, readRefStates } from '../ref-outcome.js';
import type { RefUpdate, UpdateRefsOutcome } from '../repository.js';
import { collectText, startFailure, startGit, type GitRunOptions } from './run-git.js';
import { describeFailure } from './git-failure.js';

const NOTHING = '0'.repeat(40);

/** Tries that a transaction gets when other writers are in its way. */
const MAX_TRIES = 4;

/** What the transaction needs beside git. */
export interface RefTransactionOptions extends GitRunOptions {
  readonly runHooks: boolean;
  readonly message: string;
  readonly readRef: (name: string) => Promise<string | undefined>;
  /**
   * Runs while all refs are locked and known to hold `old`, with the updates that will move them;
   * anything but `undefined` calls the transaction off and is its outcome.
   */
  readonly whileLocked: (moves: readonly RefUpdate[]) => Promise<UpdateRefsOutcome | undefined>;
}

/**
 * Moves refs in one `update-ref` transaction. Whether a failure means that a ref moved is read from
 * the refs themselves, not from git's words. If this process dies, git sees its input end and calls
 * the transaction off.
 */
export async function updateRefsLocally(
  updates: readonly RefUpdate[],
  options: RefTransactionOptions,
): Promise<UpdateRefsOutcome> {
  let failure: GitError | undefined;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const states = await readRefStates(updates, options.readRef);
    const moved = findMoved(states);
    if (moved !== undefined) return moved;
    const lines = states.map((state) => transactionLine(state.ref, state.actual, state.new));
    const moves = states.filter(({ actual, new: next }) => actual !== next);
    const outcome = await runTransaction(lines, () => options.whileLocked(moves), options);
    if (!(outcome instanceof GitError)) return outcome;
    failure = outcome;
  }
  throw failure ?? new GitError('locked', 'the refs could not be moved');
}

function transactionLine(ref: string, actual: string | null, next: string | null): string {
  if (actual === next) return `verify ${ref}\0${actual ?? NOTHING}\0`;
  return next === null
    ? `delete ${ref}\0${actual}\0`
    : `update ${ref}\0${next}\0${actual ?? NOTHING}\0`;
}

async function runTransaction(
  lines: string[],
  whileLocked: () => Promise<UpdateRefsOutcome | undefined>,
  options: RefTransactionOptions,
): Promise<UpdateRefsOutcome | GitError> {
  const child = startGit(['update-ref', '--stdin', '-z', '--no-deref', '-m', options.message], {
    ...options,
    purpose: options.runHooks ? 'hooks' : 'local',
  });
  const stderr = collectText(child.stderr);
  const stdout = readLines(child.stdout);
  const exit = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(error, options)));
    child.on('close', (code) => resolve(code ?? -1));
  });
  exit.catch(() => undefined); // awaited below, maybe after other failures
  child.stdin.on('error', () => undefined); // the exit code says why
  const fail = async (): Promise<GitError> =>
    describeFailure(
      { exitCode: await exit, stderr: stderr(), stdout: Buffer.alloc(0) },
      'moving refs',
    );

  child.stdin.write(`start\0${lines.join('')}prepare\0`);
  if (!(await stdout('prepare: ok'))) return fail();
  let off: UpdateRefsOutcome | undefined;
  try {
    off = await whileLocked();
  } catch (error) {
    child.stdin.end('abort\0');
    await exit;
    throw error;
  }
  child.stdin.end(off === undefined ? 'commit\0' : 'abort\0');
  if ((await exit) !== 0) return fail();
  return off ?? { kind: 'updated' };
}

/** The returned function waits until the stream has said a line; false when it ended before. */
function readLines(stream: NodeJS.ReadableStream): (line: string) => Promise<boolean> {
  let text = '';
  let ended = false;
  let wake = (): void => undefined;
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    wake();
  });
  stream.on('close', () => {
    ended = true;
    wake();
  });
  return async (line) => {
    while (!ended && !text.includes(`${line}\n`)) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return text.includes(`${line}\n`);
  };
}
