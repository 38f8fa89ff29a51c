import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateDirectory } from '../directories.js';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';

/** A target that a forge listed at some time. */
export interface KnownTarget {
  readonly url: string;
  readonly forge: 'github' | 'gitlab' | 'forgejo';
  readonly apiUrl?: string;
  readonly branch?: string;
  readonly topics: readonly string[];
  /** ISO 8601; present once the forge lists it no more. */
  readonly leftAt?: string;
}

/** Targets by name, as the last listings left them. */
export type KnownTargets = Readonly<Record<string, KnownTarget>>;

type Surroundings = Pick<FleetSurroundings, 'environment'>;

/** Reads what was listed before for the configuration of a folder; empty when nothing was. */
export async function readKnownTargets(
  folder: string,
  surroundings: Surroundings,
): Promise<KnownTargets> {
  const path = pathOf(folder, surroundings);
  try {
    const { targets } = JSON.parse(await readFile(path, 'utf8')) as { targets?: KnownTargets };
    return targets ?? {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new FleetError('invalid-configuration', `${path}: the list of known targets is damaged`, {
      blame: 'environment',
      hint: 'delete the file; the next run lists the targets anew',
      cause: error,
    });
  }
}

/** Writes it whole, or not at all. */
export async function writeKnownTargets(
  folder: string,
  targets: KnownTargets,
  surroundings: Surroundings,
): Promise<void> {
  const path = pathOf(folder, surroundings);
  const sorted = Object.fromEntries(Object.entries(targets).sort(([a], [b]) => (a < b ? -1 : 1)));
  const temporary = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ version: 1, targets: sorted }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function pathOf(folder: string, surroundings: Surroundings): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join(stateDirectory(surroundings), 'targets', `${digest}.json`);
}
