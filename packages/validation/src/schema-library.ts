import type { Compilation } from '@holdfast/json-schema';
import {
  dialectOf,
  findReferences,
  withAbsoluteId,
  type Dialect,
} from '@holdfast/json-schema/uris';
import type { DataText, DataValue } from '@holdfast/text';
import type { CheckInput } from './check.js';
import type { DataPart } from './data-parts.js';
import { runWithinLimit } from './time-limit.js';
import { resolveLink } from './resolve-link.js';

/** Files that must satisfy a schema. */
export interface SchemaBinding {
  files: (path: string) => boolean;
  /** The schema's path: a delivered file's, its source's, or one in the target's tree. */
  schema: string;
  /** The schema's bytes, when it lies elsewhere. */
  content?: Uint8Array;
}

/** A value of a part, with what it says of its schema. */
export interface SchemaItem {
  part: DataPart;
  value: DataValue;
  $schema: string | undefined;
}

/** A value and the schema that it must satisfy. */
export interface WantedSchema {
  item: SchemaItem;
  reference: string;
  binding?: SchemaBinding;
}

/** A schema, and the URI that its relative references start from. */
export interface FoundSchema {
  schema: unknown;
  uri: string;
}

/** Finds schemas among the files, the tree and the bindings, and compiles each once. */
export interface SchemaLibrary {
  compile(found: FoundSchema): Promise<Compilation>;
  find(want: WantedSchema): Promise<FoundSchema | undefined>;
}

export async function createSchemaLibrary(
  schemas: readonly SchemaItem[],
  input: CheckInput,
): Promise<SchemaLibrary> {
  const { createSchemaCompiler } = await import('@holdfast/json-schema');
  const compile = createSchemaCompiler({
    limits: { timeoutMs: input.limits.schemaTimeoutMs },
    runWithin: runWithinLimit(),
  });
  const byUri = indexSchemas(schemas);
  const bound = new Map<SchemaBinding, unknown>();
  const sources = new Map(input.files.map((file) => [file.sourcePath ?? file.path, file]));
  const compiled = new Map<unknown, ReturnType<typeof compile>>();

  async function load(uri: string): Promise<unknown> {
    const path = byUri.has(uri) ? undefined : pathOf(uri);
    if (path === undefined) return byUri.get(uri);
    const file = input.tree.file(path) ?? sources.get(path);
    const document = file ? input.documents.data(file) : await readFromTree(path);
    byUri.set(uri, document?.values[0]?.value);
    return byUri.get(uri);
  }

  async function loadBound(binding: SchemaBinding): Promise<unknown> {
    const { schema: path, content } = binding;
    if (!content) return load(uriOf(path));
    if (!bound.has(binding)) {
      const document = input.documents.data({ path, content, mode: '100644' });
      bound.set(binding, document?.values[0]?.value);
    }
    return bound.get(binding);
  }

  async function readFromTree(path: string): Promise<DataText | undefined> {
    const content = input.tree.kind(path) === 'file' ? await input.tree.read(path) : undefined;
    return content && input.documents.data({ path, content, mode: '100644' });
  }

  /** Brings in what the schema refers to, for ajv cannot wait. */
  async function loadReferences(schema: object, uri: string, dialect: Dialect): Promise<void> {
    const seen = new Set<string>();
    const pending = [withAbsoluteId(schema, uri, dialect)];
    for (let next = pending.pop(); next; next = pending.pop()) {
      for (const { target } of findReferences(next, MAX_SCHEMA_SIZE).references) {
        if (seen.has(target)) continue;
        seen.add(target);
        const found = await load(target);
        if (typeof found === 'object' && found !== null)
          pending.push(withAbsoluteId(found, target, dialect));
      }
    }
  }

  return {
    async compile({ schema, uri }) {
      const known = compiled.get(schema);
      if (known) return known;
      const named = (schema as { $schema?: unknown } | null)?.$schema;
      const dialect = typeof named === 'string' ? dialectOf(named) : '2020-12';
      if (typeof schema === 'object' && schema !== null) {
        const isKnown = dialect !== undefined && dialect !== 'unsupported';
        await loadReferences(schema, uri, isKnown ? dialect : '2020-12');
      }
      const result = compile({ schema, uri, lookUp: (target) => byUri.get(target) });
      compiled.set(schema, result);
      return result;
    },
    async find({ item, reference, binding }) {
      const uri = binding
        ? uriOf(binding.schema)
        : resolveReference(reference, item.part.file.path);
      if (uri === undefined) return undefined;
      const schema = await (binding ? loadBound(binding) : load(uri));
      return schema === undefined ? undefined : { schema, uri };
    },
  };
}

function indexSchemas(schemas: readonly SchemaItem[]): Map<string, unknown> {
  const byUri = new Map<string, unknown>();
  for (const { part, value } of schemas) {
    const { $id, id } = value.value as { $id?: unknown; id?: unknown };
    const named = typeof $id === 'string' ? $id : id;
    if (typeof named === 'string' && URL.canParse(named))
      byUri.set(named.replace(/#.*$/s, ''), value.value);
    if (part.origin === 'file') byUri.set(uriOf(part.file.path), value.value);
  }
  return byUri;
}

/** Where the walk over a schema ends that is beyond what will be compiled. */
const MAX_SCHEMA_SIZE = 500_000;

/** The URI under which a path of the tree stands: `treeRoot + path`. */
const treeRoot = 'file:///';

/** The URI of a path in the tree. */
export function uriOf(path: string): string {
  return treeRoot + path.split('/').map(encodeURIComponent).join('/');
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith(treeRoot)) return undefined;
  try {
    return decodeURIComponent(uri.slice(treeRoot.length));
  } catch {
    return undefined;
  }
}

function resolveReference(reference: string, fromPath: string): string | undefined {
  const target = resolveLink(reference, fromPath);
  if (target.kind === 'path') return uriOf(target.path);
  return target.kind === 'external' ? reference.replace(/#.*$/s, '') : undefined;
}
