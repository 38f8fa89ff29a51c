import { canonicalJson } from './canonical-json.js';
import { isSince } from './dialect.js';
import { unevaluatedItems, unevaluatedProperties, type PartInPlace } from './evaluated-parts.js';
import type { Formula, Formulas } from './formula.js';
import { isObject, ownValue, type Json, type JsonType } from './json.js';
import { parsePattern, type Pattern } from './pattern.js';
import { rational, rationalOf } from './rational.js';
import { emptyScope, type SchemaDocument, type SchemaObject } from './schema-document.js';

/** Why a schema cannot be read; `pointer` leads to the keyword. */
export interface SchemaProblem {
  readonly rule: 'ref.network' | 'schema.invalid';
  readonly keyword: string;
  readonly pointer: string;
  readonly message: string;
}

/** Deepest nesting of schemas that is followed. */
const maxDepth = 1200;

export class SchemaProblemError extends Error {
  readonly problem: SchemaProblem;

  constructor(problem: SchemaProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const unevaluatedKeywords = ['unevaluatedProperties', 'unevaluatedItems'];

/** Most schemas that are looked at for what they evaluate of one value. */
const maxParts = 200;

/** What is compiled, and what is being compiled, in one dynamic scope. */
interface KnownFormulas {
  readonly compiled: Map<object, Formula>;
  readonly open: Map<object, OpenFormula>;
}

interface OpenFormula {
  readonly level: number;
  reference: (Formula & { kind: 'reference' }) | undefined;
}

const typeNames = new Set(['null', 'boolean', 'number', 'string', 'array', 'object']);

/**
 * Turns the schemas of one document into formulas: each keyword as the document's dialect means it, annotations left
 * out, references followed within the document.
 */
export class SchemaCompiler {
  private readonly document: SchemaDocument;
  private readonly formulas: Formulas;
  /** By the key of the dynamic scope: dynamic references lead elsewhere in another one. */
  private readonly known = new Map<string, KnownFormulas>();
  private dynamicScope = emptyScope;
  private readonly patterns = new Map<string, Pattern | undefined>();
  /** How many steps into the value have been taken; a reference back without any never ends. */
  private level = 0;
  private depth = 0;
  private readonly scope: string;
  /** Whether there is a keyword that is not decided here, and of which validators are known to differ. */
  hasDisputed = false;

  constructor(document: SchemaDocument, formulas: Formulas) {
    this.document = document;
    this.formulas = formulas;
    this.scope = `document ${formulas.reference().id}`;
  }

  /**
   * The formula of a schema of the document.
   *
   * @throws {SchemaProblemError} for what is no schema, and for a reference that leads out of the document.
   */
  compile(schema: Json, pointer: string): Formula {
    if (schema === true) return this.formulas.true;
    if (schema === false) return this.formulas.false;
    if (!isObject(schema)) throw invalid(pointer, 'a schema must be an object or a boolean');
    return this.within(schema, () => {
      const { compiled, open } = this.knownFormulas();
      const known = compiled.get(schema);
      if (known !== undefined) return known;
      const entry = open.get(schema);
      if (entry === undefined) return this.compileNew(schema, pointer);
      if (entry.level === this.level)
        throw invalid(pointer, 'the $ref comes back without taking anything off the value', '$ref');
      return (entry.reference ??= this.formulas.reference());
    });
  }

  /** Does something in the dynamic scope of a schema. */
  private within<T>(schema: SchemaObject, work: () => T): T {
    const outer = this.dynamicScope;
    this.dynamicScope = this.document.enterScope(schema, outer);
    const result = work();
    this.dynamicScope = outer;
    return result;
  }

  private knownFormulas(): KnownFormulas {
    const { key } = this.dynamicScope;
    const known = this.known.get(key) ?? { compiled: new Map(), open: new Map() };
    this.known.set(key, known);
    return known;
  }

  /** The formula of some keywords of a schema alone; what is unevaluated goes by the others too. */
  compileKeywords(schema: SchemaObject, keywords: readonly string[], pointer: string): Formula {
    const kept = Object.entries(schema).filter(
      ([keyword]) => keywords.includes(keyword) && !keyword.startsWith('unevaluated'),
    );
    return this.formulas.and([
      ...this.assertions(Object.fromEntries(kept), pointer),
      ...this.unevaluated(schema, pointer, keywords),
    ]);
  }

  private compileNew(schema: SchemaObject, pointer: string): Formula {
    if (++this.depth > maxDepth)
      throw invalid(pointer, `schemas nested more than ${maxDepth} deep`);
    const { compiled, open } = this.knownFormulas();
    const entry: OpenFormula = { level: this.level, reference: undefined };
    open.set(schema, entry);
    const formula = this.formulas.and(this.assertions(schema, pointer));
    open.delete(schema);
    this.depth--;
    if (entry.reference !== undefined) entry.reference.target = formula;
    compiled.set(schema, formula);
    return formula;
  }

  private assertions(schema: SchemaObject, pointer: string): Formula[] {
    const reference = ownValue(schema, '$ref');
    if (reference !== undefined && !this.since('2019-09'))
      return [this.reference(schema, '$ref', pointer)];
    return [
      ...this.references(schema, pointer),
      ...this.anyType(schema, pointer),
      ...this.numbers(schema, pointer),
      ...this.strings(schema, pointer),
      ...this.arrays(schema, pointer),
      ...this.objects(schema, pointer),
      ...this.combinations(schema, pointer),
      ...this.unevaluated(schema, pointer),
    ];
  }

  private references(schema: SchemaObject, pointer: string): Formula[] {
    return ['$ref', this.dynamicKeyword()]
      .filter((keyword) => keyword !== undefined && ownValue(schema, keyword) !== undefined)
      .map((keyword) => this.reference(schema, keyword!, pointer));
  }

  private dynamicKeyword(): '$dynamicRef' | '$recursiveRef' | undefined {
    if (!this.since('2019-09')) return undefined;
    return this.since('2020-12') ? '$dynamicRef' : '$recursiveRef';
  }

  private reference(schema: SchemaObject, keyword: string, pointer: string): Formula {
    return this.compile(this.targetOf(schema, keyword, pointer), `${pointer}/${keyword}`);
  }

  /** What a reference leads to. */
  private targetOf(schema: SchemaObject, keyword: string, pointer: string): Json {
    const target = schema[keyword];
    const place = `${pointer}/${keyword}`;
    if (typeof target !== 'string') throw invalid(place, `${keyword} must be a string`, keyword);
    const resolution =
      keyword === '$ref'
        ? this.document.resolve(schema, target)
        : this.document.resolveDynamically(schema, target, this.dynamicScope);
    switch (resolution.kind) {
      case 'found':
        return resolution.schema;
      case 'missing':
        throw invalid(place, `${keyword} leads to ${target}, which is not there`, keyword);
      case 'network':
        throw new SchemaProblemError({
          rule: 'ref.network',
          keyword,
          pointer: place,
          message: `${keyword} leads to ${target}, out of the schema; nothing is fetched`,
        });
    }
  }

  private anyType(schema: SchemaObject, pointer: string): Formula[] {
    const found: Formula[] = [];
    const type = ownValue(schema, 'type');
    if (type !== undefined) found.push(this.type(type, `${pointer}/type`));
    const values = ownValue(schema, 'enum');
    if (values !== undefined) {
      if (!Array.isArray(values)) throw invalid(`${pointer}/enum`, 'enum must be an array', 'enum');
      found.push(this.formulas.values(values));
    }
    const value = ownValue(schema, 'const');
    if (value !== undefined && this.since('draft-06')) found.push(this.formulas.values([value]));
    return found;
  }

  private type(type: Json, pointer: string): Formula {
    const names = Array.isArray(type) ? type : [type];
    const isTyped = names.every(
      (name) => typeof name === 'string' && (name === 'integer' || typeNames.has(name)),
    );
    if (!isTyped || names.length === 0)
      throw invalid(pointer, `type cannot be ${JSON.stringify(type)}`, 'type');
    const types = new Set(names as string[]);
    const isInteger = types.delete('integer') && !types.has('number');
    if (names.includes('integer')) types.add('number');
    const formula = this.formulas.types(types as Set<JsonType>);
    return isInteger
      ? this.formulas.and([formula, this.formulas.multipleOf(rational(1n))])
      : formula;
  }

  private numbers(schema: SchemaObject, pointer: string): Formula[] {
    const found: Formula[] = [];
    for (const kind of ['minimum', 'maximum'] as const) {
      const limit = this.numberOf(schema, kind, pointer);
      const keyword = kind === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
      if (this.document.dialect === 'draft-04') {
        const exclusive = ownValue(schema, keyword) === true;
        if (limit !== undefined)
          found.push(this.formulas.bound(kind, rationalOf(limit), exclusive));
        continue;
      }
      if (limit !== undefined) found.push(this.formulas.bound(kind, rationalOf(limit), false));
      const open = this.numberOf(schema, keyword, pointer);
      if (open !== undefined) found.push(this.formulas.bound(kind, rationalOf(open), true));
    }
    const step = this.numberOf(schema, 'multipleOf', pointer);
    if (step !== undefined) {
      if (step <= 0)
        throw invalid(`${pointer}/multipleOf`, 'multipleOf must be above 0', 'multipleOf');
      found.push(this.formulas.multipleOf(rationalOf(step)));
    }
    return found;
  }

  private strings(schema: SchemaObject, pointer: string): Formula[] {
    const found = this.sizes(schema, ['minLength', 'maxLength'], pointer);
    const source = ownValue(schema, 'pattern');
    if (source !== undefined) {
      const pattern = this.pattern(source, 'pattern', `${pointer}/pattern`);
      found.push(pattern ? this.formulas.pattern(pattern) : this.forStrings('pattern', source));
    }
    return found;
  }

  private forStrings(keyword: string, value: Json): Formula {
    const isOther = this.formulas.not(this.formulas.types(['string']));
    return this.formulas.or([isOther, this.undecided(keyword, value)]);
  }

  private arrays(schema: SchemaObject, pointer: string): Formula[] {
    const found = this.sizes(schema, ['minItems', 'maxItems'], pointer);
    const unique = ownValue(schema, 'uniqueItems') ?? false;
    if (typeof unique !== 'boolean')
      throw invalid(`${pointer}/uniqueItems`, 'uniqueItems must be a boolean', 'uniqueItems');
    if (unique) found.push(this.formulas.uniqueItems());
    found.push(this.items(schema, pointer));
    const item = ownValue(schema, 'contains');
    if (item !== undefined && this.since('draft-06')) {
      const formula = this.inside(item, `${pointer}/contains`);
      const counts = this.since('2019-09');
      const least = (counts ? this.numberOf(schema, 'minContains', pointer) : undefined) ?? 1;
      const most = counts ? this.numberOf(schema, 'maxContains', pointer) : undefined;
      found.push(this.formulas.contains('minContains', formula, least));
      if (most !== undefined) found.push(this.formulas.contains('maxContains', formula, most));
    }
    return found;
  }

  private items(schema: SchemaObject, pointer: string): Formula {
    const isModern = this.since('2020-12');
    const items = ownValue(schema, 'items');
    const tuple = isModern ? ownValue(schema, 'prefixItems') : items;
    const rest = isModern || !Array.isArray(items) ? items : ownValue(schema, 'additionalItems');
    const keyword = isModern ? 'prefixItems' : 'items';
    if (isModern && (Array.isArray(items) || (tuple !== undefined && !Array.isArray(tuple))))
      throw invalid(`${pointer}/${keyword}`, 'prefixItems takes an array, items a schema', keyword);
    const prefix = Array.isArray(tuple)
      ? tuple.map((item, at) => this.inside(item, `${pointer}/${keyword}/${at}`))
      : [];
    const restKeyword = Array.isArray(items) ? 'additionalItems' : 'items';
    return this.formulas.items(
      prefix,
      rest === undefined ? this.formulas.true : this.inside(rest, `${pointer}/${restKeyword}`),
    );
  }

  private objects(schema: SchemaObject, pointer: string): Formula[] {
    const { formulas } = this;
    const found = this.sizes(schema, ['minProperties', 'maxProperties'], pointer);
    for (const name of this.names(schema, 'required', pointer)) found.push(formulas.required(name));
    const properties = this.map(schema, 'properties', pointer);
    for (const [name, value] of properties) {
      const formula = this.inside(value, `${pointer}/properties/${escapePointer(name)}`);
      found.push(formulas.property(name, formula));
    }
    const patterns: Pattern[] = [];
    let unknownPattern: string | undefined;
    for (const [source, value] of this.map(schema, 'patternProperties', pointer)) {
      const place = `${pointer}/patternProperties/${escapePointer(source)}`;
      const pattern = this.pattern(source, 'patternProperties', place);
      const formula = this.inside(value, place);
      if (pattern === undefined) {
        unknownPattern = source;
        found.push(this.forObjects('patternProperties', [source, value]));
      } else {
        patterns.push(pattern);
        found.push(formulas.patternProperty(pattern, formula));
      }
    }
    const additional = ownValue(schema, 'additionalProperties');
    if (additional !== undefined) {
      const formula = this.inside(additional, `${pointer}/additionalProperties`);
      const names = properties.map(([name]) => name);
      found.push(
        unknownPattern === undefined
          ? formulas.additional(names, patterns, formula)
          : this.forObjects('patternProperties', [unknownPattern, additional, names]),
      );
    }
    const name = ownValue(schema, 'propertyNames');
    if (name !== undefined && this.since('draft-06'))
      found.push(formulas.propertyNames(this.inside(name, `${pointer}/propertyNames`)));
    for (const one of this.dependencies(schema, pointer)) found.push(one);
    return found;
  }

  private forObjects(keyword: string, value: Json): Formula {
    const isOther = this.formulas.not(this.formulas.types(['object']));
    return this.formulas.or([isOther, this.undecided(keyword, value)]);
  }

  private dependencies(schema: SchemaObject, pointer: string): Formula[] {
    const found: Formula[] = [];
    const isModern = this.since('2019-09');
    if (isModern && ownValue(schema, 'dependencies') !== undefined)
      found.push(this.forObjects('dependencies', schema['dependencies']!));
    const keywords = isModern ? ['dependentRequired', 'dependentSchemas'] : ['dependencies'];
    for (const keyword of keywords) {
      for (const [name, value] of this.map(schema, keyword, pointer)) {
        const place = `${pointer}/${keyword}/${escapePointer(name)}`;
        const consequence = Array.isArray(value)
          ? this.formulas.and(
              value
                .filter((other) => typeof other === 'string')
                .map((other) => this.formulas.required(other)),
            )
          : this.compile(value, place);
        const isOther = this.formulas.not(this.formulas.types(['object']));
        const isAbsent = this.formulas.not(this.formulas.required(name));
        found.push(this.formulas.or([isOther, isAbsent, consequence]));
      }
    }
    return found;
  }

  private combinations(schema: SchemaObject, pointer: string): Formula[] {
    const { formulas } = this;
    const found: Formula[] = [];
    const parts = (keyword: string): Formula[] | undefined => {
      const value = ownValue(schema, keyword);
      if (value === undefined) return undefined;
      if (!Array.isArray(value))
        throw invalid(`${pointer}/${keyword}`, `${keyword} must be an array`, keyword);
      return value.map((part, at) => this.compile(part, `${pointer}/${keyword}/${at}`));
    };
    const all = parts('allOf');
    if (all !== undefined) for (const one of all) found.push(one);
    const any = parts('anyOf');
    if (any !== undefined) found.push(formulas.or(any));
    const one = parts('oneOf');
    if (one !== undefined) found.push(formulas.one(one));
    const not = ownValue(schema, 'not');
    if (not !== undefined) found.push(formulas.not(this.compile(not, `${pointer}/not`)));
    const condition = ownValue(schema, 'if');
    if (condition !== undefined && this.since('draft-07')) {
      const formula = this.compile(condition, `${pointer}/if`);
      const branch = (keyword: string): Formula => {
        const value = ownValue(schema, keyword);
        return value === undefined ? formulas.true : this.compile(value, `${pointer}/${keyword}`);
      };
      found.push(
        formulas.or([formulas.not(formula), branch('then')]),
        formulas.or([formula, branch('else')]),
      );
    }
    return found;
  }

  private unevaluated(
    schema: SchemaObject,
    pointer: string,
    keywords: readonly string[] = unevaluatedKeywords,
  ): Formula[] {
    if (!this.since('2019-09')) return [];
    const { formulas } = this;
    const found: Formula[] = [];
    const [properties, items] = unevaluatedKeywords.map((keyword) =>
      keywords.includes(keyword) ? ownValue(schema, keyword) : undefined,
    );
    const parts =
      properties === undefined && items === undefined ? [] : this.partsInPlace(schema, pointer);
    if (properties !== undefined) {
      const value = this.inside(properties, `${pointer}/unevaluatedProperties`);
      found.push(
        (parts &&
          unevaluatedProperties(parts, value, formulas, (source) =>
            this.pattern(source, 'patternProperties', pointer),
          )) ??
          this.forObjects('unevaluatedProperties', schema),
      );
    }
    if (items !== undefined) {
      const value = this.inside(items, `${pointer}/unevaluatedItems`);
      const { dialect } = this.document;
      found.push(
        (parts && unevaluatedItems(parts, value, formulas, dialect)) ??
          this.forArrays('unevaluatedItems', schema),
      );
    }
    return found;
  }

  /** The schemas that are applied to the same value as `schema`, itself first; undefined for too many. */
  private partsInPlace(root: SchemaObject, pointer: string): PartInPlace[] | undefined {
    const { formulas } = this;
    const parts: PartInPlace[] = [];
    const seen = new Set<string>();
    const ids = new Map<object, number>();
    const visit = (schema: Json | undefined, when: Formula): void => {
      if (!isObject(schema) || when.kind === 'false' || parts.length > maxParts) return;
      this.within(schema, () => {
        if (!ids.has(schema)) ids.set(schema, ids.size);
        const key = `${ids.get(schema)} ${when.id} ${this.dynamicScope.key}`;
        if (seen.has(key)) return;
        seen.add(key);
        const item = ownValue(schema, 'contains');
        parts.push({
          schema,
          when,
          ...(item !== undefined && { contains: this.inside(item, pointer) }),
        });
        visitParts(schema, when);
      });
    };
    const visitIf = (schema: Json | undefined, ...conditions: Formula[]): void => {
      if (isObject(schema))
        visit(schema, formulas.and([...conditions, this.compile(schema, pointer)]));
    };
    const visitParts = (schema: SchemaObject, when: Formula): void => {
      for (const keyword of ['$ref', this.dynamicKeyword()])
        if (keyword !== undefined && ownValue(schema, keyword) !== undefined)
          visit(this.targetOf(schema, keyword, pointer), when);
      for (const part of listOf(schema, 'allOf')) visit(part, when);
      for (const part of [...listOf(schema, 'anyOf'), ...listOf(schema, 'oneOf')])
        visitIf(part, when);
      const condition = ownValue(schema, 'if');
      if (condition !== undefined) {
        const holds = this.compile(condition, pointer);
        visit(condition, formulas.and([when, holds]));
        visitIf(ownValue(schema, 'then'), when, holds);
        visitIf(ownValue(schema, 'else'), when, formulas.not(holds));
      }
      const dependent = ownValue(schema, 'dependentSchemas');
      for (const [name, part] of isObject(dependent) ? Object.entries(dependent) : [])
        visitIf(part, when, formulas.required(name), formulas.types(['object']));
    };
    visit(root, formulas.true);
    return parts.length > maxParts ? undefined : parts;
  }

  private forArrays(keyword: string, value: Json): Formula {
    const isOther = this.formulas.not(this.formulas.types(['array']));
    return this.formulas.or([isOther, this.undecided(keyword, value)]);
  }

  /** Compiles a schema for a part of the value. */
  private inside(schema: Json, pointer: string): Formula {
    this.level++;
    const formula = this.compile(schema, pointer);
    this.level--;
    return formula;
  }

  private sizes(
    schema: SchemaObject,
    keywords: readonly Parameters<Formulas['size']>[0][],
    pointer: string,
  ): Formula[] {
    return keywords.flatMap((keyword) => {
      const limit = this.numberOf(schema, keyword, pointer);
      return limit === undefined ? [] : [this.formulas.size(keyword, limit)];
    });
  }

  private numberOf(schema: SchemaObject, keyword: string, pointer: string): number | undefined {
    const value = ownValue(schema, keyword);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw invalid(`${pointer}/${keyword}`, `${keyword} must be a number`, keyword);
    return value;
  }

  private names(schema: SchemaObject, keyword: string, pointer: string): string[] {
    const value = ownValue(schema, keyword);
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.some((name) => typeof name !== 'string'))
      throw invalid(`${pointer}/${keyword}`, `${keyword} must be an array of names`, keyword);
    return value as string[];
  }

  private map(schema: SchemaObject, keyword: string, pointer: string): [string, Json][] {
    const value = ownValue(schema, keyword);
    if (value === undefined) return [];
    if (!isObject(value))
      throw invalid(`${pointer}/${keyword}`, `${keyword} must be an object`, keyword);
    return Object.entries(value);
  }

  private pattern(source: Json, keyword: string, pointer: string): Pattern | undefined {
    if (typeof source !== 'string') throw invalid(pointer, `${keyword} must be a string`, keyword);
    if (!this.patterns.has(source)) this.patterns.set(source, parsePattern(source));
    return this.patterns.get(source);
  }

  /** The same keyword with the same value is the same formula in both documents, unless it refers to its own. */
  private undecided(keyword: string, value: Json): Formula {
    if (keyword !== 'pattern' && keyword !== 'patternProperties') this.hasDisputed = true;
    const text = canonicalJson(value);
    const scope = /"\$(?:dynamic|recursive)?[rR]ef"/.test(text)
      ? this.scope
      : this.document.dialect;
    return this.formulas.undecided(keyword, `${scope} ${text}`);
  }

  private since(dialect: Parameters<typeof isSince>[1]): boolean {
    return isSince(this.document.dialect, dialect);
  }
}

function listOf(schema: SchemaObject, keyword: string): readonly Json[] {
  const value = ownValue(schema, keyword);
  return Array.isArray(value) ? value : [];
}

export function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

function invalid(pointer: string, message: string, keyword?: string): SchemaProblemError {
  const named = keyword ?? pointer.slice(pointer.lastIndexOf('/') + 1);
  return new SchemaProblemError({ rule: 'schema.invalid', keyword: named, pointer, message });
}
