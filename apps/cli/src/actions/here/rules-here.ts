import { basename } from 'node:path';
import { lookHere } from '@holdfast/fleet';
import type { DeliveredRule, TargetTree } from '@holdfast/fleet';
import { CliError } from '../../cli-error.js';

/** What was delivered to the target around, by the named rules or by all. */
export async function rulesHere(
  tree: TargetTree,
  named: readonly string[] = [],
): Promise<DeliveredRule[]> {
  const all = await lookHere(tree);
  const unknown = named.find((id) => !all.some(({ manifest }) => manifest.rule_id === id));
  if (unknown !== undefined) {
    throw new CliError(
      'bad-argument',
      `no rule ${JSON.stringify(unknown)} delivered anything here`,
      {
        hint: `here are: ${all.map(({ manifest }) => manifest.rule_id).join(', ') || 'none'}`,
      },
    );
  }
  return named.length === 0 ? all : all.filter(({ manifest }) => named.includes(manifest.rule_id));
}

/** What the target around is called where nobody else names it. */
export function nameHere({ root }: TargetTree): string {
  return basename(root);
}
