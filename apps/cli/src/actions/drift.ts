import { detectDrift } from '@holdfast/sync';
import type { DriftItem } from '@holdfast/sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderDrift } from '../render/drift.js';
import { selectionOf } from '../selection.js';
import type { TargetsInput } from '../selection.js';
import { showProgress } from '../show-progress.js';

/** `holdfast drift`: compares each target with the manifest of its last sync. */
export async function drift(context: CommandContext, input: TargetsInput): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const items = await showProgress(context, (onProgress) =>
      detectDrift(fleet, { ...selectionOf(input), onProgress }),
    );
    return {
      exitCode: worst(items.map(exitCodeOfDrift)),
      document: { items },
      text: () => renderDrift(items, fleet.configuration.namespace),
    };
  });
}

function exitCodeOfDrift(item: DriftItem): ExitCode {
  switch (item.kind) {
    case 'failed':
      return exitCodeOf(item.error);
    case 'drifted':
      return 1;
    case 'in-sync':
      return item.unresolved.length > 0 ? 1 : 0;
    case 'never-synced':
      return 0;
  }
}
