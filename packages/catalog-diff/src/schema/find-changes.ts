import { canonicalJson } from './canonical-json.js';
import { escapePointer, type SchemaCompiler } from './compile-schema.js';
import { isSince } from './dialect.js';
import { flattenSchema } from './flatten-schema.js';
import type { Formula, Formulas } from './formula.js';
import { isObject, ownValue, type Json } from './json.js';
import { compare, isMultiple, rationalOf } from './rational.js';
import { severityOf, type ChangeSeverity, type Direction } from './rules.js';
import type { SchemaDocument, SchemaObject } from './schema-document.js';

/** A way into a value: to a property, or to an item. */
export type ValueStep = { property: string } | { item: number };

/** A difference between two schemas, before it is known whether it matters. */
export interface FoundChange {
  readonly rule: string;
  readonly severity: ChangeSeverity;
  /** The JSON pointer of the place in the schema, references written out. */
  readonly path: string;
  readonly message: string;
  /** The way to the value that it is about. */
  readonly steps: readonly ValueStep[];
  /** What the refusing schema demands there that this change is about; undefined where that says nothing. */
  readonly demand?: Formula;
}

/** A schema that was read. */
export interface SchemaSide {
  readonly document: SchemaDocument;
  readonly compiler: SchemaCompiler;
}

export interface ChangeQuery {
  readonly before: SchemaSide;
  readonly after: SchemaSide;
  readonly direction: Direction;
  readonly formulas: Formulas;
  /** Whether no value passes the first formula and fails the second; undefined where that is not decided. */
  readonly isWithin: (inner: Formula, outer: Formula) => boolean | undefined;
}

/** Most changes that are listed. */
const maxChanges = 500;

/** The differences between two schemas, keyword by keyword, as people would name them. */
export function findChanges(query: ChangeQuery): FoundChange[] {
  const finder = new ChangeFinder(query);
  finder.compare(query.before.document.root, query.after.document.root, '', []);
  return finder.changes;
}

interface Node {
  before: SchemaObject;
  after: SchemaObject;
  path: string;
  steps: readonly ValueStep[];
}

/** Keywords that are compared as a whole, and looked into by the solver alone. */
const wholeKeywords = [
  'not',
  'if',
  'then',
  'else',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contains',
  'minContains',
  'maxContains',
  'allOf',
];

const sizeKeywords = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

class ChangeFinder {
  readonly changes: FoundChange[] = [];
  private readonly query: ChangeQuery;
  private readonly seen = new Set<string>();
  private readonly ids = new Map<Json, number>();

  constructor(query: ChangeQuery) {
    this.query = query;
  }

  compare(before: Json, after: Json, path: string, steps: readonly ValueStep[]): void {
    if (this.changes.length >= maxChanges || this.wasSeen(before, after)) return;
    if (steps.length > 100) return;
    const node: Node = {
      before: flattenSchema(before, this.query.before.document),
      after: flattenSchema(after, this.query.after.document),
      path,
      steps,
    };
    this.compareTypes(node);
    this.compareValues(node);
    this.compareBounds(node);
    this.compareMultiples(node);
    this.comparePatterns(node);
    this.compareAnnotations(node);
    this.compareObjects(node);
    this.compareArrays(node);
    this.compareBranches(node, 'anyOf');
    this.compareBranches(node, 'oneOf');
    this.compareWhole(node);
  }

  private wasSeen(before: Json, after: Json): boolean {
    const key = `${this.idOf(before)} ${this.idOf(after)}`;
    if (this.seen.has(key)) return typeof before === 'object';
    this.seen.add(key);
    return false;
  }

  private idOf(schema: Json): number {
    const known = this.ids.get(schema) ?? this.ids.size;
    this.ids.set(schema, known);
    return known;
  }

