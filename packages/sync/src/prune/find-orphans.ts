import type { Manifest } from '@holdfast/manifest';
import type { Fleet } from '../fleet.js';
import { withTarget } from '../fleet.js';
import { mapInOrder } from '../map-in-order.js';
import type { FailedItem } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import type { VisitOptions } from '../run/visit-targets.js';
import { createContentStore } from '../source/contents.js';
import { failedItem, SyncError } from '../sync-error.js';
import { readManifests } from '../target/read-manifests.js';
import { targetBranch } from '../target/target-branch.js';
import { readTarget } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';

/** What a rule that is gone has left in a target. */
export interface Orphan {
  readonly kind: 'orphan';
  readonly target: string;
  /** The id of the rule that is gone, as the manifest calls it. */
  readonly rule: string;
  readonly branch: string;
  /** What was delivered last. */
  readonly ref: string;
  readonly files: readonly OrphanedFile[];
}

/** One file that the manifest of a gone rule lists. */
export interface OrphanedFile {
  readonly path: string;
  /**
   * `as-delivered`: it is what the source had, by its id, or what transforms made of that and the manifest
   * records. `changed`: someone changed it since. `unproven`: the source does not have what the manifest says.
   * `taken`: another rule delivers it now. `gone`: it is not there.
   */
  readonly state: 'as-delivered' | 'changed' | 'unproven' | 'taken' | 'gone';
}

/** What to look at. */
export interface OrphanOptions extends VisitOptions {
  /** Names of targets; none: all of the configuration. */
  readonly targets?: readonly string[];
}

/** Finds what rules that are gone have left in the targets of the configuration. Reads trees and manifests. */
export async function findOrphans(
  fleet: Fleet,
  options: OrphanOptions = {},
): Promise<(Orphan | FailedItem)[]> {
  const found = await visitOrphans(fleet, options, async (_, orphans) =>
    orphans.map(({ orphan }) => orphan),
  );
  return found.flat();
}

/** An orphan, where it lies. */
export interface OrphanInView {
  readonly orphan: Orphan;
  readonly manifest: Manifest;
  readonly view: TargetView;
}

/** Visits every target in which something is left; one that cannot be read becomes a failed item. */
export async function visitOrphans<Item>(
  fleet: Fleet,
  { targets = [], concurrency = 4, onProgress }: OrphanOptions,
  visit: (open: OpenTarget, orphans: readonly OrphanInView[]) => Promise<Item[]>,
): Promise<(Item | FailedItem)[]> {
  const known = Object.keys(fleet.configuration.targets);
  const stray = targets.find((name) => !known.includes(name));
  if (stray !== undefined) {
    throw new SyncError('unknown-target', `there is no target ${JSON.stringify(stray)}`, {
      hint: `the targets are: ${known.join(', ') || 'none'}`,
    });
  }
  const names = targets.length > 0 ? targets : known;
  let done = 0;
  const visited = mapInOrder(names, concurrency, async (target): Promise<(Item | FailedItem)[]> => {
    try {
      return await withTarget(fleet, target, async (open) => {
        const orphans = await orphansOf(fleet, target, open);
        return orphans.length > 0 ? visit(open, orphans) : [];
      });
    } catch (error) {
      fleet.logger?.debug({ target, err: error }, 'target failed');
      return error instanceof SyncError && error.code === 'empty-target'
        ? []
        : [failedItem('', target, error)];
    } finally {
      onProgress?.({ done: ++done, total: names.length, target });
    }
  });
  return (await Array.fromAsync(visited)).flat();
}

async function orphansOf(fleet: Fleet, target: string, open: OpenTarget): Promise<OrphanInView[]> {
  const { configuration } = fleet;
  const { namespace } = configuration;
  const rules = fleet.rules.filter(({ rule }) => rule.target_repo === target);
  const branches = new Map<string, Set<string>>();
  const own = configuration.targets[target]?.branch ?? (await open.repository.defaultBranch());
  branches.set(own ?? 'main', new Set());
  for (const located of rules) {
    const branch = await targetBranch(fleet, open, located);
    branches.set(branch, (branches.get(branch) ?? new Set()).add(located.rule.id));
  }
  const store = createContentStore();
  const orphans: OrphanInView[] = [];
  for (const [branch, ids] of branches) {
    const view = await readTarget(target, open, branch, store);
    const manifests = await readManifests(view.snapshot, namespace, open.repository);
    const taken = new Set(
      manifests.filter(({ rule_id: id }) => ids.has(id)).flatMap(({ files }) => [...files.keys()]),
    );
    for (const manifest of manifests.filter(({ rule_id: id }) => !ids.has(id))) {
      const { rule_id: rule, source_ref: ref } = manifest;
      const files = await describeFiles(fleet, manifest, view, taken);
      const orphan: Orphan = { kind: 'orphan', target, rule, branch, ref, files };
      orphans.push({ orphan, manifest, view });
    }
  }
  return orphans;
}

/** A manifest is a claim: a file counts as delivered only where the source had what it names. */
async function describeFiles(
  { source }: Fleet,
  { files, source_commit: commit }: Manifest,
  { snapshot }: TargetView,
  taken: ReadonlySet<string>,
): Promise<OrphanedFile[]> {
  const known = (await source.resolveCommit(commit)) !== undefined;
  const delivered = known ? (await source.readSnapshot(commit)).entries : undefined;
  return [...files].map(([path, record]): OrphanedFile => {
    const current = snapshot.entries.get(path);
    if (!current) return { path, state: 'gone' };
    if (taken.has(path)) return { path, state: 'taken' };
    const upstream = record.source_oid ?? record.base_oid ?? record.oid;
    if (delivered?.get(record.source)?.oid !== upstream) return { path, state: 'unproven' };
    const untouched =
      current.oid === record.oid &&
      current.mode === record.mode &&
      record.base_oid === undefined &&
      !record.conflict;
    return { path, state: untouched ? 'as-delivered' : 'changed' };
  });
}
