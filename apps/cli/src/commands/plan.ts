import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { planSync, savePlan, serializePlan } from '@holdfast/sync';
import type { CommandContext, CommandResult } from '../command.js';
import { worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { documentPlanItem, exitCodeOfItem } from '../plan-document.js';
import { renderPlan } from '../render/plan.js';
import { selectionOf } from '../selection.js';
import type { SelectionFlags } from '../selection.js';
import { showProgress } from '../show-progress.js';

export interface PlanFlags extends SelectionFlags {
  readonly out?: string;
}

/** `holdfast plan`: shows what would change in each target; with `--out`, saves it. */
export async function plan(
  context: CommandContext,
  rules: readonly string[],
  flags: PlanFlags,
): Promise<CommandResult> {
  const { out } = flags;
  return withFleet(context, async (fleet) => {
    const selection = selectionOf(rules, flags);
    const planned = await showProgress(context, (onProgress) =>
      planSync(fleet, { ...selection, onProgress }),
    );
    if (out !== undefined) {
      const saved = savePlan(fleet, planned, selection);
      await writeFile(resolve(context.surroundings.cwd, out), serializePlan(saved));
    }
    const { items } = planned;
    return {
      exitCode: worst(items.map(exitCodeOfItem)),
      document: { ...(out === undefined ? {} : { out }), items: items.map(documentPlanItem) },
      text: () => renderPlan(items, out === undefined ? {} : { out }),
    };
  });
}
