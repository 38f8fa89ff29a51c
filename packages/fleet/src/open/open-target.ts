import { createEmbeddedForge } from '@holdfast/forge';
import type { Actor, Forge, MergeFile } from '@holdfast/forge';
import { openRepository, resolveLocation } from '@holdfast/git';
import type { OpenOptions, Repository } from '@holdfast/git';
import { hintName } from '@holdfast/manifest';
import type { Configuration } from '@holdfast/manifest';
import { merge3 } from '@holdfast/merge';
import type { Logger } from '@holdfast/sync';
import { FleetError } from '../fleet-error.js';
import type { Forges } from '../forges/open-forges.js';
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
  readonly forges: Forges;
  readonly surroundings: Pick<FleetSurroundings, 'clock'> & { readonly logger?: Logger };
  /** Who acts on the embedded forge. */
  readonly actor: Actor;
}

/** The sources of catalogues are where push opens its requests: they have the same of them as targets. */
function placeOf({ targets, catalogues }: Configuration, name: string) {
  const source = catalogues[name]?.source;
  return targets[name] ?? (source && { ...source, url: source.repo, run_hooks: false });
}

/**
 * Opens a target of the configuration, or the source of a catalogue, by its name; the caller closes its
 * repository.
 *
 * @throws FleetError `bad-argument` for an unknown name
 */
export async function openTarget(
  name: string,
  { folder, configuration, repositories, forges, surroundings, actor }: TargetOptions,
): Promise<OpenedTarget> {
  const target = placeOf(configuration, name);
  if (!target) {
    throw new FleetError(
      'bad-argument',
      `the configuration has no target ${JSON.stringify(name)}`,
      {
        hint: hintName(
          name,
          [...Object.keys(configuration.targets), ...Object.keys(configuration.catalogues)],
          'targets',
        ),
      },
    );
  }
  const credentials = forges.credentials(target.url);
  const repository = await openRepository(resolveLocation(folder, target.url), {
    ...repositories,
    ...(credentials ? { credentials } : {}),
    runHooks: target.run_hooks ?? false,
  });
  const { forge: kind, url, api_url: apiUrl } = target;
  if (kind !== 'embedded') {
    const place = { kind, url, ...(apiUrl === undefined ? {} : { apiUrl }) };
    return { repository, forge: forges.open(place, repository) };
  }
  const { clock, logger } = surroundings;
  const forge = createEmbeddedForge({
    repository,
    clock,
    actor,
    mergeFile,
    onDamaged: ({ message, hint }) => logger?.warn({ target: name, hint }, message),
  });
  return { repository, forge };
}

const mergeFile: MergeFile = ({ base = new Uint8Array(), ours, theirs }) => {
  const merged = merge3({ base, ours, theirs });
  return merged.kind === 'clean'
    ? { kind: 'clean', content: merged.content }
    : { kind: 'conflicted' };
};
