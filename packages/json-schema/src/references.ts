import type { Dialect } from './dialect.js';

/** A `$ref` (or `$dynamicRef`, `$recursiveRef`) that leads out of its own document. */
export interface OutsideReference {
  /** The absolute URI of the document that it leads to, without fragment. */
  readonly target: string;
  /** What follows the `#`; empty for the whole document. */
  readonly fragment: string;
  /** The JSON pointer of the place where it stands. */
  readonly pointer: string;
}

/** What a walk over a schema finds. */
export interface SchemaReferences {
  readonly references: readonly OutsideReference[];
  /** How many values the schema holds, itself among them; the walk ends at the limit. */
  readonly size: number;
}

/** Keywords whose values are data, not schemas. */
const dataKeywords = new Set(['const', 'default', 'enum', 'example', 'examples']);

const referenceKeywords = new Set(['$ref', '$dynamicRef', '$recursiveRef']);

/** The keyword that names a schema. */
export function identityKeyword(dialect: Dialect): '$id' | 'id' {
  return dialect === 'draft-04' ? 'id' : '$id';
}

/** The schema with its identity made absolute; one without any gets the URI itself. */
export function withAbsoluteId(
  schema: object,
  uri: string,
  dialect: Dialect,
): Record<string, unknown> {
  const key = identityKeyword(dialect);
  const own = (schema as Record<string, unknown>)[key];
  return { ...schema, [key]: typeof own === 'string' ? resolveUri(own, uri) : uri };
}

/** The references of a schema, whose identity is absolute, to other documents; those to its own parts are left out. */
export function findReferences(schema: object, maxSize = Infinity): SchemaReferences {
  const references: OutsideReference[] = [];
  const own = new Set<string>();
  const pending: { value: unknown; pointer: string; base: string }[] = [
    { value: schema, pointer: '', base: '' },
  ];
  let size = 0;
  for (let next = pending.pop(); next && size <= maxSize; next = pending.pop()) {
    size += 1;
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null) continue;
    const base = ownBase(value, next.base);
    own.add(withoutFragment(base));
    for (const [key, child] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (typeof child === 'string' && referenceKeywords.has(key)) {
        const uri = resolveUri(child, base);
        const target = withoutFragment(uri);
        references.push({ target, fragment: uri.slice(target.length + 1), pointer: at });
      } else if (!dataKeywords.has(key)) pending.push({ value: child, pointer: at, base });
    }
  }
  const outside = references.filter(({ target }) => target !== '' && !own.has(target));
  return { references: outside, size };
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
  const hash = uri.indexOf('#');
  return hash < 0 ? uri : uri.slice(0, hash);
}
