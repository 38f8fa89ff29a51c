import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** All that is in a folder of a skill, folders before what they hold; not what is hidden, nor what programs install. */
export async function* walkSkill(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || ['node_modules', '__pycache__'].includes(entry.name))
      continue;
    const path = join(folder, entry.name);
    yield path;
    if (entry.isDirectory()) yield* walkSkill(path);
  }
}
