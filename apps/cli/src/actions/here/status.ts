import type { DeliveredRule, TargetTree } from '@holdfast/fleet';
import type { TargetFile } from '@holdfast/sync';
import { CliError } from '../../cli-error.js';
import type { CommandResult } from '../../command-result.js';
import { renderStatusHere } from '../../render/status-here.js';
import type { RowHere } from '../../render/status-here.js';
import type { TargetsInput } from '../../selection.js';
import { nameHere, rulesHere } from './rules-here.js';

/**
 * `holdfast status` in a target: what was delivered last by each rule, and what became of it. Whether a newer
 * release is there only the source knows.
 */
export async function statusHere(
  tree: TargetTree,
  { rules: named, ...input }: TargetsInput & Readonly<Record<string, unknown>>,
): Promise<CommandResult> {
  if (['only', 'groupBy', 'write', 'markdown'].some((key) => input[key] !== undefined)) {
    throw new CliError('bad-argument', 'this shows the registry, which only the source has', {
      hint: 'run it beside holdfast.yaml, or say holdfast status alone',
    });
  }
  const rules = await rulesHere(tree, named);
  const rows = rules.map((rule) => rowOf(rule, nameHere(tree)));
  return { exitCode: 0, document: { rows }, text: () => renderStatusHere(rows) };
}

function rowOf({ manifest, files, held }: DeliveredRule, target: string): RowHere {
  const pathsOf = (...states: TargetFile['state'][]) =>
    files.flatMap(({ path, state }) => (states.includes(state) ? [path] : []));
  const drifted = pathsOf('drifted', 'mode-changed', 'missing');
  const unresolved = pathsOf('conflicted').length;
  const customised = pathsOf('customised').length;
  const rest = held ? 'Paused' : 'In sync';
  return {
    target,
    rule: manifest.rule_id,
    source: manifest.source_repo,
    version: manifest.source_ref,
    lastSync: manifest.synced_at,
    status: unresolved > 0 ? 'Conflict' : drifted.length > 0 ? 'Drifted' : rest,
    files: files.length,
    ...(drifted.length > 0 ? { drifted: drifted.length, driftedFiles: drifted } : {}),
    ...(unresolved > 0 ? { unresolved } : {}),
    ...(customised > 0 ? { customised } : {}),
  };
}
