import { addToRegistry, pauseTarget, removeFromRegistry, resumeTarget } from '@holdfast/fleet';
import type { AddOptions } from '@holdfast/fleet';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import { exitCodeOf } from '../exit-code.js';
import { bold, dim } from '../markup.js';
import { indent, text } from '../render/words.js';
import { sync } from './sync.js';

function configOf({ config }: CommandContext): { config?: string } {
  return config === undefined ? {} : { config };
}

/** `holdfast registry add`: writes target and rule, and opens the first request. */
export async function add(
  context: CommandContext,
  { repo, ...options }: { readonly repo: string } & Omit<AddOptions, 'config'>,
): Promise<CommandResult> {
  const added = await addToRegistry(context.surroundings, repo, {
    ...options,
    ...configOf(context),
  });
  const lines = [
    `${bold(repo)}  added, branch ${added.branch}`,
    ...indent([
      `${added.isNew ? 'written' : 'one more target'}: ${added.file}`,
      ...(added.isNew
        ? ['its rule runs by hand: set its frequency when the first request is merged']
        : []),
    ]),
    '',
  ];
  try {
    const first = await sync(context, { rules: [added.rule], target: [repo] });
    return {
      ...first,
      document: { added, ...first.document },
      text: () => text(lines) + first.text(),
    };
  } catch (thrown) {
    const error = describeError(thrown);
    return { exitCode: exitCodeOf(error), error, document: { added }, text: () => text(lines) };
  }
}

/** `holdfast registry remove`: archives rules and takes targets out. */
export async function remove(
  context: CommandContext,
  { name }: { readonly name: string },
): Promise<CommandResult> {
  const removed = await removeFromRegistry(context.surroundings, name, context.config);
  return {
    exitCode: 0,
    document: removed,
    text: () =>
      text([
        ...removed.targets.map((target) => `${bold(target)}  is in the configuration no more`),
        ...removed.rules.map(({ id, file }) => `${bold(id)}  archived: ${file}`),
        ...removed.changed.map((id) => `${bold(id)}  goes to ${name} no more`),
        dim('What was delivered stays in the target. Commit the files that changed here.'),
      ]),
  };
}

/** `holdfast registry pause`: writes into the configuration that a target gets nothing. */
export async function pause(
  context: CommandContext,
  {
    target,
    rule: rules,
    reason,
  }: { readonly target: string; readonly rule?: readonly string[]; readonly reason?: string },
): Promise<CommandResult> {
  const what = { ...(rules ? { rules } : {}), ...(reason === undefined ? {} : { reason }) };
  await pauseTarget(context.surroundings, target, { ...what, ...configOf(context) });
  return {
    exitCode: 0,
    document: { target, ...what },
    text: () =>
      text([
        `${bold(target)}  is paused${rules ? ` for ${rules.join(', ')}` : ''}; it goes on with: holdfast registry resume ${target}`,
      ]),
  };
}

/** `holdfast registry resume`: ends a pause, and passes by what a rollback holds. */
export async function resume(
  context: CommandContext,
  { target, rule = [] }: { readonly target: string; readonly rule?: readonly string[] },
): Promise<CommandResult> {
  await resumeTarget(context.surroundings, target, { rules: rule, ...configOf(context) });
  return sync(context, { rules: rule, target: [target], liftHolds: true });
}
