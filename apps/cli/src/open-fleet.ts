import { withFleet as withOpenFleet } from '@holdfast/fleet';
import type { OpenFleet } from '@holdfast/fleet';
import type { CommandContext } from './command-result.js';
import { createLogger } from './create-logger.js';
import { renderMarkup } from './markup.js';
import { renderFinding } from './render/findings.js';

/** Opens the configured fleet of a command, hands it on, and closes it in any case. */
export async function withFleet<Result>(
  context: CommandContext,
  use: (fleet: OpenFleet) => Promise<Result>,
): Promise<Result> {
  const { surroundings, config } = context;
  return withOpenFleet(
    {
      ...surroundings,
      ...(config === undefined ? {} : { config }),
      logger: createLogger(context),
      onWarnings(warnings) {
        const lines = warnings.map((warning) => `${renderFinding(warning)}\n`).join('');
        surroundings.stderr.write(renderMarkup(lines, { color: false }));
      },
    },
    use,
  );
}
