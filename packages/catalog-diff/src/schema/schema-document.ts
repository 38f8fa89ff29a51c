import { isSince, type Dialect } from './dialect.js';
import { isObject, ownValue, type Json } from './json.js';

export type SchemaObject = { readonly [keyword: string]: Json };

/** Where a reference leads: to a part of the document, out of it, or nowhere. */
export type Resolution =
  { kind: 'found'; schema: Json } | { kind: 'network'; uri: string } | { kind: 'missing' };

/** The dynamic anchors of the resources that lie on the way to a schema, the outermost one of each name. */
export interface DynamicScope {
  /** Scopes of one document with the same key are the same. */
  readonly key: string;
  readonly anchors: ReadonlyMap<string, SchemaObject>;
}

export const emptyScope: DynamicScope = { key: '', anchors: new Map() };

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
  /** The dynamic anchors of each resource; '' is what `$recursiveAnchor` makes one. */
  private readonly dynamicAnchors = new Map<string, Map<string, SchemaObject>>();

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

  /**
   * Resolves a `$dynamicRef` or `$recursiveRef` of `schema`: to the outermost resource on the way that has the anchor too,
   * where what it leads to by itself is such an anchor.
   *
   * @param scope the anchors of the resources on the way here, `enterScope` made it
   */
  resolveDynamically(schema: SchemaObject, reference: string, scope: DynamicScope): Resolution {
    const resolution = this.resolve(schema, reference);
    if (resolution.kind !== 'found' || !isObject(resolution.schema)) return resolution;
    const target = resolution.schema;
    const anchors = this.dynamicAnchors.get(this.bases.get(target) ?? ownUri);
    for (const [anchor, anchored] of anchors ?? []) {
      const isMeant = anchored === target && (anchor === '' || reference.endsWith(`#${anchor}`));
      if (isMeant) return { kind: 'found', schema: scope.anchors.get(anchor) ?? target };
    }
    return resolution;
  }

  /** The anchors that count within `schema`, on the way through `scope`. */
  enterScope(schema: SchemaObject, scope: DynamicScope): DynamicScope {
    if (this.isSingle) return scope;
    const base = this.bases.get(schema) ?? ownUri;
    const added = [...(this.dynamicAnchors.get(base) ?? [])].filter(
      ([anchor]) => !scope.anchors.has(anchor),
    );
    if (added.length === 0) return scope;
    const key = `${scope.key} ${added.map(([anchor]) => JSON.stringify([anchor, base])).join(' ')}`;
    return { key, anchors: new Map([...scope.anchors, ...added]) };
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
        if (typeof anchor !== 'string') continue;
        this.anchors.set(`${base}#${anchor}`, schema);
        if (keyword === '$dynamicAnchor') this.noteDynamic(base, anchor, schema);
      }
      const isRecursive = this.dialect === '2019-09' && schema['$recursiveAnchor'] === true;
      if (isRecursive && this.resources.get(base) === schema) this.noteDynamic(base, '', schema);
    }
    return base;
  }

  private noteDynamic(base: string, anchor: string, schema: SchemaObject): void {
    const known = this.dynamicAnchors.get(base) ?? new Map<string, SchemaObject>();
    this.dynamicAnchors.set(base, known.set(anchor, schema));
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
