import type { CommandContext, CommandResult } from '../command-result.js';
import { sync } from './sync.js';

/** `holdfast registry resume`: a sync of one target that passes by what a rollback holds. */
export async function resume(
  context: CommandContext,
  { target, rule = [] }: { readonly target: string; readonly rule?: readonly string[] },
): Promise<CommandResult> {
  return sync(context, { rules: rule, target: [target], liftHolds: true });
}
