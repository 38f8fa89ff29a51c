import { spawn } from 'node:child_process';
import { kill } from 'node:process';
import { GitError } from '../git-error.js';
import { buildEnvironment, GLOBAL_ARGUMENTS, type Environment } from './git-environment.js';

/** How to run git: where, with what around it, and for how long at most. */
export interface GitRunOptions {
  /** The git directory; absent where git is to find it from `cwd`. */
  readonly directory?: string;
  readonly cwd?: string;
  readonly environment: Environment;
  /** Variables for this run, past the filter on `environment`. */
  readonly variables?: Environment;
  readonly input?: Iterable<string | Uint8Array>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How a git process ended. */
export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What a git process writes to its error stream beyond this is dropped; in bytes. */
const MAX_STDERR = 64 * 1024;

/**
 * Runs git to its end, without a shell. Whatever its exit code, this resolves; it fails with
 * `git-missing`, `timeout`, or the signal's reason. On timeout the whole process group ends.
 */
export async function runGit(args: readonly string[], options: GitRunOptions): Promise<GitResult> {
  options.signal?.throwIfAborted();
  const child = startGit(args, options);
  const stdout: Buffer[] = [];
  const stderr = collectText(child.stderr);
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stdin.on('error', () => undefined); // git ended early: its exit code says why
  const stop = (): void => killGroup(child.pid);
  let expired = false;
  const expire = (): void => {
    expired = true;
    stop();
  };
  const { timeoutMs } = options;
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs).unref();
  options.signal?.addEventListener('abort', stop);
  try {
    const [exit] = await Promise.all([
      waitForExit(child),
      writeAll(child.stdin, options.input ?? []),
    ]);
    if (exit.code !== null) {
      return { exitCode: exit.code, stdout: Buffer.concat(stdout), stderr: stderr() };
    }
    options.signal?.throwIfAborted();
    if (expired) throw timedOut(args, timeoutMs);
    throw new GitError('git-failed', `git ${args[0]} was ended by ${exit.signal}`);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

/** Starts git with pipes on all streams, as the leader of a process group without a terminal. */
export function startGit(
  args: readonly string[],
  options: Pick<GitRunOptions, 'directory' | 'cwd' | 'environment' | 'variables'>,
): ReturnType<typeof spawnPiped> {
  const directory = options.directory === undefined ? [] : [`--git-dir=${options.directory}`];
  return spawnPiped([...GLOBAL_ARGUMENTS, ...directory, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...buildEnvironment(options.environment, options.variables) },
  });
}

/** Collects what a stream of text says, within bounds; the returned function gives it. */
export function collectText(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < MAX_STDERR) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8', 0, MAX_STDERR).trim();
}

/** The error for a git process that could not be started. */
export function startFailure(cause: NodeJS.ErrnoException): GitError {
  return new GitError('git-missing', `the git program could not be started: ${cause.code}`, {
    cause,
    hint: 'install git 2.38 or newer and put it on PATH, or choose the embedded engine',
  });
}

function spawnPiped(args: string[], options: { cwd?: string; env: NodeJS.ProcessEnv }) {
  return spawn('git', args, { ...options, stdio: 'pipe', detached: true, windowsHide: true });
}

function waitForExit(
  child: ReturnType<typeof spawnPiped>,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(error)));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
}

async function writeAll(
  stream: NodeJS.WritableStream,
  chunks: Iterable<string | Uint8Array>,
): Promise<void> {
  try {
    for (const chunk of chunks) {
      if (!stream.writable) return;
      if (stream.write(chunk)) continue;
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve);
        stream.once('close', resolve);
      });
    }
  } finally {
    stream.end();
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function timedOut(args: readonly string[], timeoutMs: number | undefined): GitError {
  return new GitError('timeout', `git ${args[0]} was stopped after ${timeoutMs} ms`, {
    data: { timeoutMs },
  });
}
