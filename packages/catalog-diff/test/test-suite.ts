import { readFileSync } from 'node:fs';
import type { Dialect, Json } from '../src/index.js';

/** A schema of the official test suite, with values that it takes and refuses. */
export interface SuiteGroup {
  file: string;
  description: string;
  schema: Json;
  tests: { description: string; data: Json; valid: boolean }[];
}

export const dialects: readonly Dialect[] = [
  'draft-04',
  'draft-06',
  'draft-07',
  '2019-09',
  '2020-12',
];

/** Not about sets of values, or about dialects that are made up. */
const leftOut = new Set(['format', 'vocabulary']);

export function suiteOf(dialect: Dialect): SuiteGroup[] {
  const file = new URL(`fixtures/json-schema-test-suite/${dialect}.json`, import.meta.url);
  const groups = JSON.parse(readFileSync(file, 'utf8')) as SuiteGroup[];
  return groups.filter((group) => !leftOut.has(group.file));
}
