import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from './cli-error.js';

/** As much as a file that is named on the command line may have. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file that somebody named: a regular one of at most 64 MiB, since a pipe or a device may never end.
 *
 * @param named how it is called in errors, like `--file`
 * @param hint what to name instead
 * @throws {CliError} `file-missing`, `bad-argument` for what is no regular file or too large
 */
export async function readInputFile(
  cwd: string,
  file: string,
  { named, hint }: { named: string; hint: string },
): Promise<Uint8Array> {
  const path = resolve(cwd, file);
  try {
    const found = await stat(path);
    if (found.isFile() && found.size <= MAX_BYTES) return await readFile(path);
    const what = found.isFile()
      ? `has ${found.size} bytes, expected at most ${MAX_BYTES}`
      : 'is no regular file';
    throw new CliError('bad-argument', `${named} ${file} ${what}`, { hint });
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new CliError(
      'file-missing',
      isMissing
        ? `${named}: there is no file ${file}`
        : `${named} ${file} cannot be read: ${message}`,
      { hint, cause },
    );
  }
}
