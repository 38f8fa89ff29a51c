import type { SourceRepository } from '../ports.js';
import { readManifests } from '../target/read-manifests.js';
import { findUndecided } from './find-undecided.js';

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
  const undecided: string[] = [];
  for (const manifest of manifests) {
    const found = await findUndecided(manifest, snapshot, (oid) => repository.readBlob(oid));
    for (const one of found) undecided.push(one);
  }
  return undecided.sort();
}