  private add(
    { path, steps }: Node,
    rule: string,
    message: string,
    details: { at?: string; variant?: string; steps?: readonly ValueStep[]; demand?: Formula } = {},
  ): void {
    this.changes.push({
      rule,
      severity: severityOf(rule, this.query.direction, details.variant),
      path: details.at === undefined ? path : `${path}/${details.at}`,
      message,
      steps: details.steps ?? steps,
      ...(details.demand !== undefined && { demand: details.demand }),
    });
  }

  /** What the side that refuses demands by some keywords. */
  private demand({ before, after, path }: Node, keywords: readonly string[]): Formula {
    const isInput = this.query.direction === 'input';
    const side = isInput ? this.query.after : this.query.before;
    return side.compiler.compileKeywords(isInput ? after : before, keywords, path);
  }

  private compareTypes(node: Node): void {
    const before = typesOf(node.before);
    const after = typesOf(node.after);
    const lost = before.filter((type) => !after.includes(type));
    const gained = after.filter((type) => !before.includes(type));
    if (lost.length === 0 && gained.length === 0) return;
    const kind = gained.length === 0 ? 'narrowed' : lost.length === 0 ? 'widened' : 'changed';
    this.add(
      node,
      `type.${kind}`,
      `type ${kind} from ${nameTypes(node.before)} to ${nameTypes(node.after)}`,
      { at: 'type', demand: this.demand(node, ['type']) },
    );
  }

  private compareValues(node: Node): void {
    const before = valuesOf(node.before, this.query.before.document);
    const after = valuesOf(node.after, this.query.after.document);
    if (before === undefined && after === undefined) return;
    const demand = this.demand(node, ['enum', 'const']);
    const isConst = (schema: SchemaObject): boolean => ownValue(schema, 'const') !== undefined;
    if (before === undefined || after === undefined) {
      const values = nameValues([...(before ?? after)!.values()]);
      const at = isConst(before === undefined ? node.after : node.before) ? 'const' : 'enum';
      if (before === undefined)
        this.add(node, 'enum.introduced', `only ${values} is allowed now`, { at, demand });
      else
        this.add(node, 'enum.dropped', `values other than ${values} are allowed now`, {
          at,
          demand,
        });
      return;
    }
    const lost = [...before].filter(([key]) => !after.has(key)).map(([, value]) => value);
    const gained = [...after].filter(([key]) => !before.has(key)).map(([, value]) => value);
    if (lost.length === 0 && gained.length === 0) return;
    if (isConst(node.before) && isConst(node.after)) {
      const message = `the constant changed from ${nameValues(lost)} to ${nameValues(gained)}`;
      this.add(node, 'const.changed', message, { at: 'const', demand });
      return;
    }
    if (lost.length > 0)
      this.add(node, 'enum.value.removed', `no longer allowed: ${nameValues(lost)}`, {
        at: 'enum',
        demand,
      });
    if (gained.length > 0)
      this.add(node, 'enum.value.added', `also allowed: ${nameValues(gained)}`, {
        at: 'enum',
        demand,
      });
  }

  private compareBounds(node: Node): void {
    for (const keyword of ['minimum', 'maximum'] as const) {
      const before = boundOf(node.before, keyword, this.query.before.document);
      const after = boundOf(node.after, keyword, this.query.after.document);
      this.compareBound(node, keyword, before, after);
    }
    for (const keyword of sizeKeywords) {
      const before = limitOf(node.before, keyword);
      const after = limitOf(node.after, keyword);
      this.compareBound(node, keyword, before, after);
    }
    const before = ownValue(node.before, 'uniqueItems') === true;
    const after = ownValue(node.after, 'uniqueItems') === true;
    if (before !== after)
      this.add(
        node,
        after ? 'uniqueItems.added' : 'uniqueItems.removed',
        after ? 'items must differ from each other now' : 'items may be equal now',
        { at: 'uniqueItems', demand: this.demand(node, ['uniqueItems']) },
      );
  }

