import { readActor } from '@holdfast/fleet';
import { rollbackFleet } from '@holdfast/sync';
import type { RollbackItem } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderRollback } from '../render/rollback.js';
import { showProgress } from '../show-progress.js';
import { documentApplied } from './sync.js';

export interface RollbackInput {
  readonly targets: readonly string[];
  readonly to: string;
  readonly reason: string;
  readonly rule?: readonly string[];
  readonly group?: readonly string[];
  readonly all?: true;
  readonly dryRun?: true;
  readonly concurrency?: number;
}

/** `holdfast rollback`: proposes the way back to a release, for some targets or all. */
export async function rollback(
  context: CommandContext,
  { targets, to, reason, rule = [], group = [], all, dryRun: dry, concurrency }: RollbackInput,
): Promise<CommandResult> {
  if ((targets.length === 0) === (all === undefined)) {
    throw new CliError('bad-argument', 'name the targets, or say --all', {
      hint: 'the targets are listed by: holdfast targets list',
    });
  }
  const dryRun = dry === true;
  const loggedBy = (await readActor(context.surroundings)).name;
  return withFleet(context, async (fleet) => {
    const items = await showProgress(context, (onProgress) =>
      rollbackFleet(fleet, {
        to,
        reason,
        rules: rule,
        groups: group,
        ...(all ? {} : { targets }),
        loggedBy,
        dryRun,
        concurrency,
        onProgress,
      }),
    );
    return {
      exitCode: worst(items.map(exitCodeOfRollback)),
      document: { items: items.map(documentItem) },
      text: () => renderRollback(items, dryRun),
    };
  });
}

function exitCodeOfRollback(item: RollbackItem): ExitCode {
  if (item.kind === 'failed') return exitCodeOf(item.error);
  if (item.kind === 'already-there') return 0;
  return item.validation.blocked || item.files.some(({ conflict }) => conflict) ? 1 : 0;
}

function documentItem(item: RollbackItem): object {
  if (item.kind !== 'rolled-back') return item;
  const { applied, ...rest } = item;
  return { ...rest, ...(applied ? { applied: documentApplied(applied) } : {}) };
}
