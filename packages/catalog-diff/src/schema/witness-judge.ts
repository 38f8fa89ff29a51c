import type { Compilation, SchemaSource } from '@holdfast/json-schema';
import { isSince, type Dialect } from './dialect.js';
import { isObject, type Json } from './json.js';
import type { SchemaDocument } from './schema-document.js';

/** What compiles schemas for the validator; it is dear to make, and serves many comparisons. */
export type CompileSchema = (source: SchemaSource) => Compilation;

/** Says whether a value satisfies a schema; undefined when that cannot be known. */
export type Judge = (value: Json) => boolean | undefined;

/**
 * A validator for a schema, apart from the search: ajv. It is compiled when the first value comes. Formats are
 * annotations to it, and what stands beside `$ref` counts where the dialect says so.
 */
export function createJudge(document: SchemaDocument, compile: CompileSchema): Judge {
  let validate: Judge | undefined;
  return (value) => (validate ??= compileJudge(document, compile))(value);
}

function compileJudge({ root, dialect }: SchemaDocument, compile: CompileSchema): Judge {
  const compilation = compile({ schema: adapt(root, dialect), dialect });
  if (compilation.kind === 'refused') return () => undefined;
  return (value) => {
    const verdict = compilation.schema.validate(value);
    return verdict.kind === 'undecided' ? undefined : verdict.kind === 'valid';
  };
}

/** Keywords whose values are maps of schemas, not schemas. */
const maps = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);
const data = new Set(['const', 'default', 'enum', 'examples', 'example']);
const besideReference = new Set(['$ref', '$id', 'id', '$schema', '$defs', 'definitions']);

function adapt(schema: Json, dialect: Dialect): Json {
  if (Array.isArray(schema)) return schema.map((part) => adapt(part, dialect));
  if (!isObject(schema)) return schema;
  const isAlone = typeof schema['$ref'] === 'string' && !isSince(dialect, '2019-09');
  const kept = Object.entries(schema).filter(
    ([keyword, value]) =>
      !(keyword === 'format' && typeof value === 'string') &&
      keyword !== '$schema' &&
      !(isAlone && !besideReference.has(keyword)),
  );
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (data.has(keyword)) return [keyword, value];
      if (maps.has(keyword) && isObject(value)) {
        const parts = Object.entries(value).map(([name, part]) => [name, adapt(part, dialect)]);
        return [keyword, Object.fromEntries(parts)];
      }
      return [keyword, adapt(value, dialect)];
    }),
  );
}
