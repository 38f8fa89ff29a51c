import { compareManifest, compileGlob, overridePath } from '@holdfast/manifest';
import type { TargetRule, Manifest } from '@holdfast/manifest';
import type { TargetView } from './target-view.js';

/** A delivered file that differs from its manifest, outside overrides. */
export interface DriftedFile {
  readonly path: string;
  /** `conflicted`: markers of the last sync are left, or nobody has decided yet. */
  readonly state: 'missing' | 'modified' | 'mode-changed' | 'conflicted';
}

/** The delivered files that differ from the manifest; what an override or a conflict explains is no drift. */
export function findDrift(
  { rule }: TargetRule,
  manifest: Manifest,
  { snapshot }: TargetView,
  namespace: string,
): DriftedFile[] {
  const { missing, modified, modeChanged } = compareManifest(manifest, snapshot.entries);
  const isProtected = rule.protect.length > 0 ? compileGlob(rule.protect) : () => false;
  const isExplained = (path: string) => {
    const override = overridePath(rule, namespace, path);
    const declared = override === undefined ? undefined : snapshot.entries.get(override);
    const follows = declared !== undefined && declared.oid === snapshot.entries.get(path)?.oid;
    const worked = manifest.files.get(path)?.conflict === true && snapshot.entries.has(path);
    return isProtected(path) || follows || worked;
  };
  const found: DriftedFile[] = [
    ...(rule.recreate === 'never'
      ? []
      : missing.map((path) => ({ path, state: 'missing' as const }))),
    ...modified.map(({ path }) => ({ path, state: 'modified' as const })),
    ...modeChanged.map(({ path }) => ({ path, state: 'mode-changed' as const })),
  ];
  return found.filter(({ path }) => !isExplained(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}
