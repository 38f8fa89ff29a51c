import { explainPath } from '@holdfast/sync';
import type { FailedItem, Provenance } from '@holdfast/sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderProvenance } from '../render/provenance.js';
import { findHere } from './here/find-here.js';
import { whyHere } from './here/why.js';

/** `holdfast why`: tells which source file, commit, rule and override produced the bytes at a path. */
export async function why(
  context: CommandContext,
  { path, target }: { readonly path: string; readonly target?: readonly string[] },
): Promise<CommandResult> {
  const here = await findHere(context, { ...(target ? { target } : {}) });
  if (here) return whyHere(context, here, path);
  return withFleet(context, async (fleet) => {
    const items = await explainPath(fleet, path, target ? { targets: target } : {});
    return {
      exitCode: worst(items.map(exitCodeOfProvenance)),
      document: { items },
      text: () => renderProvenance(items),
    };
  });
}

/** States that ask for nothing to be done. */
const settled: ReadonlySet<Provenance['state']> = new Set(['as-delivered', 'merged', 'decided']);

function exitCodeOfProvenance(item: Provenance | FailedItem): ExitCode {
  if ('kind' in item) return exitCodeOf(item.error);
  return settled.has(item.state) ? 0 : 1;
}
