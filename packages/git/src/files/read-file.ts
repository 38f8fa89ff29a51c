import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { GitError } from '../git-error.js';

/** A file of a repository's own bookkeeping (a ref, the configuration) is never longer; in bytes. */
const MAX_SMALL = 64 * 1024 * 1024;

/** Waits for no writer at a FIFO, and takes no terminal. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Reads a file that must be a regular one and within a bound: no FIFO is waited for and no device is
 * read. Undefined when nothing is there, or a folder. Fails with `corrupt` on what is no file.
 */
export function readRegularFile(path: string, limit = MAX_SMALL): Buffer | undefined {
  return withFile(path, (file, size) => {
    if (size > limit)
      throw notReadable(path, `it has ${size} bytes, at most ${limit} are expected`);
    return readAt(file, 0, size);
  });
}

/** As `readRegularFile`, as text. */
export function readText(path: string): string | undefined {
  return readRegularFile(path)?.toString();
}

/** Opens a regular file for one piece of work; undefined when nothing is there, or a folder. */
export function withFile<T>(path: string, work: (file: number, size: number) => T): T | undefined {
  const file = openRegularFile(path);
  if (file === undefined) return undefined;
  try {
    return work(file.descriptor, file.size);
  } finally {
    closeSync(file.descriptor);
  }
}

/** Opens a regular file; undefined when nothing is there, or a folder. The caller closes it. */
export function openRegularFile(path: string): { descriptor: number; size: number } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, FLAGS);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return undefined;
    if (['ELOOP', 'ENXIO', 'ENODEV'].includes(code)) throw notReadable(path, 'it is no file');
    throw error;
  }
  const found = fstatSync(descriptor);
  if (found.isFile()) return { descriptor, size: found.size };
  closeSync(descriptor);
  if (found.isDirectory()) return undefined;
  throw notReadable(path, 'it is a device, a pipe or a socket, not a file');
}

/** Reads so many bytes from a place; fewer where the file ends. */
export function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(file, bytes, filled, length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

function notReadable(path: string, reason: string): GitError {
  return new GitError('corrupt', `${path} cannot be read: ${reason}`, {
    data: { path },
    hint: 'look at what is there; in a sound repository it is a small file',
  });
}
