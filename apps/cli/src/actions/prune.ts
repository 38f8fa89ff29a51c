import { findOrphans, pruneOrphans } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderOrphans } from '../render/orphans.js';
import { showProgress } from '../show-progress.js';

export interface PruneInput {
  readonly rules: readonly string[];
  readonly target?: readonly string[];
  readonly dryRun?: true;
}

/** `holdfast sync --prune`: proposes the removal of what rules that are gone have left. */
export async function prune(context: CommandContext, input: PruneInput): Promise<CommandResult> {
  if (input.rules.length > 0) {
    throw new CliError('bad-argument', '--prune is about rules that are gone: it takes none', {
      hint: 'leave the rules out; name targets with --target',
    });
  }
  return withFleet(context, async (fleet) => {
    const options = input.target ? { targets: input.target } : {};
    const items = await showProgress(context, (onProgress) =>
      input.dryRun
        ? findOrphans(fleet, { ...options, onProgress })
        : pruneOrphans(fleet, { ...options, onProgress }),
    );
    const codes = items.map((item) => ('error' in item && item.error ? exitCodeOf(item.error) : 0));
    return {
      exitCode: worst(codes),
      document: { outcome: 'pruned', items },
      text: () => renderOrphans(items),
    };
  });
}
