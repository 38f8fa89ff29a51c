import { compileGlob, globBase, mapDeliveredPath } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import type { FileCase } from '../file/file-case.js';
import { versionAt } from '../source/select-rules.js';
import type { ItemInputs } from './item-inputs.js';

/** `unknown`: the source lacks the commit, or the rule derives otherwise than it did then. */
export type Foundation = 'founded' | 'unfounded' | 'unknown';

/**
 * Whether what upstream delivered last to a path that it still delivers to is what the manifest says. Forged,
 * it would make an edit of the target's look like an old delivery, and be replaced.
 */
export async function findFoundation(
  file: FileCase,
  inputs: ItemInputs,
  previous: Manifest,
): Promise<Foundation> {
  const { source, derivationAt } = inputs;
  const { source_commit: commit } = previous;
  if (!(await source.commit(commit))) return 'unknown';
  const then = await derivationAt({ tag: await versionAt(source, previous), commit });
  if (then.digest !== previous.transforms_digest) return 'unknown';
  return (await isFounded(file, inputs, previous)) ? 'founded' : 'unfounded';
}

/**
 * Whether the rule did deliver what a target's manifest says that it delivered: below its `target_path`,
 * from a file that its `source` matches, which the recorded commit has, and which comes to the recorded
 * content. Whoever may write to a target may write its manifest: alone it is no reason to remove a file,
 * or to carry its content elsewhere.
 */
export async function isFounded(
  { path, record, sides }: FileCase,
  inputs: ItemInputs,
  previous: Manifest,
): Promise<boolean> {
  const { located, source, derivation, derivationAt } = inputs;
  const { rule } = located;
  const { base } = sides;
  if (!record || !base || !record.source.startsWith(globBase(rule.source))) return false;
  if (!compileGlob(rule.source)(record.source)) return false;
  if (derivation.pipeline.mapPath(mapDeliveredPath(rule, record.source)) !== path) return false;
  if (!(await source.commit(previous.source_commit))) return false;

  const recorded = { tag: await versionAt(source, previous), commit: previous.source_commit };
  // A stub stays as an earlier release made it for as long as its source file stays.
  const older = derivation.pipeline.refresh === 'source-change' ? await source.releases() : [];
  for (const release of [recorded, ...older]) {
    const entry = (await source.snapshot(release.commit)).entries.get(record.source);
    if (!entry || entry.mode !== base.mode) continue;
    if (release === recorded && entry.oid !== (record.source_oid ?? base.oid)) return false;
    const delivery = { path, source: record.source, oid: entry.oid, mode: entry.mode };
    const { oid } = await source.deriver.derive(delivery, await derivationAt(release));
    if (oid === base.oid) return true;
  }
  return false;
}
