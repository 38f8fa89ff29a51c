import type { DriftEntry } from '../artifacts/artifact-schemas.js';
import type { CatalogComparison } from './compare-catalogs.js';

/** Most gaps that an entry names. */
const maxGaps = 200;

/**
 * A comparison as an entry of the drift log; undefined where nothing differs.
 *
 * @param at ISO 8601 in UTC
 */
export function driftEntryOf(
  { summary, tools }: CatalogComparison,
  at: string,
): DriftEntry | undefined {
  const gaps = tools
    .filter(({ change }) => change !== 'same')
    .slice(0, maxGaps)
    .map(({ server, name, change, cause }) => ({
      ...(server !== undefined && { server }),
      tool: name,
      change,
      ...(cause !== undefined && { cause: cause.message }),
    }));
  return gaps.length === 0 ? undefined : { at, summary: { ...summary }, gaps };
}
