import { compileGlob, compileSelection, overridePath } from '@holdfast/manifest';
import type { Configuration, Manifest, ManifestEntry, TargetRule } from '@holdfast/manifest';
import { isDrifted } from './is-drifted.js';
import { readManifests } from './read-manifests.js';
import type { TargetView } from './target-view.js';

/** A delivered file that differs from its manifest, outside overrides. */
export interface DriftedFile {
  readonly path: string;
  /** `conflicted`: markers of the last sync are left, or nobody has decided yet. */
  readonly state: 'missing' | 'modified' | 'mode-changed' | 'conflicted';
  /**
   * What becomes of it. `merged`: the next sync keeps the change, and merges what upstream changes.
   * `overwritten`: the next sync replaces it. `blocks`: the rule is not synced until it is reverted or moved to
   * an override. `recreated`: the next sync brings the file back. `recreated-later`: the next release does.
   * `waits`: for someone to decide. Absent where the rule is not known.
   */
  readonly next?: 'merged' | 'overwritten' | 'blocks' | 'recreated' | 'recreated-later' | 'waits';
}

/** A delivered file that is the downstream's own version, with the manifest's knowledge. */
export interface CustomisedFile {
  readonly path: string;
  /**
   * `overridden`: it has an override. `edited`: an edit of it was merged. `deleted`: it is gone for good, as
   * `recreate: never` says. `protected`: the rule does not touch it.
   */
  readonly how: 'overridden' | 'edited' | 'deleted' | 'protected';
  /** Where its override is. */
  readonly override?: string;
}

/**
 * The delivered files that differ from the manifest by someone's doing, sorted by path. What the rule does
 * not select any more and another rule's manifest lists was handed over, and is that rule's.
 */
export async function findDrift(
  located: TargetRule,
  manifest: Manifest,
  view: TargetView,
  { namespace, source: { internal } }: Configuration,
): Promise<DriftedFile[]> {
  const { rule } = located;
  const describe = describer(located, view, namespace);
  const found: { file: DriftedFile; record: ManifestEntry }[] = [];
  for (const [path, record] of manifest.files) {
    const { sides, policy } = describe(path, record);
    if (!isDrifted(sides, policy)) continue;
    const { current, override } = sides;
    const state = !current ? 'missing' : current.oid === record.oid ? 'mode-changed' : 'modified';
    found.push({ file: { path, state, next: nextStep(rule, { current, override }) }, record });
  }
  if (found.length === 0) return [];
  const isSelected = compileSelection(rule, internal);
  const handedOver = found.some(({ record }) => !isSelected(record.source))
    ? await listedByOthers(view, namespace, rule.id)
    : undefined;
  return found
    .filter(({ file, record }) => isSelected(record.source) || !handedOver?.has(file.path))
    .map(({ file }) => file)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The delivered files that are the downstream's own, and no drift; sorted by path. */
export function findCustomised(
  located: TargetRule,
  manifest: Manifest,
  view: TargetView,
  { namespace }: Configuration,
): CustomisedFile[] {
  const describe = describer(located, view, namespace);
  const customised: CustomisedFile[] = [];
  for (const [path, record] of manifest.files) {
    const { sides, policy, overrideAt } = describe(path, record);
    const how = howCustomised(record, sides, policy);
    if (how === undefined || isDrifted(sides, policy)) continue;
    const override = sides.override && overrideAt !== undefined ? { override: overrideAt } : {};
    customised.push({ path, how, ...override });
  }
  return customised.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function howCustomised(
  { conflict, base_oid: base, base_mode: baseMode }: ManifestEntry,
  { current, override }: ReturnType<ReturnType<typeof describer>>['sides'],
  { isProtected }: { readonly isProtected: boolean },
): CustomisedFile['how'] | undefined {
  if (isProtected) return current ? 'protected' : undefined;
  if (conflict) return undefined;
  if (!current) return 'deleted';
  if (override) return 'overridden';
  return base === undefined && baseMode === undefined ? undefined : 'edited';
}

/** Gathers what is known of a delivered path, for {@link isDrifted}. */
function describer({ rule }: TargetRule, { snapshot }: TargetView, namespace: string) {
  const protects = rule.protect.length > 0 ? compileGlob(rule.protect) : () => false;
  return (path: string, record: ManifestEntry) => {
    const overrideAt = overridePath(rule, namespace, path);
    const override = overrideAt === undefined ? undefined : snapshot.entries.get(overrideAt);
    const current = snapshot.entries.get(path);
    const { conflict = false, withdrawn = false } = record;
    return {
      sides: {
        recorded: record,
        conflict,
        withdrawn,
        ...(current ? { current } : {}),
        ...(override ? { override } : {}),
      },
      policy: { recreate: rule.recreate, isProtected: protects(path) },
      ...(overrideAt === undefined ? {} : { overrideAt }),
    };
  };
}

function nextStep(
  { on_drift: onDrift, recreate }: TargetRule['rule'],
  { current, override }: { readonly current?: unknown; readonly override?: unknown },
): NonNullable<DriftedFile['next']> {
  if (!current) return recreate === 'always' ? 'recreated' : 'recreated-later';
  if (override) return 'merged';
  return ({ merge: 'merged', block: 'blocks', overwrite: 'overwritten' } as const)[onDrift];
}

async function listedByOthers(
  { snapshot, contents }: TargetView,
  namespace: string,
  rule: string,
): Promise<Set<string>> {
  const repository = { readBlob: (oid: string) => contents.read(oid) };
  const manifests = await readManifests(snapshot, namespace, repository);
  const others = manifests.filter((other) => other.rule_id !== rule);
  return new Set(others.flatMap(({ files }) => [...files.keys()]));
}
