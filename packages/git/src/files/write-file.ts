import { randomBytes } from 'node:crypto';
import { closeSync, fdatasync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const syncData = promisify(fdatasync);

/** How a file is put in place. */
export interface WriteOptions {
  readonly mode?: number;
  /** Whether its bytes are on the disk before its name is. Default true. */
  readonly durable?: boolean;
  /** Where the temporary file lies; default: beside the file. */
  readonly folder?: string;
}

/**
 * Writes a file whole or not at all: a new file of a name that nobody can guess, never through a link,
 * then a rename. A reader sees the old content or the new. The temporary name is one that `git prune`
 * clears away should this process be killed.
 */
export async function writeWhole(
  file: string,
  pieces: readonly Uint8Array[],
  { mode = 0o666, durable = true, folder = dirname(file) }: WriteOptions = {},
): Promise<void> {
  const temporary = join(folder, `tmp_obj_${randomBytes(12).toString('hex')}`);
  const descriptor = openSync(temporary, 'wx', mode);
  try {
    try {
      for (const piece of pieces) writeAll(descriptor, piece);
      if (durable) await syncData(descriptor); // others work on while the disk does
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
