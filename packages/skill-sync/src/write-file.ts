import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SkillSyncError } from './skill-sync-error.js';

export interface WriteFileOptions {
  /** Default: 0644. */
  readonly mode?: number;
  /**
   * Whether the file must survive the machine's end, not only that of the process. What is remembered of
   * a run can be missing or old after a power cut, for then it is found out anew. Default: true.
   */
  readonly sync?: boolean;
}

/**
 * Writes a file so that a crash leaves the old one or the new one: a new file beside it, synced, renamed.
 *
 * @throws SkillSyncError `unwritable`, and then the old file is untouched.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
  { mode = 0o644, sync = true }: WriteFileOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const file = await open(temporary, flags, mode);
    try {
      await file.writeFile(content);
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    if (sync) await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(path, cause);
  }
}

export function unwritable(path: string, cause: unknown): SkillSyncError {
  const { message } = cause as Error;
  return new SkillSyncError('unwritable', `${path} cannot be written: ${message}`, {
    blame: 'environment',
    hint: 'check the space on the disk, and the permissions of the folder',
    cause,
  });
}

/** A rename lasts when its folder is synced; some systems cannot sync one. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
