import type { Release } from '../ports.js';
import type { DerivedFile } from '../source/derive-files.js';
import type { ItemInputs } from './item-inputs.js';

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
  const past = (await source.pastFiles()).get(sourcePath) ?? [];
  const [same] = past.find((file) => file.oid === oid)?.releases ?? [];
  if (same || derivation.pipeline.isIdentity) return same?.tag;
  for (const { oid: sourceOid, mode, releases } of past) {
    for (const release of releases) {
      const delivery = { path, source: sourcePath, oid: sourceOid, mode };
      if ((await deriveAt(inputs, release, delivery)) === oid) return release.tag;
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
