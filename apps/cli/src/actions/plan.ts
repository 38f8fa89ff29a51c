import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { OpenFleet } from '@holdfast/fleet';
import { savePlan, serializePlan, streamPlan, summarizeItem } from '@holdfast/sync';
import type { ItemSummary, PlanOptions } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import type { ErrorDocument } from '../describe-error.js';
import { diffItem } from '../diff-plan.js';
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
  /** Whether a change that waits is a finding: exit code 1. */
  readonly exitCode?: true;
}

/** `holdfast plan`: shows what would change in each target, with `--diff` line by line; with `--out`, saves it. */
export async function plan(context: CommandContext, input: PlanInput): Promise<CommandResult> {
  const { out } = input;
  return withFleet(context, async (fleet) => {
    const selection = selectionOf(input);
    const items: ItemSummary[] = [];
    const diffs = new Map<ItemSummary, ReadonlyMap<string, string>>();
    await showProgress(context, async (onProgress) => {
      for await (const item of streamPlan(fleet, { ...selection, onProgress })) {
        const summary = summarizeItem(item);
        items.push(summary);
        const diff = input.diff ? await diffItem(fleet, item) : undefined;
        if (diff) diffs.set(summary, diff);
      }
    });
    const error = out === undefined ? undefined : await save(context, fleet, items, selection, out);
    const saved = error ? undefined : out;
    return {
      exitCode: worst([
        ...items.map(exitCodeOfItem),
        error ? exitCodeOf(error) : 0,
        input.exitCode && items.some(({ kind }) => kind === 'changed') ? 1 : 0,
      ]),
      ...(error ? { error } : {}),
      document: { ...(saved === undefined ? {} : { saved }), items: items.map(documentPlanItem) },
      text: () =>
        renderPlan(items, {
          apply: saved === undefined ? syncCommand(input) : `holdfast sync --plan ${quote(saved)}`,
          ...(input.diff ? { diffs } : {}),
          all: context.logLevel === 'debug',
        }),
    };
  });
}

/** Saves a plan; one that cannot be saved is shown all the same. */
async function save(
  { surroundings }: CommandContext,
  fleet: OpenFleet,
  items: readonly ItemSummary[],
  selection: PlanOptions,
  out: string,
): Promise<ErrorDocument | undefined> {
  try {
    const text = serializePlan(savePlan(fleet, { items }, selection));
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