  private compareBound(
    node: Node,
    keyword: string,
    before: Bound | undefined,
    after: Bound | undefined,
  ): void {
    const order = compareBounds(before, after, keyword.startsWith('min'));
    if (order === 0) return;
    const demand = this.demand(node, [keyword, exclusiveOf(keyword)]);
    const message = `${keyword} ${order > 0 ? 'tightened' : 'loosened'} from ${nameBound(before)} to ${nameBound(after)}`;
    const isVacuous = [before, after].every(
      (bound) => bound === undefined || Math.abs(bound.limit) === Number.MAX_SAFE_INTEGER,
    );
    if (isVacuous)
      this.add(node, 'bound.vacuous', `${message}, which is the range of safe integers`, {
        at: keyword,
        demand,
      });
    else
      this.add(node, order > 0 ? 'bound.tightened' : 'bound.loosened', message, {
        at: keyword,
        demand,
      });
  }

  private compareMultiples(node: Node): void {
    const before = limitOf(node.before, 'multipleOf')?.limit;
    const after = limitOf(node.after, 'multipleOf')?.limit;
    if (before === after) return;
    const isTighter =
      before === undefined ||
      (after !== undefined && isMultiple(rationalOf(after), rationalOf(before)));
    const isLooser =
      after === undefined ||
      (before !== undefined && isMultiple(rationalOf(before), rationalOf(after)));
    const kind = isTighter ? 'tightened' : isLooser ? 'loosened' : 'changed';
    const message = `multipleOf changed from ${before ?? 'none'} to ${after ?? 'none'}`;
    const demand = this.demand(node, ['multipleOf']);
    this.add(node, `multipleOf.${kind}`, message, { at: 'multipleOf', demand });
  }

  private comparePatterns(node: Node): void {
    const before = ownValue(node.before, 'pattern');
    const after = ownValue(node.after, 'pattern');
    if (before === after) return;
    const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    const named = [before, after].filter((pattern) => pattern !== undefined).map(nameValue);
    this.add(node, `pattern.${kind}`, `pattern ${kind}: ${named.join(' to ')}`, {
      at: 'pattern',
      demand: this.demand(node, ['pattern']),
    });
  }

  private compareAnnotations(node: Node): void {
    for (const keyword of ['format', 'default', 'description'] as const) {
      const before = ownValue(node.before, keyword);
      const after = ownValue(node.after, keyword);
      if (canonical(before) === canonical(after)) continue;
      if (keyword === 'description' && node.path === '') continue;
      const message =
        keyword === 'description'
          ? 'the description changed'
          : `${keyword} changed from ${nameValue(before)} to ${nameValue(after)}`;
      this.add(node, `${keyword}.changed`, message, { at: keyword });
    }
  }

  private compareObjects(node: Node): void {
    const before = mapOf(node.before, 'properties');
    const after = mapOf(node.after, 'properties');
    const wasRequired = new Set(listOf(node.before, 'required'));
    const isRequired = new Set(listOf(node.after, 'required'));
    for (const [name, value] of after) {
      const old = before.get(name);
      const place = `properties/${escapePointer(name)}`;
      if (old !== undefined) {
        const steps = [...node.steps, { property: name }];
        this.compare(old, value, `${node.path}/${place}`, steps);
      } else this.addProperty(node, name, place, isRequired.has(name));
    }
    for (const name of before.keys())
      if (!after.has(name)) this.removeProperty(node, name, wasRequired.has(name));
    for (const name of isRequired)
      if (!wasRequired.has(name) && (before.has(name) || !after.has(name)))
        this.add(node, 'required.added', `${nameValue(name)} is required now`, {
          at: 'required',
          demand: this.requiredDemand(name),
        });
    for (const name of wasRequired)
      if (!isRequired.has(name) && (after.has(name) || !before.has(name)))
        this.add(node, 'required.removed', `${nameValue(name)} is no longer required`, {
          at: 'required',
          demand: this.requiredDemand(name),
        });
    this.compareAdditional(node, new Set([...before.keys(), ...after.keys()]));
  }

