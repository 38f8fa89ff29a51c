import { resolve } from 'node:path';
import { createEmbeddedForge } from '@holdfast/forge';
import type { Actor, Forge, MergeFile } from '@holdfast/forge';
import { openRepository } from '@holdfast/git';
import type { OpenOptions, Repository } from '@holdfast/git';
import type { Configuration } from '@holdfast/manifest';
import { merge3 } from '@holdfast/merge';
import type { Fleet, Logger } from '@holdfast/sync';
import { CliError } from './cli-error.js';
import type { CommandContext } from './command-result.js';
import { createLogger } from './create-logger.js';
import { cacheDirectory } from './directories.js';
import { renderMarkup } from './markup.js';
import { readConfiguration } from './read-configuration.js';
import { readCredentials } from './read-credentials.js';
import { renderFinding } from './render/findings.js';
import { identifySource } from './source-identity.js';

/** A target as the command line opens it: with everything that its repository and forge can do. */
export interface OpenedTarget {
  readonly repository: Repository;
  readonly forge: Forge;
}

/** The configured fleet, its source open. */
export interface OpenFleet extends Fleet {
  readonly source: Repository;
  readonly logger: Logger;
  readonly openTarget: (name: string) => Promise<OpenedTarget>;
}

/** Opens the configured fleet, hands it on, and closes it in any case. */
export async function withFleet<Result>(
  context: CommandContext,
  use: (fleet: OpenFleet) => Promise<Result>,
): Promise<Result> {
  const { surroundings } = context;
  const { folder, configuration, rules, warnings } = await readConfiguration(
    surroundings.cwd,
    context.config,
  );
  if (warnings.length > 0) {
    const lines = warnings.map((warning) => `${renderFinding(warning)}\n`).join('');
    surroundings.stderr.write(renderMarkup(lines, { color: false }));
  }
  const logger = createLogger(context);
  const options = openOptions(context);
  const source = await openRepository(locate(folder, configuration.source.repo), options);
  try {
    const { name, url } = await identifySource(source);
    return await use({
      configuration,
      rules,
      source,
      sourceName: configuration.source.name ?? name,
      ...(url === undefined ? {} : { sourceUrl: url }),
      openTarget: (target) => openTarget(target, { folder, configuration, options, context }),
      clock: surroundings.clock,
      logger,
    });
  } finally {
    await source.close();
  }
}

/** How repositories are opened: by the environment of the command. */
export function openOptions({ surroundings }: CommandContext): OpenOptions {
  const { environment, signal } = surroundings;
  const credentials = readCredentials(environment);
  return {
    environment,
    signal,
    cacheDirectory: cacheDirectory(surroundings),
    ...(credentials ? { credentials } : {}),
  };
}

interface TargetSurroundings {
  readonly folder: string;
  readonly configuration: Configuration;
  readonly options: OpenOptions;
  readonly context: CommandContext;
}

async function openTarget(
  name: string,
  { folder, configuration, options, context }: TargetSurroundings,
): Promise<OpenedTarget> {
  const target = configuration.targets[name];
  if (!target) {
    throw new CliError('bad-argument', `the configuration has no target ${JSON.stringify(name)}`, {
      hint: `the targets are: ${Object.keys(configuration.targets).join(', ') || 'none'}`,
    });
  }
  if (target.forge !== 'embedded') {
    throw new CliError(
      'forge-later',
      `${name} is on ${target.forge}, which comes in a later release`,
      {
        hint: 'until then, keep its change requests in the repository itself: set forge: embedded for this target',
      },
    );
  }
  const repository = await openRepository(locate(folder, target.url), options);
  const forge = createEmbeddedForge({
    repository,
    clock: context.surroundings.clock,
    actor: actorOf(context),
    mergeFile,
  });
  return { repository, forge };
}

/** A path of the configuration is relative to its folder; a URL stays. */
function locate(folder: string, location: string): string {
  const remote = /^[a-z][a-z0-9+.-]*:\/\/|^(?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:]{2,}):/i.test(location);
  return remote ? location : resolve(folder, location);
}

/** Who opens, merges and closes change requests on the embedded forge, as git would name them. */
export function actorOf({ surroundings: { environment } }: CommandContext): Actor {
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
