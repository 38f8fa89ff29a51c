import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { kill, platform } from 'node:process';
import type { Writable } from 'node:stream';
import { GitError } from '../git-error.js';
import { beyondLimit, type Timeouts } from '../limits.js';
import { describeSystemError } from '../system-error.js';
import {
  buildEnvironment,
  globalArguments,
  type Environment,
  type Purpose,
} from './git-environment.js';
import { watchUsage, type UsageLimits } from './watch-usage.js';

/** How to run git: where, with what around it, and for how long at most. */
export interface GitRunOptions {
  /** The git directory; absent where git is to find it from `cwd`. */
  readonly directory?: string;
  readonly cwd?: string;
  /** The work tree, which overrides what the repository says of itself. */
  readonly workTree?: string;
  readonly environment: Environment;
  /** Default `local`. */
  readonly purpose?: Purpose;
  /** Variables for this run, past the filter on `environment`. */
  readonly variables?: Environment;
  readonly input?: Iterable<string | Uint8Array>;
  readonly timeouts?: Partial<Timeouts>;
  /** More output than this ends the run; in bytes. Default 1 GiB. */
  readonly maxOutput?: number;
  /** Taking more than this ends the run. */
  readonly usage?: UsageLimits;
  readonly signal?: AbortSignal;
}

/** How a git process ended. */
export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Of what a git process writes to its error stream, so much is kept; in characters. */
const MAX_STDERR = 64 * 1024;

const MAX_OUTPUT = 1024 ** 3;

/**
 * Runs git to its end, without a shell of ours. Whatever its exit code, this resolves; it fails with
 * `git-missing`, `timeout`, `too-large`, or the signal's reason. Then the whole process group ends.
 */
export async function runGit(args: readonly string[], options: GitRunOptions): Promise<GitResult> {
  const { signal, maxOutput = MAX_OUTPUT, timeouts = {}, purpose } = options;
  signal?.throwIfAborted();
  const child = startGit(args, options);
  let failure: GitError | undefined;
  const stop = (error?: GitError): void => {
    failure ??= error;
    killGroup(child.pid);
  };
  const abort = (): void => stop();
  const stdout: Buffer[] = [];
  const stderr = collectText(child.stderr);
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxOutput) stdout.push(chunk);
    else stop(beyondLimit('answerBytes', `git ${commandOf(args)} says ${size} bytes`, maxOutput));
  });
  child.stdin.on('error', () => undefined); // git ended early: its exit code says why
  const timers = startTimers(child, commandOf(args), limitsOf(timeouts, purpose), stop);
  const watch = watchUsage(child.pid, options.usage, stop);
  signal?.addEventListener('abort', abort);
  try {
    const [exit] = await Promise.all([
      waitForExit(child, options),
      writeAll(child.stdin, options.input ?? []),
    ]);
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    if (exit.code !== null) {
      return { exitCode: exit.code, stdout: Buffer.concat(stdout), stderr: stderr() };
    }
    throw new GitError('git-failed', `git ${commandOf(args)} was ended by ${exit.signal}`);
  } finally {
    timers();
    watch();
    releaseLeash(child);
    signal?.removeEventListener('abort', abort);
  }
}

/**
 * Starts git with pipes on all streams, as the leader of a process group without a terminal. What
 * talks to a remote is kept on a leash: when this process dies, the group does.
 */
export function startGit(
  args: readonly string[],
  options: Pick<
    GitRunOptions,
    'directory' | 'cwd' | 'workTree' | 'environment' | 'variables' | 'purpose'
  >,
): ReturnType<typeof spawnPiped> {
  const { directory, workTree, cwd, purpose = 'local', environment, variables } = options;
  const all = [
    ...globalArguments(purpose),
    ...(directory === undefined ? [] : [`--git-dir=${directory}`]),
    ...(workTree === undefined ? [] : [`--work-tree=${workTree}`]),
    ...args,
  ];
  const env = { ...buildEnvironment(environment, purpose, variables) };
  const place = { ...(cwd === undefined ? {} : { cwd }), env };
  return purpose === 'network' && platform !== 'win32'
    ? spawnPiped('sh', ['-c', LEASH, 'git', ...all], place)
    : spawnPiped('git', all, place);
}

