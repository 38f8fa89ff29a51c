import { parseManifest, ruleStatePaths } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import { findUnresolved } from './detect-drift.js';
import type { Snapshot, SourceRepository } from './ports.js';

/** What reading a branch needs. */
type BranchReader = Pick<SourceRepository, 'resolveCommit' | 'readSnapshot' | 'readBlob'>;

/**
 * The delivered files of a branch that are as a sync left them in conflict, sorted. Needs no rules: what
 * the manifests there say counts.
 */
export async function listConflicts(
  repository: BranchReader,
  branch: string,
  { namespace }: { readonly namespace: string },
): Promise<string[]> {
  const head = await repository.resolveCommit(`refs/heads/${branch}`);
  if (!head) return [];
  const snapshot = await repository.readSnapshot(head.oid);
  const manifests = await readManifests(snapshot, namespace, repository);
  return manifests.flatMap((manifest) => findUnresolved(manifest, snapshot)).sort();
}

/** The manifests of all rules in a tree; one that cannot be read is left out. */
export async function readManifests(
  { entries }: Snapshot,
  namespace: string,
  repository: Pick<SourceRepository, 'readBlob'>,
): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { oid, path: file } of entries.values()) {
    const [, rule = ''] = file.split('/', 2);
    if (ruleStatePaths(namespace, rule).manifest !== file) continue;
    const text = new TextDecoder().decode(await repository.readBlob(oid));
    const parsed = parseManifest(text, { file });
    if (parsed.kind === 'parsed') manifests.push(parsed.value);
  }
  return manifests;
}
