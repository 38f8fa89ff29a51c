import { constants, inflateSync } from 'node:zlib';
import type { GitError } from '../git-error.js';

/** No byte of zlib's format stands for more than so many. */
export const MAX_RATIO = 1032;

/** Inflates data that must come to exactly `size` bytes; what follows the data is not looked at. */
export function inflateBounded(packed: Buffer, size: number, damaged: () => GitError): Buffer {
  try {
    const bytes = inflateSync(packed, {
      maxOutputLength: size + 1,
      chunkSize: chunkFor(size),
    });
    if (bytes.length === size) return bytes;
  } catch (error) {
    if (!isZlibError(error)) throw error;
  }
  throw damaged();
}

/** As `inflateBounded`, and says how many bytes the data took. */
export function inflateMeasured(
  packed: Buffer,
  size: number,
  damaged: () => GitError,
): { bytes: Buffer; taken: number } {
  try {
    const options = { maxOutputLength: size + 1, chunkSize: chunkFor(size), info: true };
    const { buffer, engine } = inflateSync(packed, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (buffer.length === size) return { bytes: buffer, taken: engine.bytesWritten };
  } catch (error) {
    if (!isZlibError(error)) throw error;
  }
  throw damaged();
}

/** Inflates the beginning of some data, as far as it is there. */
export function inflateHead(packed: Buffer, damaged: () => GitError): Buffer {
  try {
    return inflateSync(packed, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: packed.length * MAX_RATIO + 64,
    });
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw damaged();
  }
}

function chunkFor(size: number): number {
  return Math.min(Math.max(size + 1, 64), 1 << 20);
}

function isZlibError(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
}
