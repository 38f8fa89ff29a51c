import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { stateDirectory } from '../directories.js';
import type { FleetSurroundings } from '../surroundings.js';
import type { OpenFleet } from './open-fleet.js';

/** Where the runs of a source are kept: a file with a readable name, unique by hash. */
export function journalPath(
  { sourceName: name, source: { location } }: Pick<OpenFleet, 'sourceName' | 'source'>,
  { environment }: Pick<FleetSurroundings, 'environment'>,
): string {
  const digest = createHash('sha256').update(`${name}\0${location}`).digest('hex').slice(0, 12);
  const file = `${name.replace(/[^A-Za-z0-9.]+/g, '-')}-${digest}.jsonl`;
  return join(stateDirectory({ environment }), 'runs', file);
}
