import { readFailures } from '@holdfast/fleet';
import type { OpenFleet } from '@holdfast/fleet';
import { readStatus } from '@holdfast/sync';
import type { StatusRow } from '@holdfast/sync';
import type { CommandContext } from '../command-result.js';
import { selectionOf } from '../selection.js';
import type { TargetsInput } from '../selection.js';
import { showProgress } from '../show-progress.js';

/** The registry, with what the journal of this machine says of earlier runs. */
export async function readFleetStatus(
  context: CommandContext,
  fleet: OpenFleet,
  input: TargetsInput,
): Promise<StatusRow[]> {
  const failures = await readFailures(fleet, context.surroundings);
  return showProgress(context, (onProgress) =>
    readStatus(fleet, { ...selectionOf(input), failures, onProgress }),
  );
}
