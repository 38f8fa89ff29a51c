import { randomBytes } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
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
    await removeTree(folder);
  }
}

/** A run that was killed leaves its folder; the lock of the skill says that nobody uses it any more. */
async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    if (name.startsWith(prefix)) await removeTree(join(folder, name));
  }
}

/** Removes a folder, also when a program took away the right to look into it. */
async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await allow(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function allow(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(absent);
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []) {
    if (entry.isDirectory()) await allow(join(folder, entry.name));
  }
}

/** What a program wrote to a staging file, or why that cannot be used. */
export type StagedContent =
  | { readonly kind: 'content'; readonly content: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly why: string };

/** Reads a staging file, which is as hostile as what wrote it. */
export async function readStaged(file: string, maxBytes: number): Promise<StagedContent> {
  const stats = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') return 'hidden';
    return absent(error);
  });
  if (!stats) return { kind: 'absent' };
  if (stats === 'hidden') return { kind: 'unusable', why: 'its folder may not be looked into' };
  if (!stats.isFile()) return { kind: 'unusable', why: 'what it wrote is no plain file' };
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => error);
  if (handle instanceof Error)
    return { kind: 'unusable', why: `it cannot be read: ${handle.message}` };
  try {
    const { size } = await handle.stat();
    // Many programs take a full disk for the end of their work.
    if ((await statfs(file)).bavail === 0) {
      return { kind: 'unusable', why: 'the disk is full, and what it wrote may be cut off' };
    }
    if (size > maxBytes) return { kind: 'unusable', why: `it wrote more than ${maxBytes} bytes` };
    if (size === 0) return { kind: 'unusable', why: 'it wrote an empty file' };
    return { kind: 'content', content: await handle.readFile() };
  } finally {
    await handle.close();
  }
}
