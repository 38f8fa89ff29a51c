import type { Release } from '../ports.js';
import type { DerivedFile } from '../source/derive-files.js';
import type { ItemInputs } from './item-inputs.js';

/** How many releases are searched, newest first. */
const SEARCHED_RELEASES = 100;

/**
 * Finds the newest release that delivered exactly this content at the path, as it is in the source or
 * after the rule's transforms: then a file that no sync delivered is a copy of it.
 *
 * @returns the release's tag, or undefined when none matches
 */
export async function findEarlierRelease(
  inputs: ItemInputs,
  { path, source: sourcePath }: DerivedFile,
  oid: string,
): Promise<string | undefined> {
  const { source, derivation } = inputs;
  const releases = (await source.releases()).slice(0, SEARCHED_RELEASES);
  const seen = new Set<string>();
  for (const release of releases) {
    const entry = (await source.snapshot(release.commit)).entries.get(sourcePath);
    if (!entry || seen.has(entry.oid)) continue;
    if (entry.oid === oid) return release.tag;
    if (derivation.pipeline.isIdentity) {
      seen.add(entry.oid);
      continue;
    }
    if ((await deriveAt(inputs, release, { ...entry, path, source: sourcePath })) === oid) {
      return release.tag;
    }
  }
  return undefined;
}

async function deriveAt(
  { source, derivationAt }: ItemInputs,
  release: Release,
  delivery: Parameters<ItemInputs['source']['deriver']['derive']>[0],
): Promise<string> {
  return (await source.deriver.derive(delivery, await derivationAt(release))).oid;
}
