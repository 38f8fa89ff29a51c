import { withCatalogue as withOpenCatalogue } from '@holdfast/fleet';
import type { CatalogueOptions, OpenedCatalogue } from '@holdfast/fleet';
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
