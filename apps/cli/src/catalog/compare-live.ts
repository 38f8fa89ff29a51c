import {
  compareCatalogs,
  driftEntryOf,
  explainGap,
  readCatalog,
  type Catalog,
  type CatalogComparison,
  type GapEvidence,
} from '@holdfast/catalog-diff';
import type { IntendedCatalog, LiveCatalog, StateStore } from '@holdfast/catalog-diff/snapshots';

/** Compares what is intended with what is served, and says why they differ as far as the state knows. */
export async function compareLive(
  store: StateStore,
  intended: IntendedCatalog,
  live: LiveCatalog,
): Promise<CatalogComparison> {
  const descriptors = await store.read('live-descriptors');
  const kept = await store.readHistory('live-descriptors');
  const status = await store.read('tool-schema-status');
  const evidence: GapEvidence = {
    intended,
    live,
    ...(descriptors !== undefined && { descriptors }),
    ...(kept.length > 1 && { previousDescriptors: kept.at(-2)!.artifact }),
    ...(status !== undefined && { status }),
  };
  return compareCatalogs(catalogOf(intended), catalogOf(live), {
    explain: (change) => explainGap(change, evidence),
  });
}

/** Appends the gaps to the drift log; whether there were any. */
export async function logDrift(
  store: StateStore,
  comparison: CatalogComparison,
  at: string,
): Promise<boolean> {
  const entry = driftEntryOf(comparison, at);
  if (entry !== undefined) await store.appendDrift(entry);
  return entry !== undefined;
}

/** An artifact of the state as a catalog to compare. */
export function catalogOf(artifact: unknown): Catalog {
  const reading = readCatalog(artifact);
  return reading.kind === 'read'
    ? reading.catalog
    : { kind: 'tools-list', tools: [], problems: [] };
}
