import { isObject, ownValue, type Json } from './json.js';

/** The versions of JSON Schema that are compared. */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

const years: Readonly<Record<Dialect, number>> = {
  'draft-04': 4,
  'draft-06': 6,
  'draft-07': 7,
  '2019-09': 2019,
  '2020-12': 2020,
};

const names: ReadonlyMap<string, Dialect> = new Map([
  ['draft-04', 'draft-04'],
  ['draft-06', 'draft-06'],
  ['draft-07', 'draft-07'],
  ['draft/2019-09', '2019-09'],
  ['draft/2020-12', '2020-12'],
]);

/** Whether `dialect` is `first` or a later one. */
export function isSince(dialect: Dialect, first: Dialect): boolean {
  return years[dialect] >= years[first];
}

/** The dialect that the schema names, or `fallback` where it names none; undefined for one that is not supported. */
export function dialectOf(schema: Json, fallback: Dialect): Dialect | undefined {
  const named = isObject(schema) ? ownValue(schema, '$schema') : undefined;
  if (named === undefined) return fallback;
  if (typeof named !== 'string') return undefined;
  const match = /^https?:\/\/json-schema\.org\/(?:(draft[-/][\w-]+)\/)?schema#?$/.exec(named);
  if (match === null) return undefined;
  return match[1] === undefined ? '2020-12' : names.get(match[1]);
}
