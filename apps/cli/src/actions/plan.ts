import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { OpenFleet } from '@holdfast/fleet';
import { planSync, savePlan, serializePlan } from '@holdfast/sync';
import type { PlanOptions, SyncPlan } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import type { ErrorDocument } from '../describe-error.js';
import { diffPlan } from '../diff-plan.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { documentPlanItem, exitCodeOfItem } from '../plan-document.js';
import { renderPlan } from '../render/plan.js';
import { quote, selectionOf, syncCommand } from '../selection.js';
import type { SelectionInput } from '../selection.js';
import { showProgress } from '../show-progress.js';

export interface PlanInput extends SelectionInput {
  readonly out?: string;
  readonly diff?: true;
}

/** `holdfast plan`: shows what would change in each target, with `--diff` line by line; with `--out`, saves it. */
export async function plan(context: CommandContext, input: PlanInput): Promise<CommandResult> {
  const { out } = input;
  return withFleet(context, async (fleet) => {
    const selection = selectionOf(input);
    const planned = await showProgress(context, (onProgress) =>
      planSync(fleet, { ...selection, onProgress }),
    );
    const error =
      out === undefined ? undefined : await save(context, fleet, planned, selection, out);
    const saved = error ? undefined : out;
    const { items } = planned;
    const diffs = input.diff ? await diffPlan(fleet, items) : undefined;
    return {
      exitCode: worst([...items.map(exitCodeOfItem), error ? exitCodeOf(error) : 0]),
      ...(error ? { error } : {}),
      document: { ...(saved === undefined ? {} : { saved }), items: items.map(documentPlanItem) },
      text: () =>
        renderPlan(items, {
          apply: saved === undefined ? syncCommand(input) : `holdfast sync --plan ${quote(saved)}`,
          ...(diffs ? { diffs } : {}),
        }),
    };
  });
}

/** Saves a plan; one that cannot be saved is shown all the same. */
async function save(
  { surroundings }: CommandContext,
  fleet: OpenFleet,
  planned: SyncPlan,
  selection: PlanOptions,
  out: string,
): Promise<ErrorDocument | undefined> {
  try {
    const text = serializePlan(savePlan(fleet, planned, selection));
    await writeFile(resolve(surroundings.cwd, out), text).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT' && cause.code !== 'EISDIR' && cause.code !== 'ENOTDIR')
        throw cause;
      throw new CliError('bad-argument', `--out: ${out} is no place for a file`, {
        cause,
        hint: 'name a file in a folder that is there',
      });
    });
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