  private requiredDemand(name: string): Formula {
    return this.query.formulas.required(name);
  }

  private addProperty(node: Node, name: string, at: string, isRequired: boolean): void {
    const { formulas } = this.query;
    const property = this.propertyDemand(node, name);
    if (isRequired) {
      this.add(node, 'prop.added.required', `${nameValue(name)} was added, and is required`, {
        at,
        demand: formulas.and([property, formulas.required(name)]),
      });
      return;
    }
    const variant = isClosed(node.before) ? 'closed' : 'open';
    const message =
      variant === 'closed'
        ? `${nameValue(name)} was added`
        : `${nameValue(name)} was added where any property was allowed before`;
    this.add(node, 'prop.added.optional', message, { at, variant, demand: property });
  }

  private removeProperty(node: Node, name: string, wasRequired: boolean): void {
    const { formulas } = this.query;
    const openness = isClosed(node.after) ? 'closed' : 'open';
    const property = this.propertyDemand(node, name);
    this.add(
      node,
      'prop.removed',
      openness === 'closed'
        ? `${nameValue(name)} was removed, and is refused now`
        : `${nameValue(name)} was removed; it may still be there, with any value`,
      {
        at: `properties/${escapePointer(name)}`,
        variant: wasRequired ? `required.${openness}` : openness,
        demand:
          wasRequired && this.query.direction === 'output'
            ? formulas.and([property, formulas.required(name)])
            : property,
      },
    );
  }

  /** What the refusing side demands of the property `name`, declared or not. */
  private propertyDemand(node: Node, name: string): Formula {
    const { formulas, direction } = this.query;
    const schema = direction === 'input' ? node.after : node.before;
    const declared = mapOf(schema, 'properties').get(name);
    const side = direction === 'input' ? this.query.after : this.query.before;
    const value =
      declared === undefined
        ? isClosed(schema)
          ? formulas.false
          : formulas.true
        : side.compiler.compile(declared, node.path);
    return formulas.property(name, value);
  }

  private compareAdditional(node: Node, names: ReadonlySet<string>): void {
    const patternsBefore = mapOf(node.before, 'patternProperties');
    const patternsAfter = mapOf(node.after, 'patternProperties');
    for (const pattern of new Set([...patternsBefore.keys(), ...patternsAfter.keys()])) {
      const before = patternsBefore.get(pattern);
      const after = patternsAfter.get(pattern);
      if (canonical(before) === canonical(after)) continue;
      this.add(
        node,
        'patternProperties.changed',
        `patternProperties ${nameValue(pattern)} changed`,
        {
          at: `patternProperties/${escapePointer(pattern)}`,
          demand: this.demand(node, ['patternProperties', 'additionalProperties', 'properties']),
        },
      );
    }
    const before = ownValue(node.before, 'additionalProperties') ?? true;
    const after = ownValue(node.after, 'additionalProperties') ?? true;
    if (canonical(before) === canonical(after)) return;
    const steps = [...node.steps, { property: freshName(names) }];
    if ((before === false) !== (after === false)) {
      this.add(
        node,
        after === false ? 'additionalProperties.closed' : 'additionalProperties.opened',
        after === false
          ? 'properties that are not listed are refused now'
          : 'properties that are not listed are allowed now',
        {
          at: 'additionalProperties',
          steps,
          demand: this.query.formulas.false,
        },
      );
      return;
    }
    this.compare(before, after, `${node.path}/additionalProperties`, steps);
  }

