import type { DeliveredRule, TargetTree } from '@holdfast/fleet';
import type { CustomisedFile, DriftItem, TargetFile } from '@holdfast/sync';
import type { CommandResult } from '../../command-result.js';
import { renderDrift } from '../../render/drift.js';
import { nameHere, rulesHere } from './rules-here.js';

/** `holdfast drift` in a target: compares its files with the manifests of its last syncs. */
export async function driftHere(
  tree: TargetTree,
  named: readonly string[],
): Promise<CommandResult> {
  const rules = await rulesHere(tree, named);
  const items = rules.map((rule) => itemOf(rule, nameHere(tree)));
  return {
    exitCode: items.some(({ kind }) => kind === 'drifted') ? 1 : 0,
    document: { items },
    text: () => renderDrift(items, tree.namespaces[0]),
  };
}

const states: Partial<
  Record<TargetFile['state'], 'missing' | 'modified' | 'mode-changed' | 'conflicted'>
> = {
  missing: 'missing',
  drifted: 'modified',
  'mode-changed': 'mode-changed',
  conflicted: 'conflicted',
};

function itemOf({ manifest, files }: DeliveredRule, target: string): DriftItem {
  const drifted = files.flatMap(({ path, state }) => {
    const drift = states[state];
    return drift === undefined ? [] : [{ path, state: drift }];
  });
  const synced = {
    rule: manifest.rule_id,
    target,
    commit: manifest.source_commit,
    ref: manifest.source_ref,
    files: files.length,
    customised: files.flatMap(({ path, state, override }): CustomisedFile[] => {
      if (state !== 'customised') return [];
      return [override ? { path, how: 'overridden', override } : { path, how: 'edited' }];
    }),
    unresolved: files.flatMap(({ path, state }) => (state === 'conflicted' ? [path] : [])),
  };
  return drifted.length > 0
    ? { kind: 'drifted', ...synced, drifted }
    : { kind: 'in-sync', ...synced };
}
