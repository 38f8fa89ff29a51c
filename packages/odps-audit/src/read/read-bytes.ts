import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  createSourceFile,
  MAX_YAML_LENGTH,
  unreadableFile,
  type SourceFile,
} from './source-file.js';

/** Longest file that is read as YAML, in bytes. */
const MAX_BYTES = 2 * MAX_YAML_LENGTH;

/** A regular file; undefined where there is none. What is no regular file, or too large, is told by its problems. */
export async function readSourceFile(root: string, path: string): Promise<SourceFile | undefined> {
  const read = await readBytes(`${root}/${path}`, MAX_BYTES);
  switch (read.kind) {
    case 'read':
      return createSourceFile(path, read.content);
    case 'absent':
      return undefined;
    case 'refused':
      return unreadableFile(path, read.reason);
  }
}

export type BytesRead =
  | { readonly kind: 'read'; readonly content: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly reason: string };

/** The bytes of a regular file of at most `maxBytes`; neither a link at its name nor a pipe is opened. */
export async function readBytes(path: string, maxBytes: number): Promise<BytesRead> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    await using file = await open(path, flags);
    const status = await file.stat();
    if (!status.isFile()) return { kind: 'refused', reason: 'it is no regular file' };
    if (status.size > maxBytes) {
      return {
        kind: 'refused',
        reason: `it has ${status.size} bytes, more than the ${maxBytes} that are read`,
      };
    }
    return { kind: 'read', content: await file.readFile() };
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOENT':
      case 'ENOTDIR':
        return { kind: 'absent' };
      case 'ELOOP':
        return { kind: 'refused', reason: 'it is a symbolic link' };
      case 'EISDIR':
        return { kind: 'refused', reason: 'it is a folder' };
      case 'EACCES':
      case 'EPERM':
      case 'ENXIO':
        return { kind: 'refused', reason: 'it may not be read' };
      default:
        throw error;
    }
  }
}
