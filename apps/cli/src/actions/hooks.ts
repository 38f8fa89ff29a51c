import { realpath } from 'node:fs/promises';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { installHook, removeHook } from '../hooks/change-hook.js';
import type { HookOutcome } from '../hooks/change-hook.js';
import { findHookPlace } from '../hooks/hook-place.js';
import type { HookPlace } from '../hooks/hook-place.js';
import { findWorkTree } from '../local/work-tree.js';
import { renderHook } from '../render/hooks.js';
import { validate } from './validate.js';

export interface HookInput {
  readonly force?: true;
}

/** `holdfast hooks install`: has git check what is staged before each commit. */
export async function installHooks(
  context: CommandContext,
  { force }: HookInput,
): Promise<CommandResult> {
  const place = await locate(context);
  return resultOf(place, await installHook(place, { force: force === true }));
}

/** `holdfast hooks remove`: takes the hook away, and puts back what was there. */
export async function removeHooks(
  context: CommandContext,
  { force }: HookInput,
): Promise<CommandResult> {
  const place = await locate(context);
  return resultOf(place, await removeHook(place, { force: force === true }));
}

/** `holdfast hooks run`: what the hook does, without a commit. */
export async function runHooks(context: CommandContext): Promise<CommandResult> {
  await rootOf(context);
  return validate(context, { paths: [], staged: true });
}

async function locate(context: CommandContext): Promise<HookPlace> {
  const { environment, signal } = context.surroundings;
  return findHookPlace({ cwd: await rootOf(context), environment, signal });
}

async function rootOf({ surroundings }: CommandContext): Promise<string> {
  const { environment, signal } = surroundings;
  const cwd = await realpath(surroundings.cwd);
  const root = await findWorkTree({ cwd, environment, signal });
  if (root !== undefined) return root;
  throw new CliError('not-in-repository', `${cwd} is in no work tree of git`, {
    hint: 'run it in the repository that is to have the hook',
  });
}

function resultOf(place: HookPlace, outcome: HookOutcome): CommandResult {
  return {
    exitCode: 0,
    document: { hook: place.shown, owner: place.owner, style: place.style, ...outcome },
    text: () => renderHook(place, outcome),
  };
}
