import { relative, resolve } from 'node:path';
import { findTargetTree, makeOverride } from '@holdfast/fleet';
import { overridePath } from '@holdfast/manifest';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { withFleet } from '../open-fleet.js';
import { renderOverride } from '../render/override.js';
import type { Overridden } from '../render/override.js';

export interface OverrideInput {
  readonly path: string;
  readonly target?: string;
}

/**
 * `holdfast override`: in a work tree of a target, makes the override of a delivered file where the next sync
 * looks for it. With `--target`, tells where that is by the rules.
 */
export async function override(
  context: CommandContext,
  input: OverrideInput,
): Promise<CommandResult> {
  const overridden =
    input.target === undefined
      ? await overrideHere(context, input.path)
      : await tellPlace(context, input.path, input.target);
  return { exitCode: 0, document: overridden, text: () => renderOverride(overridden) };
}

async function overrideHere(
  { surroundings: { cwd } }: CommandContext,
  path: string,
): Promise<Overridden> {
  const tree = await findTargetTree(cwd);
  if (!tree) {
    throw new CliError('bad-argument', `${cwd} is in no repository that a sync delivered to`, {
      hint: 'run it in a clone of the target, or beside holdfast.yaml with --target NAME',
    });
  }
  const place = relative(tree.root, resolve(cwd, path)).replaceAll('\\', '/');
  const { existed, ...made } = await makeOverride(tree, place);
  return { ...made, outcome: existed ? 'there' : 'made' };
}

async function tellPlace(
  context: CommandContext,
  path: string,
  target: string,
): Promise<Overridden> {
  return withFleet(context, async ({ configuration, rules }) => {
    if (!configuration.targets[target]) {
      throw new CliError(
        'bad-argument',
        `the configuration has no target ${JSON.stringify(target)}`,
        {
          hint: 'the targets are listed by: holdfast targets list',
        },
      );
    }
    const own = rules.filter(({ rule }) => rule.target_repo === target);
    const found = own.find(({ rule }) => path.startsWith(rule.target_path)) ?? own[0];
    const place = found && overridePath(found.rule, configuration.namespace, path);
    if (found && place !== undefined && path.startsWith(found.rule.target_path)) {
      return { path, rule: found.rule.id, override: place, outcome: 'told' };
    }
    throw new CliError('bad-argument', `no rule delivers ${path} to ${target}`, {
      hint:
        own.length > 0
          ? `rules deliver below: ${own.map(({ rule }) => rule.target_path || './').join(', ')}`
          : 'no rule delivers there',
    });
  });
}
