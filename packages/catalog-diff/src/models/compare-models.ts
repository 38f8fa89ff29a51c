import { compareText, parsePointer } from '@holdfast/text';
import { canonicalJson } from '../schema/canonical-json.js';
import { createSchemaComparer, type SchemaChange } from '../schema/compare-schemas.js';
import type { Json } from '../schema/json.js';
import type { ChangeSeverity } from '../schema/rules.js';
import { readModels, type Derivation, type Entity, type Model, type ModelFile } from './model.js';

/** Whom a change of a model breaks, each with a value that shows it. */
export interface ModelBreakage {
  /** Those who read records that are there already by the new model. */
  readonly readers?: { readonly witness: Json };
  /** Those who still go by the old model, and get new records. */
  readonly consumers?: { readonly witness: Json };
}

/** One change in meaning. */
export interface ModelChange {
  /** Contract: `entity.added`, `field.removed`, `type.narrowed`, …; see the README. */
  readonly rule: string;
  readonly severity: ChangeSeverity;
  /** The entity or derivation. */
  readonly name: string;
  /** The field, `address.city` of a nested one, `tags[]` of an item. */
  readonly field?: string;
  /** The file. */
  readonly path: string;
  /** A sentence without the name, such as `field amount narrowed from number to integer`. */
  readonly message: string;
  readonly breaks: ModelBreakage;
  /** Derivations and entities that have to do with what changed, by name. */
  readonly affected: readonly string[];
}

export interface ModelComparison {
  /** `breaking` when a change breaks readers or consumers, `unknown` when that of some change is not decided. */
  readonly verdict: 'compatible' | 'breaking' | 'unknown';
  /** By file, then in the order of the models. */
  readonly changes: readonly ModelChange[];
}

/**
 * Says what changed in meaning between two versions of a data catalogue's JSON models: entities, fields, types,
 * requiredness, values, keys, relationships, derivations and the fields that these read. A file that only reads
 * differently is no change. See `readModels` for the shapes that are read.
 *
 * @example
 * compareModels(
 *   [{ path: 'objects/loan/_root.json', value: { fields: { amount: 'number' } } }],
 *   [{ path: 'objects/loan/_root.json', value: { fields: { amount: 'integer' } } }],
 * ).changes.map(sentenceOf); // ['loan: field amount narrowed from number to integer (breaking for readers: 1.5)']
 */
export function compareModels(
  before: readonly ModelFile[],
  after: readonly ModelFile[],
): ModelComparison {
  const old = readModels(before);
  const recent = readModels(after);
  const affected = readersOf([...old, ...recent]);
  const finder = new ModelChangeFinder(affected);
  const byKey = new Map(old.map((model) => [keyOf(model), model]));
  const kept = new Set<string>();
  for (const model of recent) {
    kept.add(keyOf(model));
    finder.compare(byKey.get(keyOf(model)), model);
  }
  for (const model of old) if (!kept.has(keyOf(model))) finder.compare(model, undefined);
  const changes = finder.changes.sort((left, right) => compareText(left.path, right.path));
  const severities = new Set(changes.map(({ severity }) => severity));
  const verdict = severities.has('breaking')
    ? 'breaking'
    : severities.has('unknown')
      ? 'unknown'
      : 'compatible';
  return { verdict, changes };
}

/** A change as a sentence for a commit message or a report. */
export function sentenceOf({ name, message, breaks, severity }: ModelChange): string {
  const broken = [
    breaks.readers && `breaking for readers: ${shorten(breaks.readers.witness)}`,
    breaks.consumers && `breaking for consumers: ${shorten(breaks.consumers.witness)}`,
  ].filter((part) => part !== undefined);
  if (broken.length === 0 && severity === 'unknown') broken.push('not decided');
  return `${name}: ${message}${broken.length > 0 ? ` (${broken.join('; ')})` : ''}`;
}