  private compareArrays(node: Node): void {
    const before = itemsOf(node.before, this.query.before.document);
    const after = itemsOf(node.after, this.query.after.document);
    const length = Math.max(before.prefix.length, after.prefix.length);
    for (let at = 0; at < length; at++) {
      const keyword = isSince(this.query.after.document.dialect, '2020-12')
        ? 'prefixItems'
        : 'items';
      this.compare(
        before.prefix[at] ?? before.rest,
        after.prefix[at] ?? after.rest,
        `${node.path}/${keyword}/${at}`,
        [...node.steps, { item: at }],
      );
    }
    if (canonical(before.rest) !== canonical(after.rest) || typeof before.rest === 'object')
      this.compare(before.rest, after.rest, `${node.path}/items`, [
        ...node.steps,
        { item: length },
      ]);
  }

  /** Branches that are equal, or of which one alone differs on either side, are paired; others came or went. */
  private compareBranches(node: Node, keyword: 'anyOf' | 'oneOf'): void {
    const before = listOf<Json>(node.before, keyword);
    const after = listOf<Json>(node.after, keyword);
    if (before.length === 0 && after.length === 0) return;
    const known = new Set(before.map(canonical));
    const kept = new Set(after.map(canonical));
    const lost = before.filter((branch) => !kept.has(canonical(branch)));
    const gained = after.filter((branch) => !known.has(canonical(branch)));
    if (before.length === 0 || after.length === 0) {
      const verb = before.length === 0 ? 'introduced' : 'dropped';
      this.add(node, `${keyword}.${verb}`, `${keyword} was ${verb}`, {
        at: keyword,
        demand: this.demand(node, [keyword]),
      });
      return;
    }
    if (lost.length === 1 && gained.length === 1) {
      const at = after.indexOf(gained[0]!);
      this.compare(lost[0]!, gained[0]!, `${node.path}/${keyword}/${at}`, node.steps);
      return;
    }
    const { before: old, after: recent } = this.query;
    for (const branch of lost) {
      const at = before.indexOf(branch);
      const inner = old.compiler.compile(branch, node.path);
      const outer = recent.compiler.compileKeywords(node.after, [keyword], node.path);
      if (keyword === 'anyOf' && this.query.isWithin(inner, outer) === true) continue;
      this.add(node, `${keyword}.branch.removed`, `a branch was removed: ${nameSchema(branch)}`, {
        at: `${keyword}/${at}`,
        demand: this.demand(node, [keyword]),
      });
    }
    for (const branch of gained) {
      const at = after.indexOf(branch);
      const inner = recent.compiler.compile(branch, node.path);
      const outer = old.compiler.compileKeywords(node.before, [keyword], node.path);
      if (keyword === 'anyOf' && this.query.isWithin(inner, outer) === true) continue;
      this.add(node, `${keyword}.branch.added`, `a branch was added: ${nameSchema(branch)}`, {
        at: `${keyword}/${at}`,
        demand: this.demand(node, [keyword]),
      });
    }
  }

  private compareWhole(node: Node): void {
    for (const keyword of wholeKeywords) {
      const before = ownValue(node.before, keyword);
      const after = ownValue(node.after, keyword);
      if (canonical(before) === canonical(after)) continue;
      const verb = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
      const together =
        keyword === 'if' || keyword === 'then' || keyword === 'else'
          ? ['if', 'then', 'else']
          : keyword.toLowerCase().includes('contains')
            ? ['contains', 'minContains', 'maxContains']
            : [keyword];
      this.add(node, `${keyword}.changed`, `${keyword} was ${verb}`, {
        at: keyword,
        demand: this.demand(node, together),
      });
    }
  }
}

interface Bound {
  limit: number;
  exclusive: boolean;
}

function boundOf(
  schema: SchemaObject,
  keyword: 'minimum' | 'maximum',
  { dialect }: SchemaDocument,
): Bound | undefined {
  const exclusive = ownValue(schema, exclusiveOf(keyword));
  const limit = limitOf(schema, keyword);
  if (dialect === 'draft-04') return limit && { ...limit, exclusive: exclusive === true };
  if (typeof exclusive !== 'number') return limit;
  const open = { limit: exclusive, exclusive: true };
  if (limit === undefined) return open;
  return compareBounds(limit, open, keyword === 'minimum') > 0 ? open : limit;
}

