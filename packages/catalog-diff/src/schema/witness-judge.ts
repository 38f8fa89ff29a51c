import type { Compilation, SchemaSource } from '@holdfast/json-schema';
import { isSince, type Dialect } from './dialect.js';
import { isObject, objectOf, ownValue, type Json } from './json.js';
import type { SchemaDocument, SchemaObject } from './schema-document.js';

/** What compiles schemas for the validator; it is dear to make, and serves many comparisons. */
export type CompileSchema = (source: SchemaSource) => Compilation;

/** Says whether a value satisfies a schema; undefined when that cannot be known. */
export type Judge = (value: Json) => boolean | undefined;

/** Schemas that describe fewer properties are compiled as they are. */
const minProperties = 8;
/** Most sets of names that one schema is cut down to; from then on it is compiled whole. */
const maxCuts = 40;

/**
 * A validator for a schema, apart from the search: ajv. It is compiled when the first value comes. Formats are
 * annotations to it, and what stands beside `$ref` counts where the dialect says so.
 *
 * Compiling takes by far the longest, and more than in proportion to the size. So a schema of many properties without
 * references is cut down to the properties whose names occur in the value: to that value it means the same.
 */
export function createJudge(document: SchemaDocument, compile: CompileSchema): Judge {
  const adapted = adapt(document.root, document.dialect);
  let whole: Judge | undefined;
  const judgeWhole: Judge = (value) => (whole ??= compileJudge(adapted, document, compile))(value);
  if (!isWideWithoutReferences(adapted)) return judgeWhole;
  const cuts = new Map<string, Judge>();
  return (value) => {
    const names = namesIn(value);
    const key = JSON.stringify([...names].sort());
    let judge = cuts.get(key);
    if (judge === undefined) {
      if (cuts.size >= maxCuts) return judgeWhole(value);
      judge = compileJudge(withProperties(adapted, names), document, compile);
      cuts.set(key, judge);
    }
    return judge(value);
  };
}

function compileJudge(
  adapted: Json,
  { dialect, isSingle }: SchemaDocument,
  compile: CompileSchema,
): Judge {
  const schema = isSingle && isSince(dialect, '2019-09') ? withPlainReferences(adapted) : adapted;
  const compilation = compile({ schema, dialect });
  if (compilation.kind === 'refused') return () => undefined;
  return (value) => {
    const verdict = compilation.schema.validate(value);
    return verdict.kind === 'undecided' ? undefined : verdict.kind === 'valid';
  };
}

function isWideWithoutReferences(schema: Json): boolean {
  let properties = 0;
  let hasReference = false;
  rewrite(schema, (part) => {
    const described = ownValue(part, 'properties');
    if (isObject(described)) properties += Object.keys(described).length;
    hasReference ||= references.some((keyword) => Object.hasOwn(part, keyword));
    return part;
  });
  return !hasReference && properties >= minProperties;
}

/** The schema without what it says of properties with other names. */
function withProperties(schema: Json, names: ReadonlySet<string>): Json {
  return rewrite(schema, (part) => {
    const described = ownValue(part, 'properties');
    if (!isObject(described)) return part;
    const kept = Object.entries(described).filter(([name]) => names.has(name));
    return objectOf(
      Object.entries(part).map(([keyword, value]) =>
        keyword === 'properties' ? [keyword, objectOf(kept)] : [keyword, value],
      ),
    );
  });
}

/** The names of all properties in a value, at any depth. */
function namesIn(value: Json): Set<string> {
  const names = new Set<string>();
  const pending: Json[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) Object.keys(next).forEach((name) => names.add(name));
    for (const part of Object.values(next)) pending.push(part);
  }
  return names;
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
const references = ['$ref', ...dynamicReferences];

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