function shorten(witness: Json): string {
  const text = canonicalJson(witness);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function keyOf({ kind, name }: Model): string {
  return `${kind} ${name}`;
}

/** By `entity` and `entity.field`: the derivations that read it, and the entities that are related to it. */
function readersOf(models: readonly Model[]): Map<string, Set<string>> {
  const readers = new Map<string, Set<string>>();
  const add = (subject: string, name: string): void => {
    const known = readers.get(subject);
    if (known === undefined) readers.set(subject, new Set([name]));
    else known.add(name);
  };
  for (const model of models) {
    if (model.kind === 'derivation') for (const read of model.reads) add(read, model.name);
    else for (const { to } of model.relationships.values()) add(to, model.name);
  }
  return readers;
}

class ModelChangeFinder {
  readonly changes: ModelChange[] = [];
  private readonly readers: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly compareSchemas = createSchemaComparer({});

  constructor(readers: ReadonlyMap<string, ReadonlySet<string>>) {
    this.readers = readers;
  }

  compare(before: Model | undefined, after: Model | undefined): void {
    if (before === undefined || after === undefined) {
      const model = (before ?? after)!;
      const isAdded = before === undefined;
      const severity = isAdded ? 'info' : 'breaking';
      const rule = `${model.kind}.${isAdded ? 'added' : 'removed'}`;
      this.add(model, rule, severity, `${model.kind} ${isAdded ? 'added' : 'removed'}`);
    } else if (before.kind === 'entity' && after.kind === 'entity')
      this.compareEntities(before, after);
    else if (before.kind === 'derivation' && after.kind === 'derivation')
      this.compareDerivations(before, after);
  }

  private add(
    model: Model,
    rule: string,
    severity: ChangeSeverity,
    message: string,
    details: { field?: string; breaks?: ModelBreakage } = {},
  ): void {
    const { field, breaks = {} } = details;
    const root = field?.replace(/[.[].*$/s, '');
    const subjects =
      root === undefined ? [model.name] : [`${model.name}.${root}`, root, model.name];
    const affected = subjects.flatMap((subject) => [...(this.readers.get(subject) ?? [])]);
    const names = [...new Set(affected)].filter((name) => name !== model.name).sort();
    this.changes.push({
      rule,
      severity,
      name: model.name,
      ...(field !== undefined && { field }),
      path: model.path,
      message,
      breaks,
      affected: names,
    });
  }

  private compareEntities(before: Entity, after: Entity): void {
    if (before.schema !== undefined || after.schema !== undefined) {
      this.compareSchemaOf(after, schemaOf(before), schemaOf(after), '');
    } else this.compareFields(before, after);
    if (before.keys.join('\n') !== after.keys.join('\n'))
      this.add(
        after,
        'keys.changed',
        'warning',
        `keys changed from ${nameList(before.keys)} to ${nameList(after.keys)}`,
      );
    this.compareRelationships(before, after);
  }

  private compareFields(before: Entity, after: Entity): void {
    for (const [field, schema] of after.fields) {
      const old = before.fields.get(field);
      const isRequired = after.required.has(field);
      if (old === undefined) {
        this.add(
          after,
          'field.added',
          isRequired ? 'breaking' : 'info',
          `field ${field} added${isRequired ? ', required' : ''}`,
          { field, ...(isRequired && { breaks: { readers: { witness: {} } } }) },
        );
        continue;
      }
      if (isRequired !== before.required.has(field))
        this.add(
          after,
          isRequired ? 'required.added' : 'required.removed',
          'breaking',
          `field ${field} is ${isRequired ? 'required now' : 'no longer required'}`,
          { field, breaks: { [isRequired ? 'readers' : 'consumers']: { witness: {} } } },
        );
      this.compareSchemaOf(after, old, schema, field);
    }
    for (const field of before.fields.keys()) {
      if (after.fields.has(field)) continue;
      const wasRequired = before.required.has(field);
      this.add(
        after,
        'field.removed',
        wasRequired ? 'breaking' : 'warning',
        `field ${field} removed`,
        {
          field,
          ...(wasRequired && { breaks: { consumers: { witness: {} } } }),
        },
      );
    }
  }

  /** Compares a field, or a whole schema where `root` is empty, for readers and for consumers at once. */
  private compareSchemaOf(model: Model, before: Json, after: Json, root: string): void {
    if (canonicalJson(before) === canonicalJson(after)) return;
    const input = this.compareSchemas(before, after, 'input').changes;
    const output = new Map(
      this.compareSchemas(before, after, 'output').changes.map((change) => [
        placeOf(change),
        change,
      ]),
    );
    for (const change of input) {
      this.addSchemaChange(model, change, output.get(placeOf(change)), root);
      output.delete(placeOf(change));
    }
    for (const change of output.values()) this.addSchemaChange(model, undefined, change, root);
  }

  private addSchemaChange(
    model: Model,
    input: SchemaChange | undefined,
    output: SchemaChange | undefined,
    root: string,
  ): void {
    const { rule, path, message } = (input ?? output)!;
    const severities = [input, output].map((change) => change?.severity);
    const severity = (['breaking', 'unknown', 'warning'] as const).find((one) =>
      severities.includes(one),
    );
    const field = fieldOf(root, path, rule);
    const breaks: ModelBreakage = {
      ...(input?.witness !== undefined && { readers: { witness: input.witness } }),
      ...(output?.witness !== undefined && { consumers: { witness: output.witness } }),
    };
    const isType = rule.startsWith('type.');
    const said = isType ? message.replace(/^type /, '') : message;
    const text = field === undefined ? message : `field ${field}${isType ? ' ' : ': '}${said}`;
    this.add(model, rule, severity ?? 'info', text, {
      ...(field !== undefined && { field }),
      breaks,
    });
  }

  private compareRelationships(before: Entity, after: Entity): void {
    for (const [name, { to, cardinality }] of after.relationships) {
      const old = before.relationships.get(name);
      if (old === undefined)
        this.add(after, 'relationship.added', 'info', `relationship ${name} to ${to} added`);
      else if (old.to !== to)
        this.add(
          after,
          'relationship.changed',
          'warning',
          `relationship ${name} leads to ${to}, no longer to ${old.to}`,
        );
      else if (old.cardinality !== cardinality)
        this.add(
          after,
          'relationship.changed',
          'warning',
          `relationship ${name} is ${cardinality || 'of no said kind'}, no longer ${old.cardinality || 'of no said kind'}`,
        );
    }
    for (const [name, { to }] of before.relationships)
      if (!after.relationships.has(name))
        this.add(after, 'relationship.removed', 'warning', `relationship ${name} to ${to} removed`);
  }

  private compareDerivations(before: Derivation, after: Derivation): void {
    const gained = [...after.reads].filter((read) => !before.reads.has(read));
    const lost = [...before.reads].filter((read) => !after.reads.has(read));
    if (gained.length > 0)
      this.add(after, 'derivation.reads.added', 'info', `now reads ${gained.join(', ')}`);
    if (lost.length > 0)
      this.add(after, 'derivation.reads.removed', 'info', `no longer reads ${lost.join(', ')}`);
    this.compareSchemaOf(after, before.output, after.output, '');
    if (before.expression !== after.expression)
      this.add(after, 'derivation.expression.changed', 'warning', 'the expression changed');
  }
}

function placeOf({ rule, path, message }: SchemaChange): string {
  return JSON.stringify([rule, path, message]);
}

function schemaOf({ schema, fields, required }: Entity): Json {
  return (
    schema ?? {
      type: 'object',
      properties: Object.fromEntries(fields),
      required: [...required],
    }
  );
}

/** The field at a place of a schema, as people write it; undefined for the whole. */
function fieldOf(root: string, path: string, rule: string): string | undefined {
  const parts = parsePointer(path);
  let field = root;
  for (let at = 0; at < parts.length; at++) {
    if (parts[at] === 'properties' && at + 1 < parts.length) {
      field += `${field === '' ? '' : '.'}${parts[++at]}`;
    } else if (parts[at] === 'items' && (at + 1 < parts.length || rule === 'items')) field += '[]';
  }
  return field === '' ? undefined : field;
}

function nameList(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
