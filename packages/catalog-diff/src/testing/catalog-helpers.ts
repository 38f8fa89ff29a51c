import { join } from 'node:path';
import type {
  IntendedCatalog,
  LiveCatalog,
  LiveDescriptors,
} from '../artifacts/artifact-schemas.js';
import { CatalogError } from '../snapshots/catalog-error.js';
import { compareCatalogs, type CatalogComparison } from '../catalog/compare-catalogs.js';
import { explainGap } from '../catalog/explain-gap.js';
import { readCatalog } from '../catalog/read-catalog.js';
import type { Catalog } from '../catalog/tool.js';
import { formatComparison } from '../report/format-comparison.js';
import { readArtifactFile } from '../snapshots/state-store.js';

/**
 * The intended catalog of a state folder.
 *
 * @throws {CatalogError} when it is missing, damaged or from a newer version.
 */
export async function loadIntended(stateHome: string): Promise<IntendedCatalog> {
  const path = join(stateHome, 'intended_catalog.json');
  return (await readArtifactFile('intended-catalog', path)) ?? missing(path, 'catalog render');
}

/** The live catalog of a state folder; throws as {@link loadIntended}. */
export async function loadLive(stateHome: string): Promise<LiveCatalog> {
  const path = join(stateHome, 'live_catalog.json');
  return (await readArtifactFile('live-catalog', path)) ?? missing(path, 'the proxy');
}

/** The live descriptors of a state folder; throws as {@link loadIntended}. */
export async function loadDescriptors(stateHome: string): Promise<LiveDescriptors> {
  const path = join(stateHome, 'live_descriptors.json');
  return (await readArtifactFile('live-descriptors', path)) ?? missing(path, 'catalog capture');
}

/** Compares two catalogs of any shape, the first one as what is expected; throws a TypeError for what is none. */
export function diffCatalogs(expected: unknown, actual: unknown): CatalogComparison {
  const isIntended = kindOf(expected) === 'intended-catalog';
  const isLive = kindOf(actual) === 'live-catalog';
  return compareCatalogs(asCatalog(expected), asCatalog(actual), {
    renames: true,
    ...(isIntended &&
      isLive && {
        explain: (change) =>
          explainGap(change, {
            intended: expected as IntendedCatalog,
            live: actual as LiveCatalog,
          }),
      }),
  });
}

/**
 * Fails with the summary of the differences when two catalogs of any shape are not the same; works with any test runner.
 * Given a state folder, the intended catalog is what is expected, and the live one what there is.
 */
export function assertCatalogsMatch(expected: unknown, actual: unknown): void;
export function assertCatalogsMatch(stateHome: string): Promise<void>;
export function assertCatalogsMatch(expected: unknown, actual?: unknown): void | Promise<void> {
  if (typeof expected === 'string')
    return Promise.all([loadIntended(expected), loadLive(expected)]).then(([intended, live]) =>
      assertSame(intended, live),
    );
  assertSame(expected, actual);
}

function assertSame(expected: unknown, actual: unknown): void {
  const comparison = diffCatalogs(expected, actual);
  if (comparison.tools.every(({ change }) => change === 'same')) return;
  const error = new Error(
    `the catalogs differ\n\n${formatComparison(comparison, { maxListed: 30 })}`,
  );
  error.name = 'AssertionError';
  throw error;
}

function asCatalog(value: unknown): Catalog {
  const reading = readCatalog(value);
  if (reading.kind === 'read') return reading.catalog;
  throw new TypeError(`${reading.message}; ${reading.hint}`);
}

function kindOf(value: unknown): unknown {
  return (value as { kind?: unknown } | null)?.kind;
}

function missing(path: string, writer: string): never {
  throw new CatalogError('missing', path, 'there is no such file', { hint: `${writer} writes it` });
}
