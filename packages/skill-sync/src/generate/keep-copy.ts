import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unwritable, writeFileAtomically } from '../write-file.js';
import { sha256Of } from './inspect-skill-state.js';

/**
 * Keeps the content of a file that is about to be replaced, and that nothing else remembers.
 *
 * @returns Where it is: under its digest in `before`, among the records of the skill.
 */
export async function keepCopy(records: string, skill: string, content: Buffer): Promise<string> {
  const folder = join(records, skill, 'before');
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
  const place = join(folder, sha256Of(content));
  await writeFileAtomically(place, content, { mode: 0o600 });
  return place;
}
