import { ownValue, isObject, type Json } from './json.js';
import type { SchemaDocument, SchemaObject } from './schema-document.js';

/** The properties that a schema evaluates whatever the value is. */
export interface EvaluatedProperties {
  names: Set<string>;
  patterns: string[];
  all: boolean;
}

/** How many items a schema evaluates, from the first, whatever the value is. */
export interface EvaluatedItems {
  count: number;
  all: boolean;
}

/** Keywords whose subschemas evaluate parts of some values only. */
const conditional = ['anyOf', 'oneOf', 'if', 'then', 'else', 'dependentSchemas'];
const dynamic = ['$dynamicRef', '$recursiveRef'];

/** What lies beside `unevaluatedProperties`; undefined when it hangs on the value which properties are evaluated. */
export function evaluatedProperties(
  schema: SchemaObject,
  document: SchemaDocument,
): EvaluatedProperties | undefined {
  const found: EvaluatedProperties = { names: new Set(), patterns: [], all: false };
  const isStatic = visitInPlace(schema, document, (part, isRoot) => {
    const properties = ownValue(part, 'properties');
    if (isObject(properties)) Object.keys(properties).forEach((name) => found.names.add(name));
    const patterns = ownValue(part, 'patternProperties');
    if (isObject(patterns)) found.patterns.push(...Object.keys(patterns));
    if (ownValue(part, 'additionalProperties') !== undefined) found.all = true;
    if (!isRoot && ownValue(part, 'unevaluatedProperties') !== undefined) found.all = true;
  });
  return isStatic ? found : undefined;
}

/** What lies beside `unevaluatedItems`; undefined when it hangs on the value which items are evaluated. */
export function evaluatedItems(
  schema: SchemaObject,
  document: SchemaDocument,
): EvaluatedItems | undefined {
  const found: EvaluatedItems = { count: 0, all: false };
  let hasContains = false;
  const isStatic = visitInPlace(schema, document, (part, isRoot) => {
    const prefix = ownValue(part, document.dialect === '2020-12' ? 'prefixItems' : 'items');
    if (Array.isArray(prefix)) {
      found.count = Math.max(found.count, prefix.length);
      if (ownValue(part, 'additionalItems') !== undefined && document.dialect !== '2020-12')
        found.all = true;
    }
    const items = ownValue(part, 'items');
    if (items !== undefined && !Array.isArray(items)) found.all = true;
    if (!isRoot && ownValue(part, 'unevaluatedItems') !== undefined) found.all = true;
    if (ownValue(part, 'contains') !== undefined && document.dialect === '2020-12')
      hasContains = true;
  });
  return isStatic && !(hasContains && !found.all) ? found : undefined;
}

/** Visits the schemas that hold of the same value always; false when there are others, or too many. */
function visitInPlace(
  root: SchemaObject,
  document: SchemaDocument,
  visit: (schema: SchemaObject, isRoot: boolean) => void,
): boolean {
  const seen = new Set<Json>();
  const pending: Json[] = [root];
  for (let schema = pending.pop(); schema !== undefined; schema = pending.pop()) {
    if (!isObject(schema) || seen.has(schema)) continue;
    seen.add(schema);
    if (
      [...conditional, ...dynamic].some(
        (keyword) => ownValue(schema as object, keyword) !== undefined,
      )
    )
      return false;
    visit(schema, schema === root);
    const all = ownValue(schema, 'allOf');
    if (Array.isArray(all)) pending.push(...all);
    const reference = ownValue(schema, '$ref');
    if (typeof reference === 'string') {
      const resolution = document.resolve(schema, reference);
      if (resolution.kind === 'found') pending.push(resolution.schema);
    }
  }
  return true;
}
