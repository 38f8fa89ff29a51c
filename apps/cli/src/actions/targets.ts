import { forgetTarget, listTargets } from '@holdfast/fleet';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderTargets } from '../render/targets.js';

/** `holdfast targets list`: every target, and where it comes from. */
export async function showTargets({
  surroundings,
  config,
}: CommandContext): Promise<CommandResult> {
  const targets = await listTargets(surroundings, config);
  return {
    exitCode: targets.some(({ from }) => from === 'left') ? 1 : 0,
    document: { targets },
    text: () => renderTargets(targets),
  };
}

/** `holdfast targets forget`: a target that is listed no more is told of no more. */
export async function forget(
  { surroundings, config }: CommandContext,
  { target }: { readonly target: string },
): Promise<CommandResult> {
  await forgetTarget(surroundings, target, config);
  return {
    exitCode: 0,
    document: { target, outcome: 'forgotten' },
    text: () => `${target} is forgotten; its files stay.\n`,
  };
}
