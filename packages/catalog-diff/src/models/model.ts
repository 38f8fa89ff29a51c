import { isObject, ownValue, type Json } from '../schema/json.js';

/** A JSON file of a data catalogue. */
export interface ModelFile {
  /** Its path in the catalogue, with forward slashes. */
  readonly path: string;
  readonly value: Json;
}

/** A model of a data catalogue: records of one kind. */
export interface Entity {
  readonly kind: 'entity';
  readonly name: string;
  readonly path: string;
  /** The JSON Schema of each field. */
  readonly fields: ReadonlyMap<string, Json>;
  readonly required: ReadonlySet<string>;
  /** The fields that tell records apart. */
  readonly keys: readonly string[];
  readonly relationships: ReadonlyMap<string, Relationship>;
  /** The whole schema, where the model is one whose parts cannot be taken for themselves. */
  readonly schema?: Json;
}

export interface Relationship {
  /** The entity that it leads to. */
  readonly to: string;
  /** `one`, `many`, `one_to_many`, … as the model has it; empty where it says nothing. */
  readonly cardinality: string;
}

/** A value that is derived from fields. */
export interface Derivation {
  readonly kind: 'derivation';
  readonly name: string;
  readonly path: string;
  /** `entity.field`, or `entity` alone. */
  readonly reads: ReadonlySet<string>;
  /** Of these, what it lists as its inputs; the others are only words of its expression. */
  readonly declared: ReadonlySet<string>;
  /** The JSON Schema of what comes out; `true` where it is not said. */
  readonly output: Json;
  readonly expression: string;
}

export type Model = Entity | Derivation;

/**
 * Reads the models of a catalogue. A model is a JSON Schema of an object, or has `fields` (a list of `{name, type, …}` or
 * an object by name) with the keywords of JSON Schema beside `required`, `nullable`, `values` and the type names of
 * databases, and `keys`, `relationships`. A derivation lies under `derivations/` or has `inputs`, `reads`, `depends_on`,
 * `expression` or `formula`. Files that are neither are left out.
 */
export function readModels(files: readonly ModelFile[]): Model[] {
  return files.flatMap((file): Model[] => {
    const { path, value } = file;
    if (!isObject(value)) return [];
    if (isDerivation(path, value)) return [readDerivation(file, value)];
    const entities = ownValue(value, 'entities');
    if (isObject(entities))
      return Object.entries(entities).flatMap(([name, part]) =>
        isObject(part) ? [readEntity({ path, value: part }, part, name)] : [],
      );
    return hasFields(value) ? [readEntity(file, value, nameOf(path, value))] : [];
  });
}

type JsonObject = { readonly [name: string]: Json };

const derivationKeys = ['inputs', 'reads', 'depends_on', 'expression', 'formula'];

function isDerivation(path: string, value: JsonObject): boolean {
  return (
    /(?:^|\/)derivations\//.test(path) ||
    (!hasFields(value) && derivationKeys.some((key) => ownValue(value, key) !== undefined))
  );
}

