import { createEmbeddedForge } from '@holdfast/forge';
import type { Actor, Forge, MergeFile } from '@holdfast/forge';
import { openRepository, resolveLocation } from '@holdfast/git';
import type { OpenOptions, Repository } from '@holdfast/git';
import type { Configuration } from '@holdfast/manifest';
import { merge3 } from '@holdfast/merge';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';

/** A target with everything that its repository and forge can do. */
export interface OpenedTarget {
  readonly repository: Repository;
  readonly forge: Forge;
}

/** What opening a target needs. */
export interface TargetOptions {
  /** The folder of the configuration. */
  readonly folder: string;
  readonly configuration: Configuration;
  readonly repositories: OpenOptions;
  readonly surroundings: Pick<FleetSurroundings, 'environment' | 'clock'>;
}

/**
 * Opens a target of the configuration by its name; the caller closes its repository.
 *
 * @throws FleetError `bad-argument` for an unknown name, `forge-later` for a forge that is not there yet
 */
export async function openTarget(
  name: string,
  { folder, configuration, repositories, surroundings }: TargetOptions,
): Promise<OpenedTarget> {
  const target = configuration.targets[name];
  if (!target) {
    throw new FleetError(
      'bad-argument',
      `the configuration has no target ${JSON.stringify(name)}`,
      {
        hint: `the targets are: ${Object.keys(configuration.targets).join(', ') || 'none'}`,
      },
    );
  }
  if (target.forge !== 'embedded') {
    throw new FleetError(
      'forge-later',
      `${name} is on ${target.forge}, which comes in a later release`,
      {
        hint: 'until then, keep its change requests in the repository itself: set forge: embedded for this target',
      },
    );
  }
  const repository = await openRepository(resolveLocation(folder, target.url), repositories);
  const { clock } = surroundings;
  const forge = createEmbeddedForge({
    repository,
    clock,
    actor: actorOf(surroundings),
    mergeFile,
  });
  return { repository, forge };
}

/** Who opens, merges and closes change requests on the embedded forge, as git would name them. */
export function actorOf({ environment }: Pick<FleetSurroundings, 'environment'>): Actor {
  return {
    name: environment['GIT_AUTHOR_NAME'] || environment['USER'] || 'holdfast',
    email: environment['GIT_AUTHOR_EMAIL'] || environment['EMAIL'] || 'holdfast@localhost',
  };
}

const mergeFile: MergeFile = ({ base = new Uint8Array(), ours, theirs }) => {
  const merged = merge3({ base, ours, theirs });
  return merged.kind === 'clean'
    ? { kind: 'clean', content: merged.content }
    : { kind: 'conflicted' };
};
