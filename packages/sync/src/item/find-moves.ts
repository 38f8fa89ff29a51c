import { findRenames } from '@holdfast/merge';
import type { FileCase } from '../file/file-case.js';
import type { FileMode } from '../ports.js';
import type { ItemInputs } from './item-inputs.js';

/**
 * Finds the files that upstream moved while the downstream changed them: what is withdrawn and
 * modified, against what is new. Content is read only where there is some of both.
 *
 * @returns the new target path by the old one
 */
export async function findMoves(
  { source, derivation, target }: ItemInputs,
  cases: readonly FileCase[],
): Promise<Map<string, string>> {
  const withdrawn = cases.filter(
    ({ decision, sides }) => decision.kind === 'modify-delete' && !sides.conflict && sides.current,
  );
  const added = cases.filter(({ decision }) => decision.kind === 'take' && decision.as === 'added');
  if (withdrawn.length === 0 || added.length === 0) return new Map();

  const before = new Map<string, { mode: FileMode; content: Uint8Array }>();
  for (const { path, sides } of withdrawn) {
    const { base } = sides;
    if (!base || !(await target.open.repository.hasObject(base.oid))) continue;
    before.set(path, { mode: base.mode, content: await target.contents.read(base.oid) });
  }
  const after = new Map<string, { mode: FileMode; content: Uint8Array }>();
  for (const { path, derived } of added) {
    if (!derived) continue;
    after.set(path, {
      mode: derived.mode,
      content: await source.deriver.content(derived, derivation),
    });
  }
  return findRenames(before, after);
}
