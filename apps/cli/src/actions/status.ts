import { readStatus } from '@holdfast/sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderStatus } from '../render/status.js';
import { selectionOf } from '../selection.js';
import type { TargetsInput } from '../selection.js';
import { showProgress } from '../show-progress.js';

/** `holdfast status`: shows the registry, where each target stands. */
export async function status(context: CommandContext, input: TargetsInput): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const rows = await showProgress(context, (onProgress) =>
      readStatus(fleet, { ...selectionOf(input), onProgress }),
    );
    return {
      exitCode: worst(rows.map(({ error }) => (error ? exitCodeOf(error) : 0))),
      document: { rows },
      text: () => renderStatus(rows),
    };
  });
}
