import { createHash } from 'node:crypto';

/** What an extracted schema says of where it came from. */
export interface SchemaSource {
  /** Of the files that the type is made of. */
  readonly digest: string;
  /** Those files, relative to the folder of the schema, sorted. */
  readonly files: readonly string[];
  /** Of the schema itself, so that an edit by hand is noticed. */
  readonly schema: string;
}

/** The key under which a schema holds it. */
export const SOURCE_KEY = 'x-holdfast-source';

/** The name of a type's schema. */
export function schemaFileName(type: string): string {
  return `${type}.schema.json`;
}

/**
 * The text of a schema file: keys sorted, two-space JSON, a final line feed. The same type gives the
 * same bytes on any machine.
 */
export function serializeSchema(
  schema: object,
  { id, digest, files }: Pick<SchemaSource, 'digest' | 'files'> & { readonly id: string },
): string {
  const bare = { ...withoutEmptyDefinitions(schema), $id: id };
  const source: SchemaSource = { digest, files, schema: digestSchema(bare) };
  return `${stableJson({ ...bare, [SOURCE_KEY]: source }, 2)}\n`;
}

function withoutEmptyDefinitions(schema: { definitions?: object }): object {
  const { definitions, ...rest } = schema;
  return definitions && Object.keys(definitions).length > 0 ? schema : rest;
}

/** A digest of files by path and content; line ends do not count, for git may change them. */
export function digestFiles(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
    hash.update(`${path}\0${content}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** The digest of a schema without what it says of its source. */
export function digestSchema(schema: object): string {
  const { [SOURCE_KEY]: _source, ...bare } = schema as Record<string, unknown>;
  return `sha256:${createHash('sha256').update(stableJson(bare)).digest('hex')}`;
}

/** What a schema says of its source; undefined for one that was not extracted. */
export function sourceOf(schema: unknown): SchemaSource | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const source = (schema as Record<string, unknown>)[SOURCE_KEY];
  if (typeof source !== 'object' || source === null) return undefined;
  const { digest, files, schema: own } = source as Record<string, unknown>;
  const named = Array.isArray(files) && files.every((file) => typeof file === 'string');
  if (typeof digest !== 'string' || typeof own !== 'string' || !named) return undefined;
  return { digest, files, schema: own };
}

function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(sortKeys(value), null, indent);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    sorted[key] = sortKeys(inner);
  }
  return sorted;
}
