import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { Readable } from 'node:stream';
import { TextTail } from './text-tail.js';

export interface RunProgramOptions {
  readonly cwd: string;
  /** All that the program sees of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly timeout: number;
  /** A folder whose files may not grow beyond `maxBytes`. */
  readonly watched: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended, with the last of what it printed. */
export interface ProgramResult {
  readonly end:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'signalled'; readonly signal: string }
    | { readonly kind: 'timed-out' | 'too-large' | 'interrupted' }
    | { readonly kind: 'not-started'; readonly why: string };
  readonly output: string;
}

/** How long a program has between TERM and KILL, and its children after it, in milliseconds. */
const grace = 2_000;
const drain = 500;
const pollInterval = 100;

/**
 * Runs a program without a shell, in a process group of its own, which is ended with it: at its exit, at
 * the timeout (TERM, then KILL), when it fills the disk, when the signal comes.
 */
export async function runProgram(file: string, options: RunProgramOptions): Promise<ProgramResult> {
  const { cwd, environment, timeout, watched, maxBytes, signal } = options;
  const child = spawn(file, [], {
    cwd,
    env: environment,
    detached: true,
    shell: false,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = new TextTail();
  for (const stream of [child.stdout, child.stderr]) collect(stream, output);
  const killGroup = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) kill(-child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };

  let forced: 'timed-out' | 'too-large' | 'interrupted' | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: typeof forced) => {
    if (forced) return;
    forced = why;
    killGroup('SIGTERM');
    killTimer = setTimeout(() => killGroup('SIGKILL'), grace);
  };
  const interrupt = () => {
    forced ??= 'interrupted';
    killGroup('SIGKILL'); // whoever interrupts may be gone at once
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  const timer = setTimeout(() => stop('timed-out'), timeout);
  const poll = setInterval(() => {
    void sizeOf(watched).then((size) => size > maxBytes && stop('too-large'));
  }, pollInterval);
  try {
    const end = await new Promise<ProgramResult['end']>((resolve) => {
      child.once('error', (error) => resolve({ kind: 'not-started', why: error.message }));
      child.once('exit', (code, name) => {
        resolve(
          name === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal: name },
        );
      });
      if (signal?.aborted) interrupt();
    });
    killGroup('SIGKILL'); // children that it left behind could still write
    if (end.kind !== 'not-started') await closed([child.stdout, child.stderr]);
    return { end: forced ? { kind: forced } : end, output: output.text() };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    clearInterval(poll);
    signal?.removeEventListener('abort', interrupt);
  }
}

function collect(stream: Readable, output: TextTail): void {
  stream.on('data', (chunk: Buffer) => output.add(chunk));
  stream.on('error', () => undefined);
}

/** Waits for the end of the pipes, which a process in another group may hold open for ever. */
async function closed(streams: readonly Readable[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const ends = streams.map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (stream.closed) resolve();
        else stream.once('close', resolve);
      }),
  );
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, drain)));
  await Promise.race([Promise.all(ends), limit]);
  clearTimeout(timer);
  for (const stream of streams) stream.destroy();
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    if (stats?.isFile()) size += stats.size;
  }
  return size;
}
