import { isSince, type Dialect } from './dialect.js';
import { ownValue, type Json } from './json.js';

export type SchemaObject = { readonly [keyword: string]: Json };

/** Where a reference leads: to a part of the document, out of it, or nowhere. */
export type Resolution =
  { kind: 'found'; schema: Json } | { kind: 'network'; uri: string } | { kind: 'missing' };

const dataKeywords = new Set(['const', 'default', 'enum', 'example', 'examples']);
const ownUri = 'schema://document/';

/** A schema and the identifiers within it: what its references lead to. Nothing is fetched. */
export class SchemaDocument {
  readonly root: Json;
  readonly dialect: Dialect;
  /** Whether there is one resource only, so that dynamic references are plain ones. */
  readonly isSingle: boolean;
  private readonly resources = new Map<string, Json>();
  private readonly anchors = new Map<string, SchemaObject>();
  private readonly bases = new Map<object, string>();

  constructor(root: Json, dialect: Dialect) {
    this.root = root;
    this.dialect = dialect;
    this.resources.set(ownUri, root);
    this.scan();
    this.isSingle = new Set(this.bases.values()).size <= 1;
  }

  /** Resolves a `$ref` of `schema`. */
  resolve(schema: SchemaObject, reference: string): Resolution {
    const uri = resolveUri(reference, this.bases.get(schema) ?? ownUri);
    const [resource, fragment] = splitUri(uri);
    const root = this.resources.get(resource);
    if (root === undefined) return { kind: 'network', uri };
    const found =
      fragment === '' || fragment.startsWith('/')
        ? follow(root, fragment)
        : this.anchors.get(`${resource}#${fragment}`);
    return found === undefined ? { kind: 'missing' } : { kind: 'found', schema: found };
  }

  private scan(): void {
    const pending: { value: Json; base: string }[] = [{ value: this.root, base: ownUri }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { value } = next;
      if (typeof value !== 'object' || value === null) continue;
      const base = Array.isArray(value) ? next.base : this.enter(value, next.base);
      for (const [key, child] of Object.entries(value)) {
        if (!dataKeywords.has(key)) pending.push({ value: child, base });
      }
    }
  }

  /** Notes the identifiers of one schema, and returns its base. */
  private enter(schema: SchemaObject, outer: string): string {
    let base = outer;
    const ignoresSiblings = !isSince(this.dialect, '2019-09') && typeof schema['$ref'] === 'string';
    const id = ownValue(schema, this.dialect === 'draft-04' ? 'id' : '$id');
    if (typeof id === 'string' && !ignoresSiblings) {
      const [resource, fragment] = splitUri(resolveUri(id, outer));
      if (fragment !== '') this.anchors.set(`${resource}#${fragment}`, schema);
      else if (resource !== outer) {
        base = resource;
        this.resources.set(resource, schema);
      }
    }
    this.bases.set(schema, base);
    if (isSince(this.dialect, '2019-09')) {
      for (const keyword of ['$anchor', '$dynamicAnchor']) {
        const anchor = ownValue(schema, keyword);
        if (typeof anchor === 'string') this.anchors.set(`${base}#${anchor}`, schema);
      }
    }
    return base;
  }
}

function follow(root: Json, pointer: string): Json | undefined {
  let at: Json | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = ownValue(at, part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return at;
}

function resolveUri(reference: string, base: string): string {
  return URL.canParse(reference, base) ? new URL(reference, base).href : reference;
}

function splitUri(uri: string): [resource: string, fragment: string] {
  const at = uri.indexOf('#');
  if (at < 0) return [uri, ''];
  const fragment = uri.slice(at + 1);
  try {
    return [uri.slice(0, at), decodeURIComponent(fragment)];
  } catch {
    return [uri.slice(0, at), fragment];
  }
}
