import type { AnySchemaObject } from 'ajv';
import { childPointer } from './data-document.js';
import type { Dialect } from './json-schema-dialect.js';

/** A `$ref` that leads out of its own document. */
export interface OutsideReference {
  /** The absolute URI of the document that it leads to, without fragment. */
  target: string;
  /** Where the `$ref` stands. */
  pointer: string;
}

/** The URI under which a path of the tree stands: `treeRoot + path`. */
export const treeRoot = 'file:///';

/** Keywords whose values are data, not schemas. */
const dataKeywords = new Set(['const', 'default', 'enum', 'example', 'examples']);

/** The schema with its identity made absolute; one without any gets the URI itself. */
export function withAbsoluteId(schema: object, uri: string, dialect: Dialect): AnySchemaObject {
  const key = dialect === 'draft-04' ? 'id' : '$id';
  const own = (schema as Record<string, unknown>)[key];
  return { ...schema, [key]: typeof own === 'string' ? resolveUri(own, uri) : uri };
}

/** The references of a schema, whose `$id` is absolute, to other documents; those to its own parts are left out. */
export function referencesOf(schema: AnySchemaObject): OutsideReference[] {
  const references: OutsideReference[] = [];
  const own = new Set<string>();
  const pending: { value: unknown; pointer: string; base: string }[] = [
    { value: schema, pointer: '', base: '' },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null) continue;
    const base = ownBase(value, next.base);
    own.add(withoutFragment(base));
    for (const [key, child] of Object.entries(value)) {
      if (key === '$ref' && typeof child === 'string') {
        references.push({
          target: withoutFragment(resolveUri(child, base)),
          pointer: childPointer(pointer, key),
        });
      } else if (!dataKeywords.has(key))
        pending.push({ value: child, pointer: childPointer(pointer, key), base });
    }
  }
  return references.filter(({ target }) => target !== '' && !own.has(target));
}

function ownBase(value: object, base: string): string {
  const { $id, id } = value as { $id?: unknown; id?: unknown };
  if (typeof $id === 'string') return resolveUri($id, base);
  return typeof id === 'string' ? resolveUri(id, base) : base;
}

function resolveUri(reference: string, base: string): string {
  if (base === '') return reference;
  return URL.canParse(reference, base) ? new URL(reference, base).href : reference;
}

function withoutFragment(uri: string): string {
  return uri.replace(/#.*$/s, '');
}
