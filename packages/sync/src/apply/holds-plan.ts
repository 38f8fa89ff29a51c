import { hashBlob, parseManifest, serializeManifest } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import type { Commit, Entry, OpenTarget, TreeChange } from '../ports.js';
import type { Change } from './change.js';

/**
 * Whether a branch tip already is this plan: the same files, and manifests that differ at most in
 * `synced_at`. Then the target's head may have moved on, and the request is left in peace all the same.
 */
export async function holdsPlan(
  { commit, manifests }: Change,
  tip: Commit,
  { repository }: OpenTarget,
): Promise<boolean> {
  const [parent, ...others] = tip.parents;
  if (parent === undefined || others.length > 0) return false;
  const differences = await repository.diffTrees(parent, tip.oid);
  const expected = new Map(commit.changes.map((change) => [change.path, entryAfter(change)]));
  if (differences.length !== expected.size) return false;
  for (const { path, new: found } of differences) {
    if (!expected.has(path)) return false;
    const manifest = manifests.get(path);
    if (manifest) {
      if (!found || !sameManifest(await repository.readBlob(found.oid), manifest)) return false;
    } else if (found?.oid !== expected.get(path)?.oid || found?.mode !== expected.get(path)?.mode) {
      return false;
    }
  }
  return true;
}

function sameManifest(content: Uint8Array, wanted: Manifest): boolean {
  const parsed = parseManifest(new TextDecoder().decode(content), { file: 'manifest.json' });
  if (parsed.kind === 'invalid') return false;
  const found = { ...parsed.value, synced_at: wanted.synced_at };
  return serializeManifest(found) === serializeManifest(wanted);
}

/** What lies at a change's path once it is made. */
export function entryAfter(change: TreeChange): Entry | undefined {
  if ('remove' in change) return undefined;
  return { mode: change.mode, oid: 'oid' in change ? change.oid : hashBlob(change.content) };
}