function hasFields(value: JsonObject): boolean {
  // Other schemas than the dialects are what a document follows: then it is no schema itself.
  const dialect = ownValue(value, '$schema');
  return (
    (typeof dialect === 'string' && /^https?:\/\/json-schema\.org\//.test(dialect)) ||
    ['fields', 'properties', '$ref', 'allOf', 'anyOf', 'oneOf'].some(
      (key) => ownValue(value, key) !== undefined,
    )
  );
}

/** The name that a model gives itself, else that of its file, else of its folder. */
function nameOf(path: string, value: JsonObject): string {
  for (const key of ['name', 'entity', 'model', 'title']) {
    const named = ownValue(value, key);
    if (typeof named === 'string' && named !== '') return named;
  }
  const parts = path.split('/');
  const file = parts.pop()!.replace(/\.[^.]*$/, '');
  return /^(?:_root|_?index)$/.test(file) ? (parts.pop() ?? file) : file;
}

function readEntity({ path }: ModelFile, value: JsonObject, name: string): Entity {
  const shape = {
    kind: 'entity' as const,
    name,
    path,
    keys: listOfNames(
      ownValue(value, 'keys') ?? ownValue(value, 'primaryKey') ?? ownValue(value, 'primary_key'),
    ),
    relationships: readRelationships(ownValue(value, 'relationships')),
  };
  const listed = ownValue(value, 'fields');
  if (listed === undefined) return { ...shape, ...readSchema(value) };
  const fields = new Map<string, Json>();
  const required = new Set(listOfNames(ownValue(value, 'required')));
  for (const [field, description] of entriesOf(listed)) {
    fields.set(field, schemaOfField(description, 0));
    if (isObject(description) && ownValue(description, 'required') === true) required.add(field);
  }
  return { ...shape, fields, required };
}

/** A JSON Schema as fields, where each of them can stand for itself. */
function readSchema(value: JsonObject): Pick<Entity, 'fields' | 'required' | 'schema'> {
  const properties = ownValue(value, 'properties');
  const isPlain =
    isObject(properties) &&
    !/"\$(?:ref|dynamicRef|recursiveRef)"/.test(JSON.stringify(value)) &&
    Object.keys(value).every((key) => plainKeywords.has(key));
  const fields = new Map(isObject(properties) ? Object.entries(properties) : []);
  const required = new Set(listOfNames(ownValue(value, 'required')));
  return isPlain ? { fields, required } : { fields, required, schema: value };
}

const plainKeywords = new Set([
  '$schema',
  '$id',
  '$comment',
  'type',
  'title',
  'name',
  'entity',
  'model',
  'description',
  'properties',
  'required',
  'keys',
  'primaryKey',
  'primary_key',
  'relationships',
]);

/** What type names of databases and languages come to. */
const types: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['string', 'text', 'varchar', 'char', 'uuid', 'id'].map(
    (name) => [name, { type: 'string' }] as const,
  ),
  ...['integer', 'int', 'bigint', 'smallint', 'long'].map(
    (name) => [name, { type: 'integer' }] as const,
  ),
  ...['number', 'float', 'double', 'decimal', 'numeric', 'money'].map(
    (name) => [name, { type: 'number' }] as const,
  ),
  ...['boolean', 'bool'].map((name) => [name, { type: 'boolean' }] as const),
  ...['date', 'time'].map((name) => [name, { type: 'string', format: name }] as const),
  ...['datetime', 'timestamp', 'date-time'].map(
    (name) => [name, { type: 'string', format: 'date-time' }] as const,
  ),
  ...['array', 'list'].map((name) => [name, { type: 'array' }] as const),
  ...['object', 'json', 'struct'].map((name) => [name, { type: 'object' }] as const),
  ['null', { type: 'null' }],
  ['any', true],
]);

const schemaKeywords = [
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'default',
  'description',
];

/** The JSON Schema of a field that a model describes in its own way. */
function schemaOfField(description: Json, depth: number): Json {
  if (typeof description === 'string') return schemaOfType(description);
  if (!isObject(description) || depth > 50) return true;
  const type = ownValue(description, 'type');
  const base = Array.isArray(type)
    ? { type }
    : typeof type === 'string'
      ? schemaOfType(type)
      : true;
  if (base === true) return true;
  const schema: { [name: string]: Json } = { ...(base as object) };
  for (const keyword of schemaKeywords) {
    const value = ownValue(description, keyword);
    if (value !== undefined) schema[keyword] = value;
  }
  const values = ownValue(description, 'values') ?? ownValue(description, 'allowed_values');
  if (Array.isArray(values)) schema['enum'] = values;
  const items = ownValue(description, 'items');
  if (items !== undefined) schema['items'] = schemaOfField(items, depth + 1);
  const nested = ownValue(description, 'fields') ?? ownValue(description, 'properties');
  if (nested !== undefined) {
    const entries = entriesOf(nested);
    const parts = entries.map(([name, part]) => [name, schemaOfField(part, depth + 1)] as const);
    schema['properties'] = Object.fromEntries(parts);
    const required = entries.filter(
      ([, part]) => isObject(part) && ownValue(part, 'required') === true,
    );
    if (required.length > 0) schema['required'] = required.map(([name]) => name);
  }
  return ownValue(description, 'nullable') === true
    ? { anyOf: [schema, { type: 'null' }] }
    : schema;
}

