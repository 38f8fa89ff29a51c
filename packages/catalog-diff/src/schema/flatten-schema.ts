import { canonicalJson } from './canonical-json.js';
import { isSince } from './dialect.js';
import { isObject, ownValue, type Json } from './json.js';
import type { SchemaDocument, SchemaObject } from './schema-document.js';

/**
 * A schema with its reference and its `allOf` written out, where their keywords do not meet: what people read it as.
 * `true` is the empty schema.
 */
export function flattenSchema(schema: Json, document: SchemaDocument): SchemaObject {
  return flattenWithin(schema, document, 64);
}

function flattenWithin(schema: Json, document: SchemaDocument, left: number): SchemaObject {
  if (schema === false) return { not: {} };
  if (!isObject(schema)) return {};
  if (left === 0) return schema;
  let flat: SchemaObject = schema;
  const reference = ownValue(schema, '$ref');
  if (typeof reference === 'string') {
    const resolution = document.resolve(schema, reference);
    if (resolution.kind !== 'found') return schema;
    const target = flattenWithin(resolution.schema, document, left - 1);
    if (!isSince(document.dialect, '2019-09')) return target;
    flat = join(without(schema, '$ref'), target) ?? schema;
  }
  const all = ownValue(flat, 'allOf');
  if (!Array.isArray(all) || all.length > 32) return flat;
  let joined: SchemaObject | undefined = without(flat, 'allOf');
  for (const part of all) {
    joined = joined && join(joined, flattenWithin(part, document, left - 1));
  }
  return joined ?? flat;
}

/** Two schemas as one; undefined where both say something of the same. */
function join(left: SchemaObject, right: SchemaObject): SchemaObject | undefined {
  const joined = new Map(Object.entries(left));
  for (const [keyword, value] of Object.entries(right)) {
    const known = joined.get(keyword);
    if (known === undefined || annotations.has(keyword)) joined.set(keyword, known ?? value);
    else if (keyword === 'required' && Array.isArray(known) && Array.isArray(value))
      joined.set(keyword, [...new Set([...known, ...value])]);
    else if (keyword === 'properties' && isObject(known) && isObject(value)) {
      if (Object.keys(value).some((name) => Object.hasOwn(known, name))) return undefined;
      joined.set(keyword, Object.fromEntries([...Object.entries(known), ...Object.entries(value)]));
    } else if (canonicalJson(known) !== canonicalJson(value)) return undefined;
  }
  return together.some((group) => meet(left, right, group))
    ? undefined
    : Object.fromEntries(joined);
}

/** Keywords that speak of those beside them: taken from two schemas, they would mean something else. */
const together: readonly (readonly string[])[] = [
  ['properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties'],
  ['prefixItems', 'items', 'additionalItems', 'unevaluatedItems'],
  ['contains', 'minContains', 'maxContains'],
  ['if', 'then', 'else'],
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
];

function meet(left: SchemaObject, right: SchemaObject, group: readonly string[]): boolean {
  const [ours, theirs] = [left, right].map((schema) =>
    group.filter((keyword) => ownValue(schema, keyword) !== undefined),
  );
  const all = new Set([...ours!, ...theirs!]);
  return ours!.length > 0 && theirs!.length > 0 && !(all.size === 1 && all.has('properties'));
}

const annotations = new Set([
  '$schema',
  '$id',
  'id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'examples',
]);

function without(schema: SchemaObject, keyword: string): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== keyword));
}
