import { findHookPlace, findRoot, installHook, removeHook } from '@holdfast/fleet';
import type { HookOutcome, HookPlace } from '@holdfast/fleet';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderHook } from '../render/hooks.js';
import { validate } from './validate.js';

export interface HookInput {
  readonly force?: true;
}

/** `holdfast hooks install`: has git check what is staged before each commit. */
export async function installHooks(
  { surroundings }: CommandContext,
  { force }: HookInput,
): Promise<CommandResult> {
  const place = await findHookPlace(surroundings);
  return resultOf(place, await installHook(place, { force: force === true }));
}

/** `holdfast hooks remove`: takes the hook away, and puts back what was there. */
export async function removeHooks(
  { surroundings }: CommandContext,
  { force }: HookInput,
): Promise<CommandResult> {
  const place = await findHookPlace(surroundings);
  return resultOf(place, await removeHook(place, { force: force === true }));
}

/** `holdfast hooks run`: what the hook does, without a commit. */
export async function runHooks(context: CommandContext): Promise<CommandResult> {
  await findRoot(context.surroundings);
  return validate(context, { paths: [], staged: true });
}

function resultOf(place: HookPlace, outcome: HookOutcome): CommandResult {
  return {
    exitCode: 0,
    document: { hook: place.shown, owner: place.owner, style: place.style, ...outcome },
    text: () => renderHook(place, outcome),
  };
}