/** The schema of a type name; of one that is not known, values that nothing else has. */
function schemaOfType(name: string): Json {
  const list = /^(?:array|list)<(.*)>$|^(.*)\[\]$/i.exec(name.trim());
  if (list !== null) return { type: 'array', items: schemaOfType(list[1] ?? list[2]!) };
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/\(.*\)$/, '');
  return types.get(plain) ?? { const: { 'type of another kind': name } };
}

function entriesOf(value: Json): [string, Json][] {
  if (isObject(value)) return Object.entries(value);
  if (!Array.isArray(value)) return [];
  return value.flatMap((part): [string, Json][] => {
    const name = isObject(part) ? ownValue(part, 'name') : part;
    return typeof name === 'string' ? [[name, isObject(part) ? part : true]] : [];
  });
}

function listOfNames(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function readRelationships(value: Json | undefined): Map<string, Relationship> {
  const found = new Map<string, Relationship>();
  const entries: [string | undefined, Json][] = Array.isArray(value)
    ? value.map((part) => [undefined, part])
    : isObject(value)
      ? Object.entries(value)
      : [];
  for (const [key, part] of entries) {
    const text = (names: readonly string[]): string | undefined => {
      const values = names.map((name) => (isObject(part) ? ownValue(part, name) : undefined));
      return values.find((value) => typeof value === 'string') as string | undefined;
    };
    const to = typeof part === 'string' ? part : text(['to', 'target', 'entity', 'model']);
    if (to === undefined) continue;
    const cardinality = text(['cardinality', 'type', 'kind']) ?? '';
    found.set(key ?? text(['name', 'field', 'via']) ?? to, { to, cardinality });
  }
  return found;
}

function readDerivation({ path }: ModelFile, value: JsonObject): Derivation {
  const output = ownValue(value, 'output') ?? ownValue(value, 'returns') ?? ownValue(value, 'type');
  const expression = ownValue(value, 'expression') ?? ownValue(value, 'formula') ?? '';
  const text = typeof expression === 'string' ? expression : JSON.stringify(expression);
  const reads = new Set<string>();
  for (const key of ['inputs', 'reads', 'depends_on', 'sources', 'fields'])
    readReferences(ownValue(value, key) ?? null, reads);
  const declared = new Set(reads);
  for (const [reference] of text.matchAll(/\b[A-Za-z_]\w*\.[A-Za-z_]\w*\b/g)) reads.add(reference);
  return {
    kind: 'derivation',
    name: nameOf(path, value),
    path,
    reads,
    declared,
    output: output === undefined ? true : schemaOfField(output, 0),
    expression: text,
  };
}

function readReferences(value: Json, reads: Set<string>): void {
  if (typeof value === 'string') reads.add(value);
  else if (Array.isArray(value)) value.forEach((part) => readReferences(part, reads));
  else if (isObject(value)) {
    const entity =
      ownValue(value, 'entity') ?? ownValue(value, 'model') ?? ownValue(value, 'object');
    const field = ownValue(value, 'field') ?? ownValue(value, 'path');
    if (typeof entity === 'string')
      reads.add(typeof field === 'string' ? `${entity}.${field}` : entity);
    else if (typeof field === 'string') reads.add(field);
    else Object.values(value).forEach((part) => readReferences(part, reads));
  }
}
