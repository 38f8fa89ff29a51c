import { chooseCatalogues, withCatalogue as withOpenCatalogue } from '@holdfast/fleet';
import type { CatalogueOptions, OpenedCatalogue } from '@holdfast/fleet';
import { CliError } from './cli-error.js';
import type { CommandContext } from './command-result.js';
import { createLogger } from './create-logger.js';

/** How catalogues are opened by a command. */
export function catalogueOptions(context: CommandContext): CatalogueOptions {
  const { surroundings, config } = context;
  return {
    ...surroundings,
    ...(config === undefined ? {} : { config }),
    logger: createLogger(context),
  };
}

/** Opens a catalogue of a command, hands it on, and closes it in any case. */
export function withCatalogue<Result>(
  context: CommandContext,
  name: string,
  use: (catalogue: OpenedCatalogue) => Promise<Result>,
): Promise<Result> {
  return withOpenCatalogue(catalogueOptions(context), name, use);
}

/** The catalogue that a command is about: the named one, or the only one. */
export async function theCatalogue(
  context: CommandContext,
  wanted: string | undefined,
): Promise<string> {
  const names = await chooseCatalogues(
    catalogueOptions(context),
    wanted === undefined ? [] : [wanted],
  );
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new CliError('bad-argument', 'there are several catalogues', {
    hint: `name one: ${names.join(', ')}`,
  });
}
