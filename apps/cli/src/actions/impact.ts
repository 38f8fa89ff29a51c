import { openImpactCache } from '@holdfast/fleet';
import type { OpenFleet } from '@holdfast/fleet';
import { commentImpact, findImpact } from '@holdfast/sync';
import type { ImpactItem } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderImpact } from '../render/impact.js';
import { selectionOf } from '../selection.js';
import type { TargetsInput } from '../selection.js';
import { showProgress } from '../show-progress.js';

export interface ImpactInput extends TargetsInput {
  readonly base?: string;
  readonly head: string;
  readonly comment?: true;
}

/** `holdfast impact`: what merging `head` into `base` would do; exits with 1 where someone must decide. */
export async function impact(context: CommandContext, input: ImpactInput): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const base = input.base ?? (await baseOf(fleet));
    const { head } = input;
    const cache = openImpactCache(context.surroundings);
    const told = await showProgress(context, async (onProgress) => {
      const found = await findImpact(fleet, {
        ...selectionOf(input),
        base,
        head,
        cache,
        onProgress,
      });
      return { ...found, items: await Array.fromAsync(found.items) };
    });
    const comment = input.comment ? await commentImpact(fleet, told) : undefined;
    return {
      exitCode: worst([told.sourceConflicts.length > 0 ? 1 : 0, ...told.items.map(exitCodeOfItem)]),
      document: { ...told, ...(comment ? { comment } : {}) },
      text: () => renderImpact(told, comment),
    };
  });
}

async function baseOf({ configuration, source }: OpenFleet): Promise<string> {
  const base = configuration.source.branch ?? (await source.defaultBranch());
  if (base !== undefined) return base;
  throw new CliError('bad-argument', 'the source has no default branch to merge into', {
    hint: 'name one with --base',
  });
}

function exitCodeOfItem(item: ImpactItem): ExitCode {
  if (item.kind === 'failed') return exitCodeOf(item.error);
  return item.conflicts > 0 || item.blocked ? 1 : 0;
}
