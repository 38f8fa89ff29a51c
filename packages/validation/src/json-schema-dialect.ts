/** The versions of JSON Schema that schemas can be compiled under. */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['draft-04', 'draft-04'],
  ['draft-06', 'draft-06'],
  ['draft-07', 'draft-07'],
  ['draft/2019-09', '2019-09'],
  ['draft/2020-12', '2020-12'],
]);

/**
 * What a `$schema` says: a version of JSON Schema, one that is not supported, or (undefined) something else, such as
 * the schema that the document itself is to satisfy.
 */
export function dialectOf($schema: string): Dialect | 'unsupported' | undefined {
  const match = /^https?:\/\/json-schema\.org\/(?:(draft[-/][\w-]+)\/)?(?:hyper-)?schema#?$/.exec(
    $schema,
  );
  if (!match) return undefined;
  return match[1] === undefined ? '2020-12' : (dialects.get(match[1]) ?? 'unsupported');
}