function limitOf(schema: SchemaObject, keyword: string): Bound | undefined {
  const limit = ownValue(schema, keyword);
  return typeof limit === 'number' ? { limit, exclusive: false } : undefined;
}

function exclusiveOf(keyword: string): string {
  return `exclusive${keyword[0]!.toUpperCase()}${keyword.slice(1)}`;
}

/** Above 0 when `after` lets less through, below 0 when it lets more through. */
function compareBounds(
  before: Bound | undefined,
  after: Bound | undefined,
  isLow: boolean,
): number {
  if (before === undefined || after === undefined)
    return before === after ? 0 : before === undefined ? 1 : -1;
  const order = compare(rationalOf(after.limit), rationalOf(before.limit));
  if (order !== 0) return isLow ? order : -order;
  return Number(after.exclusive) - Number(before.exclusive);
}

function nameBound(bound: Bound | undefined): string {
  if (bound === undefined) return 'none';
  return bound.exclusive ? `${bound.limit} (excluded)` : `${bound.limit}`;
}

const allTypes = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object'];

/** The types that a schema allows, numbers that are not whole apart. */
function typesOf(schema: SchemaObject): string[] {
  const type = ownValue(schema, 'type');
  if (type === undefined) return allTypes;
  const names = Array.isArray(type) ? type : [type];
  return allTypes.filter((name) =>
    name === 'fraction' || name === 'integer'
      ? names.includes('number') || names.includes(name)
      : names.includes(name),
  );
}

function nameTypes(schema: SchemaObject): string {
  const type = ownValue(schema, 'type');
  if (type === undefined) return 'any';
  return Array.isArray(type) ? type.join(' or ') : String(type);
}

function valuesOf(
  schema: SchemaObject,
  { dialect }: SchemaDocument,
): Map<string, Json> | undefined {
  const value = isSince(dialect, 'draft-06') ? ownValue(schema, 'const') : undefined;
  if (value !== undefined) return new Map([[canonicalJson(value), value]]);
  const values = ownValue(schema, 'enum');
  if (!Array.isArray(values)) return undefined;
  return new Map(values.map((member) => [canonicalJson(member), member]));
}

function mapOf(schema: SchemaObject, keyword: string): Map<string, Json> {
  const value = ownValue(schema, keyword);
  return new Map(isObject(value) ? Object.entries(value) : []);
}

function listOf<T = string>(schema: SchemaObject, keyword: string): T[] {
  const value = ownValue(schema, keyword);
  return Array.isArray(value) ? (value as T[]) : [];
}

function itemsOf(
  schema: SchemaObject,
  { dialect }: SchemaDocument,
): { prefix: Json[]; rest: Json } {
  const items = ownValue(schema, 'items');
  if (isSince(dialect, '2020-12'))
    return { prefix: listOf<Json>(schema, 'prefixItems'), rest: items ?? true };
  if (Array.isArray(items))
    return { prefix: items, rest: ownValue(schema, 'additionalItems') ?? true };
  return { prefix: [], rest: items ?? true };
}

function isClosed(schema: SchemaObject): boolean {
  return (
    ownValue(schema, 'additionalProperties') === false ||
    ownValue(schema, 'unevaluatedProperties') === false
  );
}

/** A name that none of the properties has. */
function freshName(names: ReadonlySet<string>): string {
  let name = 'extra';
  for (let count = 2; names.has(name); count++) name = `extra${count}`;
  return name;
}

function canonical(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function nameValue(value: Json | undefined): string {
  return value === undefined ? 'none' : shorten(canonicalJson(value));
}

function nameValues(values: readonly Json[]): string {
  const shown = values.slice(0, 5).map(nameValue).join(', ');
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown;
}

function nameSchema(schema: Json): string {
  return nameValue(schema);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
