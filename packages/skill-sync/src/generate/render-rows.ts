import { stringify } from 'yaml';
import { dataOf } from '../markdown/field.js';
import type { StateEntry } from '../store/store.js';

/**
 * Rows as data: `{skill, patterns, entries: [{key, value, updatedAt}]}`, where a value that is JSON
 * stands as that, and any other as the text it is. Numbers are those of JSON readers: beyond 2^53 they
 * are not exact.
 */
export function renderRows(
  entries: readonly StateEntry[],
  skill: { readonly name: string; readonly patterns: readonly string[] },
  format: 'json' | 'yaml',
): string {
  const document = {
    skill: skill.name,
    patterns: skill.patterns,
    entries: entries.map(({ key, value, updatedAt }) => ({ key, value: dataOf(value), updatedAt })),
  };
  return format === 'json'
    ? `${JSON.stringify(document, null, 2)}\n`
    : stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
