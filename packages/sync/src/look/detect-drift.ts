import type { TargetRule } from '@holdfast/manifest';
import type { Fleet } from '../fleet.js';
import type { FailedItem } from '../plan.js';
import type { RunSelection } from '../source/select-rules.js';
import { chooseRules } from '../source/select-rules.js';
import { findCustomised, findDrift } from '../target/find-drift.js';
import type { CustomisedFile, DriftedFile } from '../target/find-drift.js';
import type { TargetView } from '../target/target-view.js';
import { readManifest } from '../target/target-view.js';
import { visitRules } from '../run/visit-targets.js';
import { findUndecided } from './find-undecided.js';
import type { VisitOptions } from '../run/visit-targets.js';

interface SyncedDrift {
  readonly rule: string;
  readonly target: string;
  /** The source commit and the ref that were delivered last. */
  readonly commit: string;
  readonly ref: string;
  /** How many files the manifest lists. */
  readonly files: number;
  /** Files in which conflict markers of the last sync are left. */
  readonly unresolved: readonly string[];
  /** Files that are the downstream's own version, by an override or by an edit that was merged. */
  readonly customised: readonly CustomisedFile[];
}

/** Whether a target still holds what the last sync delivered. */
export type DriftItem =
  | (SyncedDrift & { readonly kind: 'in-sync' })
  | (SyncedDrift & { readonly kind: 'drifted'; readonly drifted: readonly DriftedFile[] })
  | { readonly kind: 'never-synced'; readonly rule: string; readonly target: string }
  | FailedItem;

/** What to look at. */
export interface DriftOptions extends Pick<RunSelection, 'rules' | 'targets'>, VisitOptions {}

/**
 * Compares each target with the manifest of its last sync, by object ids: of files only those are read
 * that someone edited while they were in conflict, and the source is not. One with conflict markers is never
 * in sync. Without rules named, all rules are looked at, manual ones too.
 */
export async function detectDrift(fleet: Fleet, options: DriftOptions = {}): Promise<DriftItem[]> {
  return visitRules(
    fleet,
    everyRule(fleet, options),
    (located, view) => compare(fleet, located, view),
    options,
  );
}

/** The rules that are named, or all: what only looks takes manual rules too. */
export function everyRule(
  { rules }: Fleet,
  { rules: ids, targets }: Pick<RunSelection, 'rules' | 'targets'>,
): TargetRule[] {
  const named = ids && ids.length > 0 ? ids : rules.map(({ rule }) => rule.id);
  return chooseRules(rules, { rules: named, ...(targets ? { targets } : {}) });
}

async function compare(
  { configuration }: Fleet,
  located: TargetRule,
  view: TargetView,
): Promise<DriftItem> {
  const { id: rule, target_repo: target } = located.rule;
  const manifest = await readManifest(view, configuration.namespace, rule);
  if (!manifest) return { kind: 'never-synced', rule, target };
  const unresolved = await findUndecided(
    manifest,
    view.snapshot,
    (oid) => view.contents.read(oid),
    located.rule,
  );
  const synced: SyncedDrift = {
    rule,
    target,
    commit: manifest.source_commit,
    ref: manifest.source_ref,
    files: manifest.files.size,
    unresolved,
    customised: findCustomised(located, manifest, view, configuration),
  };
  const conflicted = unresolved.map((path) => ({
    path,
    state: 'conflicted' as const,
    next: 'waits' as const,
  }));
  const drifted: DriftedFile[] = [
    ...(await findDrift(located, manifest, view, configuration)),
    ...conflicted,
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return drifted.length > 0
    ? { kind: 'drifted', ...synced, drifted }
    : { kind: 'in-sync', ...synced };
}
