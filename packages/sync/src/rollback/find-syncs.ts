import type { Manifest } from '@holdfast/manifest';
import type { Commit, Snapshot } from '../ports.js';
import { readManifest } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';
import { ruleStatePaths } from '@holdfast/manifest';

/** A commit that brought another state of a rule into the target, and what was there before it. */
export interface FoundSync {
  readonly commit: Commit;
  readonly after: { readonly snapshot: Snapshot; readonly manifest: Manifest };
  readonly before: { readonly snapshot: Snapshot; readonly manifest: Manifest };
}

/** What must be taken back, the newest first; or why there is nothing to go back to. */
export type FoundSyncs =
  | {
      readonly kind: 'found';
      readonly current: Manifest;
      readonly syncs: readonly [FoundSync, ...FoundSync[]];
    }
  | { readonly kind: 'never-synced' }
  | { readonly kind: 'already-there'; readonly current: Manifest }
  | { readonly kind: 'not-delivered'; readonly delivered: readonly string[] };

/** More states than this of one rule are not searched. */
const MAX_STEPS = 1000;

/**
 * Finds the syncs that a target received after a release, by the manifests in its history and not by
 * messages: however requests were merged, the commit that changed the manifest is the sync, and its
 * first parent the state before.
 */
export async function findSyncs(
  view: TargetView,
  namespace: string,
  rule: string,
  to: string,
): Promise<FoundSyncs> {
  const { repository } = view.open;
  const path = ruleStatePaths(namespace, rule).manifest;
  const current = await readManifest(view, namespace, rule);
  if (!current) return { kind: 'never-synced' };
  if (current.source_ref === to) return { kind: 'already-there', current };

  const delivered = new Set([current.source_ref]);
  const syncs: FoundSync[] = [];
  let at = view.head.oid;
  for (let step = 0; step < MAX_STEPS; step++) {
    const [commit] = await repository.log({ to: at, paths: [path], limit: 1 });
    const [parent] = commit?.parents ?? [];
    if (!commit || parent === undefined) break;
    const before = await stateAt(view, parent, namespace, rule);
    const after = await stateAt(view, commit.oid, namespace, rule);
    if (!before || !after) break;
    if (before.manifest.source_commit !== after.manifest.source_commit) {
      syncs.push({ commit, after, before });
      delivered.add(before.manifest.source_ref);
    }
    const [first, ...rest] = syncs;
    if (first && before.manifest.source_ref === to) {
      return { kind: 'found', current, syncs: [first, ...rest] };
    }
    at = parent;
  }
  return { kind: 'not-delivered', delivered: [...delivered] };
}

/** The release that a target had before it got this one, if it has it now; undefined otherwise. */
export async function findPreviousRelease(
  view: TargetView,
  namespace: string,
  rule: string,
  { commit }: { readonly commit: string },
): Promise<string | undefined> {
  const { repository } = view.open;
  const path = ruleStatePaths(namespace, rule).manifest;
  const current = await readManifest(view, namespace, rule);
  if (current?.source_commit !== commit) return undefined;
  let at = view.head.oid;
  for (let step = 0; step < MAX_STEPS; step++) {
    const [changed] = await repository.log({ to: at, paths: [path], limit: 1 });
    const [parent] = changed?.parents ?? [];
    const before = parent && (await stateAt(view, parent, namespace, rule));
    if (!before) return undefined;
    if (before.manifest.source_commit !== commit) return before.manifest.source_ref;
    at = before.snapshot.commit;
  }
  return undefined;
}

async function stateAt(
  view: TargetView,
  commit: string,
  namespace: string,
  rule: string,
): Promise<FoundSync['after'] | undefined> {
  const snapshot = await view.open.repository.readSnapshot(commit);
  const manifest = await readManifest({ ...view, snapshot }, namespace, rule);
  return manifest && { snapshot, manifest };
}
