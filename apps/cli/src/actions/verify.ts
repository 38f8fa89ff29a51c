import { verifyFleet } from '@holdfast/sync';
import type { VerifiedItem } from '@holdfast/sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderVerified } from '../render/verified.js';
import { selectionOf } from '../selection.js';
import type { TargetsInput } from '../selection.js';
import { showProgress } from '../show-progress.js';

/** `holdfast verify`: derives every delivered file again and compares the bytes. */
export async function verify(context: CommandContext, input: TargetsInput): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const items = await showProgress(context, (onProgress) =>
      verifyFleet(fleet, { ...selectionOf(input), onProgress }),
    );
    return {
      exitCode: worst(items.map(exitCodeOfVerified)),
      document: { items },
      text: () => renderVerified(items),
    };
  });
}

function exitCodeOfVerified(item: VerifiedItem): ExitCode {
  if (item.kind === 'failed') return exitCodeOf(item.error);
  return item.kind === 'differs' ? 1 : 0;
}
