import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImpactCache, ImpactItem } from '@holdfast/sync';
import { cacheDirectory } from '../directories.js';
import type { FleetSurroundings } from '../surroundings.js';

/**
 * What is known of the impact of a change on a target, below the cache folder: one file for each key,
 * safe to delete at any time. A file that cannot be read or written is as good as none.
 */
export function openImpactCache(surroundings: Pick<FleetSurroundings, 'environment'>): ImpactCache {
  const folder = join(cacheDirectory(surroundings), 'impact');
  const pathOf = (key: string) => join(folder, key.slice(0, 2), `${key}.json`);
  return {
    async get(key) {
      try {
        const item = JSON.parse(await readFile(pathOf(key), 'utf8')) as Partial<ImpactItem>;
        return item.kind === 'affected' ? (item as ImpactItem) : undefined;
      } catch {
        return undefined;
      }
    },
    async set(key, item) {
      const path = pathOf(key);
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, JSON.stringify(item), { flag: 'wx' });
        await rename(temporary, path);
      } catch {
        await rm(temporary, { force: true });
      }
    },
  };
}
