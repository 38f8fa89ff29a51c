/** The versions of JSON Schema that schemas can be compiled under. */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

/** The URI of each version's own schema, as the version spells it. */
export const metaSchemaUris: Readonly<Record<Dialect, string>> = {
  'draft-04': 'http://json-schema.org/draft-04/schema',
  'draft-06': 'http://json-schema.org/draft-06/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/**
 * What a `$schema` says: a version of JSON Schema, one that is not supported, or (undefined) something else, such as
 * the schema that the document itself is to satisfy. The spellings that people use are one: `http` and `https`, with
 * and without `www.`, `#` or `/` at the end, `draft/2020-12/schema`, `draft-2020-12/schema`, the old hyper-schema, and
 * `schema` alone for the newest.
 */
export function dialectOf($schema: string): Dialect | 'unsupported' | undefined {
  const match =
    /^\s*https?:\/\/(?:www\.)?json-schema\.org\/+(?:draft[-/]+(\d{1,4}(?:-\d{2})?)\/+)?(?:hyper-)?schema\/*(?:\.json)?#?\/?\s*$/i.exec(
      $schema,
    );
  if (!match) return undefined;
  const version = match[1];
  if (version === undefined) return '2020-12';
  return dialects.get(version.replace(/^(\d)$/, '0$1')) ?? 'unsupported';
}

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['04', 'draft-04'],
  ['06', 'draft-06'],
  ['07', 'draft-07'],
  ['2019-09', '2019-09'],
  ['2020-12', '2020-12'],
]);

/** The version that an absolute URI is a part of: its schema, or one of the vocabularies that make it up. */
export function dialectOfDocument(uri: string): Dialect | undefined {
  const vocabulary = /^https?:\/\/json-schema\.org\/draft\/(2019-09|2020-12)\/meta\//.exec(uri);
  if (vocabulary) return vocabulary[1] as Dialect;
  const dialect = dialectOf(uri);
  return dialect === 'unsupported' ? undefined : dialect;
}

/** The version that a schema is written in; undefined for one that is not known. */
export function dialectOfSchema(
  schema: unknown,
  fallback: Dialect = '2020-12',
): Dialect | undefined {
  const named = (schema as { $schema?: unknown } | null)?.$schema;
  if (typeof named !== 'string') return fallback;
  const dialect = dialectOf(named);
  return dialect === 'unsupported' ? undefined : dialect;
}

/** The schema with its `$schema` as its version spells it, which is how ajv knows it. */
export function withMetaSchema(schema: object, dialect: Dialect): Record<string, unknown> {
  const fragment = dialect.startsWith('draft') ? '#' : '';
  return { ...schema, $schema: `${metaSchemaUris[dialect]}${fragment}` };
}
