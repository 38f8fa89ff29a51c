import type { Compilation, SchemaSource } from '@holdfast/json-schema';
import { isSince, type Dialect } from './dialect.js';
import { isObject, objectOf, ownValue, type Json } from './json.js';
import type { SchemaDocument, SchemaObject } from './schema-document.js';

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

function compileJudge({ root, dialect, isSingle }: SchemaDocument, compile: CompileSchema): Judge {
  const adapted = adapt(root, dialect);
  const schema = isSingle && isSince(dialect, '2019-09') ? withPlainReferences(adapted) : adapted;
  const compilation = compile({ schema, dialect });
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

/**
 * The same schema in the words that ajv means as the specification does: formats are no assertions, and an `if` without
 * a consequence evaluates parts of the value none the less.
 */
function adapt(schema: Json, dialect: Dialect): Json {
  return rewrite(schema, (part) => {
    const isAlone = typeof part['$ref'] === 'string' && !isSince(dialect, '2019-09');
    const kept = Object.entries(part).filter(
      ([keyword, value]) =>
        !(keyword === 'format' && typeof value === 'string') &&
        keyword !== '$schema' &&
        !(isAlone && !besideReference.has(keyword)),
    );
    const lacksThen = Object.hasOwn(part, 'if') && !Object.hasOwn(part, 'then');
    return objectOf(lacksThen ? [...kept, ['then', { allOf: [true] }]] : kept);
  });
}

/** In a document of one resource a dynamic reference is a plain one; ajv knows only the commonest of them. */
function withPlainReferences(schema: Json): Json {
  const anchors = isObject(schema) ? ['$anchor', '$dynamicAnchor'].map((key) => schema[key]) : [];
  // ajv does not find an anchor of the root.
  const plain = (target: Json): Json =>
    anchors.some((anchor) => typeof anchor === 'string' && target === `#${anchor}`) ? '#' : target;
  return rewrite(schema, (part) => {
    const entries = Object.entries(part);
    const dynamic = entries.filter(([keyword]) => dynamicReferences.has(keyword));
    const anchor = ownValue(part, '$dynamicAnchor');
    const all = ownValue(part, 'allOf');
    const references = dynamic.map(([, target]): Json => ({ $ref: plain(target) }));
    const kept = entries
      .filter(([keyword]) => !dynamicReferences.has(keyword) && keyword !== '$dynamicAnchor')
      .map(([keyword, value]): [string, Json] => [
        keyword,
        keyword === '$ref' ? plain(value) : value,
      ]);
    if (anchor !== undefined) kept.push(['$anchor', anchor]);
    const parts = [...(Array.isArray(all) ? all : []), ...references];
    if (parts.length === 0) return objectOf(kept);
    return objectOf([...kept.filter(([keyword]) => keyword !== 'allOf'), ['allOf', parts]]);
  });
}

const dynamicReferences = new Set(['$dynamicRef', '$recursiveRef']);

/** Changes every schema within a schema, the outer ones first. */
function rewrite(schema: Json, change: (part: SchemaObject) => SchemaObject): Json {
  if (Array.isArray(schema)) return schema.map((part) => rewrite(part, change));
  if (!isObject(schema)) return schema;
  return objectOf(
    Object.entries(change(schema)).map(([keyword, value]) => {
      if (data.has(keyword)) return [keyword, value];
      if (maps.has(keyword) && isObject(value)) {
        const parts = Object.entries(value).map(
          ([name, part]) => [name, rewrite(part, change)] as const,
        );
        return [keyword, objectOf(parts)];
      }
      return [keyword, rewrite(value, change)];
    }),
  );
}