/**
 * The fourth stream is a pipe that only this process holds open. A watcher in git's own process group
 * waits for its end, which comes when the run is over or this process is dead, and ends the group.
 */
const LEASH = '{ read _ <&3; kill -KILL 0; } >/dev/null 2>&1 </dev/null & exec git "$@" 3<&-';

/**
 * Collects what a stream of text says, within bounds: its beginning and its end, without what a
 * progress display overwrites. The returned function gives it.
 */
export function collectText(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (text.length > 2 * MAX_STDERR) text = text.slice(0, MAX_STDERR) + text.slice(-MAX_STDERR);
  });
  return () => {
    const lines = Buffer.from(text, 'latin1')
      .toString()
      .replace(/[^\r\n]*\r(?!\n)/g, '')
      .trim();
    return lines.length <= MAX_STDERR
      ? lines
      : lines.slice(0, MAX_STDERR / 2) + lines.slice(-MAX_STDERR / 2);
  };
}

/** The error for a git process that could not be started: no git, or no way into its folder. */
export function startFailure(
  cause: NodeJS.ErrnoException,
  { cwd, directory }: Pick<GitRunOptions, 'cwd' | 'directory'>,
): GitError {
  const place = cwd ?? directory;
  if (place !== undefined) {
    try {
      statSync(place);
    } catch (error) {
      const named = describeSystemError(error, `opening ${place}`);
      if (named !== undefined) return named;
    }
  }
  const denied = cause.code === 'EACCES' ? describeSystemError(cause, 'starting git') : undefined;
  if (denied !== undefined && place !== undefined) return denied;
  return new GitError('git-missing', `the git program could not be started: ${cause.code}`, {
    cause,
    hint: 'install git 2.38 or newer and put it on PATH, or choose the embedded engine',
  });
}

function spawnPiped(
  program: string,
  args: string[],
  options: { cwd?: string; env: NodeJS.ProcessEnv },
) {
  const leashed = program === 'sh';
  const child = spawn(program, args, {
    ...options,
    stdio: leashed ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('git has no pipes');
  return Object.assign(child, { stdin, stdout, stderr });
}

function releaseLeash(child: ReturnType<typeof spawnPiped>): void {
  (child.stdio[3] as Writable | null | undefined)?.destroy();
}

/** What works on this machine may think for long before it speaks. */
function limitsOf({ idleMs, totalMs }: Partial<Timeouts>, purpose?: Purpose): Partial<Timeouts> {
  return {
    ...(totalMs === undefined ? {} : { totalMs }),
    ...(idleMs === undefined || purpose !== 'network' ? {} : { idleMs }),
  };
}

function startTimers(
  child: ReturnType<typeof spawnPiped>,
  command: string,
  { idleMs, totalMs }: Partial<Timeouts>,
  stop: (error: GitError) => void,
): () => void {
  const total =
    totalMs === undefined
      ? undefined
      : setTimeout(() => stop(timedOut(command, 'totalMs', totalMs)), totalMs).unref();
  if (idleMs === undefined) return () => clearTimeout(total);
  const idle = setTimeout(() => stop(timedOut(command, 'idleMs', idleMs)), idleMs).unref();
  for (const stream of [child.stdout, child.stderr]) stream.on('data', () => idle.refresh());
  return () => {
    clearTimeout(total);
    clearTimeout(idle);
  };
}

function waitForExit(
  child: ReturnType<typeof spawnPiped>,
  options: GitRunOptions,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(error, options)));
    child.on('close', (code, signal) => resolve({ code, signal }));
    child.on('exit', () => releaseLeash(child));
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

/** The subcommand, behind the settings given to it. */
function commandOf(args: readonly string[]): string {
  let at = 0;
  while (args[at] === '-c') at += 2;
  return args[at] ?? '';
}

function timedOut(command: string, name: keyof Timeouts, milliseconds: number): GitError {
  const words = name === 'idleMs' ? 'said nothing for' : 'took longer than';
  return new GitError('timeout', `git ${command} ${words} ${milliseconds} ms`, {
    data: { timeout: name, milliseconds },
    hint: `try again; if the other side is slow, raise timeouts.${name} (now ${milliseconds})`,
  });
}
