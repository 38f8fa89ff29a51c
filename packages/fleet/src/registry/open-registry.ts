import { basename, join } from 'node:path';
import { findTargets } from '../forges/find-targets.js';
import { CONFIGURATION_FILE, readConfiguration } from '../open/read-configuration.js';
import type { ReadConfiguration } from '../open/read-configuration.js';
import type { FleetSurroundings } from '../surroundings.js';

/** The files of a registry: the configuration and its rules, as they are on disk. */
export interface Registry extends ReadConfiguration {
  /** The path of the configuration. */
  readonly path: string;
}

/** Reads the registry that commands change; targets that a forge lists are those that are known already. */
export async function openRegistry(
  surroundings: FleetSurroundings,
  config?: string,
): Promise<Registry> {
  const read = await readConfiguration(surroundings.cwd, config, {
    rulesRequired: false,
    findTargets: (configuration, place) =>
      findTargets(configuration, { ...place, ask: false }, surroundings),
  });
  const file = config === undefined ? CONFIGURATION_FILE : basename(config);
  return { ...read, path: join(read.folder, file) };
}
