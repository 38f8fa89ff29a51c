import {
  compareCatalogs,
  type CatalogComparison,
  type CatalogComparisonOptions,
} from './compare-catalogs.js';
import type { Catalog } from './tool.js';

/** A catalog that was kept. */
export interface RetainedCatalog {
  /** What names it, such as its file or its time. */
  readonly id: string;
  readonly catalog: Catalog;
}

/** The comparison with every retained catalog. */
export interface HistoryComparison {
  /** The oldest one that the present catalog breaks; undefined when it breaks none. */
  readonly oldestBroken?: string;
  /** From the oldest one on. */
  readonly comparisons: readonly { readonly id: string; readonly comparison: CatalogComparison }[];
}

/**
 * Compares a catalog with every retained one, the oldest first: whoever still goes by an old one may break though each
 * step since then was compatible.
 */
export function compareHistory(
  retained: readonly RetainedCatalog[],
  present: Catalog,
  options: CatalogComparisonOptions = {},
): HistoryComparison {
  const comparisons = retained.map(({ id, catalog }) => ({
    id,
    comparison: compareCatalogs(catalog, present, options),
  }));
  const broken = comparisons.find(({ comparison }) => comparison.summary.breaking > 0);
  return { ...(broken !== undefined && { oldestBroken: broken.id }), comparisons };
}
