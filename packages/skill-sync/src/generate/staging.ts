import { randomBytes } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { absent } from '../skill/resolve-path.js';
import { unwritable } from '../write-file.js';

/** A folder beside an output, in which it is made: on the same disk, seen by nobody, removed at the end. */
export interface Staging {
  readonly folder: string;
  /** Where the new output is written; its base name is that of the output. */
  readonly file: string;
  /** For commands that come first in the PATH. */
  readonly commands: string;
  /** Where failed queries are noted. */
  readonly failures: string;
}

/**
 * Makes a staging folder, calls the function, and removes it. It lies beside the output; that of a trial,
 * whose result nobody keeps, lies where temporary files do.
 */
export async function withStaging<Result>(
  target: string,
  { isTrial, signal }: { readonly isTrial: boolean; readonly signal?: AbortSignal | undefined },
  body: (staging: Staging) => Promise<Result>,
): Promise<Result> {
  const prefix = `.${basename(target)}.skill-sync-`;
  const parent = isTrial ? tmpdir() : dirname(target);
  if (!isTrial) await removeLeftovers(parent, prefix);
  const folder = join(parent, prefix + randomBytes(6).toString('hex'));
  const staging: Staging = {
    folder: join(folder, 'out'),
    file: join(folder, 'out', basename(target)),
    commands: join(folder, 'bin'),
    failures: join(folder, 'failed-queries'),
  };
  // Whoever interrupts ends the process before anything asynchronous has a turn.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  signal?.addEventListener('abort', remove, { once: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    await mkdir(staging.folder);
    await mkdir(staging.commands);
  } catch (error) {
    throw unwritable(target, error);
  }
  try {
    return await body(staging);
  } finally {
    signal?.removeEventListener('abort', remove);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run that was killed leaves its folder; the lock of the skill says that nobody uses it any more. */
async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    if (name.startsWith(prefix)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** What a program wrote to a staging file, or why that cannot be used. */
export type StagedContent =
  | { readonly kind: 'content'; readonly content: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly why: string };

/** Reads a staging file, which is as hostile as what wrote it. */
export async function readStaged(file: string, maxBytes: number): Promise<StagedContent> {
  const stats = await lstat(file).catch(absent);
  if (!stats) return { kind: 'absent' };
  if (!stats.isFile()) return { kind: 'unusable', why: 'what it wrote is no plain file' };
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) return { kind: 'unusable', why: `it wrote more than ${maxBytes} bytes` };
    if (size === 0) return { kind: 'unusable', why: 'it wrote an empty file' };
    return { kind: 'content', content: await handle.readFile() };
  } finally {
    await handle.close();
  }
}
