import { createEmbeddedForge } from '@holdfast/forge';
import type { Actor, Forge } from '@holdfast/forge';
import { openRepository, resolveLocation } from '@holdfast/git';
import type { OpenOptions, Repository } from '@holdfast/git';
import { forgeOf } from '@holdfast/manifest';
import type { Configuration, Finding } from '@holdfast/manifest';
import type { Fleet, Logger } from '@holdfast/sync';
import { findTargets } from '../forges/find-targets.js';
import { readSecrets } from '../forges/host-tokens.js';
import { openForges } from '../forges/open-forges.js';
import type { Forges } from '../forges/open-forges.js';
import type { FleetSurroundings } from '../surroundings.js';
import { cacheDirectory } from '../directories.js';
import { readActor } from './actor.js';
import { openTarget } from './open-target.js';
import type { OpenedTarget } from './open-target.js';
import { readConfiguration } from './read-configuration.js';
import type { ReadConfiguration } from './read-configuration.js';
import { identifySource } from './source-identity.js';

/** The configured fleet, its source open. Disposing of it closes the source. */
export interface OpenFleet extends Fleet, AsyncDisposable {
  readonly source: Repository;
  /** The servers on which its targets are. */
  readonly forges: Forges;
  /** A target with everything that its repository and forge can do; whoever opens it closes its repository. */
  readonly openTarget: (name: string) => Promise<OpenedTarget>;
}

/** What opening needs beside the configuration. */
export interface OpenFleetOptions extends FleetSurroundings {
  readonly logger?: Logger;
  /** How long a remote is waited for, in seconds; what is named goes before the configuration. */
  readonly timeouts?: {
    readonly [Key in 'connect_seconds' | 'idle_seconds' | 'total_seconds']?: number | undefined;
  };
}

/** Opens the source of a configuration that was read, and what it takes to open its targets. */
export async function openFleet(
  { folder, configuration, rules }: Omit<ReadConfiguration, 'warnings'>,
  options: OpenFleetOptions,
): Promise<OpenFleet> {
  const { clock, logger } = options;
  const actor = await readActor(options);
  const repositories = {
    ...openOptions(options, logger),
    ...readBounds(configuration, options.timeouts),
  };
  const forges = openForges(configuration, options);
  const credentials = forges.credentials(configuration.source.repo);
  const source = await openRepository(resolveLocation(folder, configuration.source.repo), {
    ...repositories,
    ...(credentials ? { credentials } : {}),
  });
  try {
    const { name, url } = await identifySource(source);
    const issuePlace = source.remote ? configuration.source.repo : url;
    return {
      configuration,
      rules,
      source,
      sourceState: source,
      sourceName: configuration.source.name ?? name,
      ...(url === undefined ? {} : { sourceUrl: url }),
      forges,
      sourceForge: openSourceForge(source, issuePlace, forges, { clock, actor }),
      openTarget: (target) =>
        openTarget(target, {
          folder,
          configuration,
          repositories,
          forges,
          surroundings: options,
          actor,
        }),
      clock,
      ...(logger ? { logger } : {}),
      [Symbol.asyncDispose]: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Where the source's own requests and issues are: on its server, or in the repository itself. */
function openSourceForge(
  source: Repository,
  url: string | undefined,
  forges: Forges,
  { clock, actor }: Pick<FleetSurroundings, 'clock'> & { readonly actor: Actor },
): Forge {
  const kind = url === undefined ? 'embedded' : forgeOf(url);
  if (url !== undefined && kind !== 'embedded') return forges.open({ kind, url }, source);
  return createEmbeddedForge({ repository: source, clock, actor });
}

/** How {@link withFleet} finds the configuration and says what is odd in it. */
export interface WithFleetOptions extends OpenFleetOptions {
  /** The path of the configuration; default: the nearest `holdfast.yaml` from `cwd` upward. */
  readonly config?: string;
  /** Whether it is wrong that there is no rule. Default true. */
  readonly rulesRequired?: boolean;
  /** Called with what is odd in the configuration and no reason to stop, before anything is opened. */
  readonly onWarnings?: (warnings: readonly Finding[]) => void;
}

/**
 * Reads the configuration from disk, opens the fleet, hands it on, and closes it in any case.
 *
 * @throws FleetError `no-configuration`, `invalid-configuration`
 */
export async function withFleet<Result>(
  options: WithFleetOptions,
  use: (fleet: OpenFleet) => Promise<Result>,
): Promise<Result> {
  const read = await readConfiguration(options.cwd, options.config, {
    rulesRequired: options.rulesRequired ?? true,
    findTargets: (configuration, place) =>
      findTargets(configuration, { ...place, ask: true }, options),
  });
  if (read.warnings.length > 0) options.onWarnings?.(read.warnings);
  await using fleet = await openFleet(read, options);
  return await use(fleet);
}

/** The limits and timeouts of the configuration, by the names of the git library. */
function readBounds(
  { timeouts = {}, limits = {} }: Configuration,
  asked: OpenFleetOptions['timeouts'] = {},
): Required<Pick<OpenOptions, 'timeouts' | 'limits'>> {
  const said = Object.entries(asked).filter(([, seconds]) => seconds !== undefined);
  const waited = { ...timeouts, ...Object.fromEntries(said) };
  return {
    timeouts: rename(waited, (key) => `${key.replace(/_seconds$/, '')}Ms`, 1000),
    limits: rename(
      limits,
      (key) => key.replace(/_[a-z]/, (part) => part.slice(1).toUpperCase()),
      1,
    ),
  };
}

function rename(
  values: Readonly<Record<string, number | undefined>>,
  name: (key: string) => string,
  factor: number,
): Record<string, number> {
  const given = Object.entries(values).filter((pair): pair is [string, number] => !!pair[1]);
  return Object.fromEntries(given.map(([key, value]) => [name(key), value * factor]));
}

/** How repositories are opened: by the environment of the caller. */
export function openOptions(
  surroundings: Pick<FleetSurroundings, 'environment' | 'signal'>,
  logger?: Logger,
): OpenOptions {
  const { environment, signal } = surroundings;
  return {
    environment,
    signal,
    cacheDirectory: cacheDirectory(surroundings),
    secrets: readSecrets(environment),
    ...(logger
      ? { onNotice: (notice) => logger.warn(notice, `took away a lock: ${notice.reason}`) }
      : {}),
  };
}
