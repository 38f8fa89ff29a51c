import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '@holdfast/git';
import type { Catalogue, Configuration } from '@holdfast/manifest';
import type { Forge, OpenCatalogue } from '@holdfast/sync';
import { FleetError } from '../fleet-error.js';
import { openForges } from '../forges/open-forges.js';
import { openOptions } from '../open/open-fleet.js';
import type { OpenFleetOptions } from '../open/open-fleet.js';
import { readActor } from '../open/actor.js';
import { openTarget } from '../open/open-target.js';
import { readConfiguration } from '../open/read-configuration.js';
import { identifySource } from '../open/source-identity.js';
import { catalogueFolder, recoverFolder } from './catalogue-folder.js';
import { lockFolder } from './lock-folder.js';

/** A catalogue that is open: its source as everything that git can do, its folder on disk. */
export interface OpenedCatalogue extends OpenCatalogue {
  readonly source: Repository;
  /** Where push opens its change request. */
  readonly forge: Forge;
  /** The folder of the configuration. */
  readonly configurationFolder: string;
  /** The catalogue's root on disk. */
  readonly root: string;
}

/** How catalogues are found and opened. */
export interface CatalogueOptions extends OpenFleetOptions {
  /** The path of the configuration; default: the nearest `holdfast.yaml` from `cwd` upward. */
  readonly config?: string;
}

/** The names of the catalogues that a command is about; unknown ones are an error. */
export async function chooseCatalogues(
  { cwd, config }: CatalogueOptions,
  names: readonly string[],
): Promise<string[]> {
  const { configuration } = await readConfiguration(cwd, config, { rulesRequired: false });
  const known = Object.keys(configuration.catalogues);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new FleetError(
      'bad-argument',
      `the configuration has no catalogue ${JSON.stringify(unknown)}`,
      {
        hint: `the catalogues are: ${known.join(', ') || 'none; write one with: holdfast init catalogue'}`,
      },
    );
  }
  if (known.length === 0) {
    throw new FleetError('bad-argument', 'the configuration has no catalogues', {
      hint: 'write one with: holdfast init catalogue',
    });
  }
  return names.length > 0 ? [...names] : known;
}

/**
 * Opens a catalogue for this process alone, finishes what a crash left, hands it on, and closes it in
 * any case.
 *
 * @throws FleetError `bad-argument`, `busy`, `invalid-configuration`
 */
export async function withCatalogue<Result>(
  options: CatalogueOptions,
  name: string,
  use: (catalogue: OpenedCatalogue) => Promise<Result>,
): Promise<Result> {
  const { folder, configuration } = await readConfiguration(options.cwd, options.config, {
    rulesRequired: false,
  });
  const settings = configuration.catalogues[name];
  if (!settings)
    throw new FleetError('bad-argument', `there is no catalogue ${JSON.stringify(name)}`);
  refuseSharedRoot(name, configuration);
  await refuseLinkedRoot(folder, settings);
  const root = join(folder, settings.root);
  using _lock = await lockFolder(root, options);
  await recoverFolder(root);
  const { repository: source, forge } = await openSource(name, settings, {
    folder,
    configuration,
    options,
  });
  try {
    const identity = await identifySource(source);
    return await use({
      name,
      settings,
      namespace: configuration.namespace,
      source,
      forge,
      sourceName: settings.source.name ?? identity.name,
      ...(identity.url === undefined ? {} : { sourceUrl: identity.url }),
      folder: catalogueFolder(root),
      configurationFolder: folder,
      root,
    });
  } finally {
    await source.close();
  }
}

/** The source with its forge: to push, it is what a target is to a rule. */
async function openSource(
  name: string,
  { source }: Catalogue,
  {
    folder,
    configuration,
    options,
  }: {
    readonly folder: string;
    readonly configuration: Configuration;
    readonly options: OpenFleetOptions;
  },
) {
  const { repo: url, forge, api_url: apiUrl } = source;
  const target = {
    url,
    forge,
    variables: {},
    labels: {},
    request_labels: [],
    ...(apiUrl === undefined ? {} : { api_url: apiUrl }),
  };
  const asTarget = { ...configuration, targets: { [name]: target } };
  return openTarget(name, {
    folder,
    configuration: asTarget,
    repositories: openOptions(options),
    forges: openForges(asTarget, options),
    surroundings: options,
    actor: await readActor(options),
  });
}

/** Two catalogues in one folder, or one within the other, would take each other's files away. */
function refuseSharedRoot(name: string, { catalogues }: Configuration): void {
  const own = catalogues[name]?.root ?? '';
  for (const [other, { root }] of Object.entries(catalogues)) {
    if (other === name || !(root.startsWith(own) || own.startsWith(root))) continue;
    throw new FleetError(
      'bad-argument',
      `the catalogues ${name} (${own || '.'}) and ${other} (${root || '.'}) share a folder`,
      { hint: 'give each a root of its own' },
    );
  }
}

async function refuseLinkedRoot(folder: string, { root }: Catalogue): Promise<void> {
  let path = folder;
  for (const part of root.split('/').filter(Boolean)) {
    path = join(path, part);
    const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!stats) return;
    if (!stats.isDirectory()) {
      throw new FleetError(
        'bad-argument',
        `root ${root} leads through ${path}, which is no folder`,
        {
          hint: 'symbolic links are not followed; name the folder itself',
        },
      );
    }
  }
}
