import { findTargetHere } from '@holdfast/fleet';
import type { TargetTree } from '@holdfast/fleet';
import type { CommandContext } from '../../command-result.js';

/**
 * The target around, where a command is to answer for it alone: no configuration is named or around,
 * and no target.
 */
export async function findHere(
  { config, surroundings: { cwd } }: CommandContext,
  { target }: { readonly target?: readonly string[] | string } = {},
): Promise<TargetTree | undefined> {
  if (config !== undefined || target !== undefined) return undefined;
  return findTargetHere(cwd);
}
