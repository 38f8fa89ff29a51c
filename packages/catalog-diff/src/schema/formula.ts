import { canonicalJson } from './canonical-json.js';
import type { Json, JsonType } from './json.js';
import type { Pattern } from './pattern.js';
import type { Rational } from './rational.js';

/**
 * What a schema says of a value, as logic. Every assertion holds of a value of another type than its own, as in JSON
 * Schema: `minLength` says nothing of numbers. Equal formulas of one {@link Formulas} are one object.
 */
export type Formula = { readonly id: number } & (Connective | Assertion);

export type Connective =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'and' | 'or' | 'one'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  /** A schema that contains itself, at a place where something has been taken off the value. */
  | { readonly kind: 'reference'; target: Formula | undefined };

export type Assertion =
  | { readonly kind: 'types'; readonly types: ReadonlySet<JsonType> }
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, Json> }
  | NumberAssertion
  | StringAssertion
  | ArrayAssertion
  | ObjectAssertion
  /** A keyword that is not decided here; it may hold of any value, or of none. */
  | { readonly kind: 'undecided'; readonly keyword: string };

export type NumberAssertion =
  | { readonly kind: 'minimum' | 'maximum'; readonly limit: Rational; readonly exclusive: boolean }
  | { readonly kind: 'multipleOf'; readonly step: Rational };

export type StringAssertion =
  | { readonly kind: 'minLength' | 'maxLength'; readonly limit: number }
  | { readonly kind: 'pattern'; readonly pattern: Pattern };

export type ArrayAssertion =
  | { readonly kind: 'minItems' | 'maxItems'; readonly limit: number }
  | { readonly kind: 'uniqueItems' }
  /** The item at `prefix[i]`, and every one behind them. */
  | { readonly kind: 'items'; readonly prefix: readonly Formula[]; readonly rest: Formula }
  /** So many items, at least or at most, for which `item` holds. */
  | {
      readonly kind: 'minContains' | 'maxContains';
      readonly item: Formula;
      readonly limit: number;
    };

export type ObjectAssertion =
  | { readonly kind: 'minProperties' | 'maxProperties'; readonly limit: number }
  | { readonly kind: 'required'; readonly name: string }
  /** The property `name`, if it is there. */
  | { readonly kind: 'property'; readonly name: string; readonly value: Formula }
  | { readonly kind: 'patternProperty'; readonly pattern: Pattern; readonly value: Formula }
  /** Every property but those of `names` and those whose name matches one of `patterns`. */
  | {
      readonly kind: 'additional';
      readonly names: ReadonlySet<string>;
      readonly patterns: readonly Pattern[];
      readonly value: Formula;
    }
  | { readonly kind: 'propertyNames'; readonly name: Formula };

/** A formula that has to hold, or not to hold. */
export interface Literal {
  readonly formula: Formula;
  readonly holds: boolean;
}

/** The type of which an assertion says something; undefined: of any. */
export function subjectOf(formula: Formula): JsonType | undefined {
  switch (formula.kind) {
    case 'minimum':
    case 'maximum':
    case 'multipleOf':
      return 'number';
    case 'minLength':
    case 'maxLength':
    case 'pattern':
      return 'string';
    case 'minItems':
    case 'maxItems':
    case 'uniqueItems':
    case 'items':
    case 'minContains':
    case 'maxContains':
      return 'array';
    case 'minProperties':
    case 'maxProperties':
    case 'required':
    case 'property':
    case 'patternProperty':
    case 'additional':
    case 'propertyNames':
      return 'object';
    default:
      return undefined;
  }
}

/** Makes formulas, each once. */
export class Formulas {
  readonly true: Formula;
  readonly false: Formula;
  private readonly known = new Map<string, Formula>();
  private count = 0;

  constructor() {
    this.true = this.make('true', { kind: 'true' });
    this.false = this.make('false', { kind: 'false' });
  }

  and(parts: readonly Formula[]): Formula {
    const unique = new Set<Formula>();
    for (const part of parts) {
      if (part.kind === 'false') return this.false;
      if (part.kind === 'and') part.parts.forEach((inner) => unique.add(inner));
      else if (part.kind !== 'true') unique.add(part);
    }
    return this.join('and', unique, this.true);
  }

  or(parts: readonly Formula[]): Formula {
    const unique = new Set<Formula>();
    for (const part of parts) {
      if (part.kind === 'true') return this.true;
      if (part.kind === 'or') part.parts.forEach((inner) => unique.add(inner));
      else if (part.kind !== 'false') unique.add(part);
    }
    return this.join('or', unique, this.false);
  }

  /** Exactly one of them; the same formula twice counts twice. */
  one(parts: readonly Formula[]): Formula {
    const live = parts.filter(({ kind }) => kind !== 'false');
    if (live.length === 0) return this.false;
    if (live.length === 1) return live[0]!;
    const sorted = live.toSorted((left, right) => left.id - right.id);
    return this.make(`one ${ids(sorted)}`, { kind: 'one', parts: sorted });
  }

  not(part: Formula): Formula {
    if (part.kind === 'true') return this.false;
    if (part.kind === 'false') return this.true;
    if (part.kind === 'not') return part.part;
    return this.make(`not ${part.id}`, { kind: 'not', part });
  }

  /** A formula that is filled in later. */
  reference(): Formula & { kind: 'reference' } {
    const key = `reference ${this.count}`;
    return this.make(key, { kind: 'reference', target: undefined }) as Formula & {
      kind: 'reference';
    };
  }

  undecided(keyword: string, key: string): Formula {
    return this.make(`undecided ${keyword} ${key}`, { kind: 'undecided', keyword });
  }

  types(types: Iterable<JsonType>): Formula {
    const set = new Set(types);
    if (set.size === 6) return this.true;
    if (set.size === 0) return this.false;
    return this.make(`types ${[...set].sort().join()}`, { kind: 'types', types: set });
  }

  values(values: readonly Json[]): Formula {
    if (values.length === 0) return this.false;
    const map = new Map(values.map((value) => [canonicalJson(value), value]));
    return this.make(`values ${[...map.keys()].sort().join()}`, { kind: 'values', values: map });
  }

  bound(kind: 'minimum' | 'maximum', limit: Rational, exclusive: boolean): Formula {
    return this.make(`${kind} ${limit.num}/${limit.den} ${exclusive}`, { kind, limit, exclusive });
  }

  multipleOf(step: Rational): Formula {
    return this.make(`multipleOf ${step.num}/${step.den}`, { kind: 'multipleOf', step });
  }

  /** A count of characters, items or properties. */
  size(
    kind: 'minLength' | 'maxLength' | 'minItems' | 'maxItems' | 'minProperties' | 'maxProperties',
    limit: number,
  ): Formula {
    if (kind.startsWith('min') && limit <= 0) return this.true;
    return this.make(`${kind} ${limit}`, { kind, limit });
  }

  pattern(pattern: Pattern): Formula {
    return this.make(`pattern ${JSON.stringify(pattern.source)}`, { kind: 'pattern', pattern });
  }

  uniqueItems(): Formula {
    return this.make('uniqueItems', { kind: 'uniqueItems' });
  }

  items(prefix: readonly Formula[], rest: Formula): Formula {
    const end = prefix.findLastIndex((item) => item !== rest) + 1;
    const kept = prefix.slice(0, end);
    if (kept.length === 0 && rest.kind === 'true') return this.true;
    return this.make(`items ${ids(kept)} ${rest.id}`, { kind: 'items', prefix: kept, rest });
  }

  contains(kind: 'minContains' | 'maxContains', item: Formula, limit: number): Formula {
    if (kind === 'minContains' && limit <= 0) return this.true;
    return this.make(`${kind} ${item.id} ${limit}`, { kind, item, limit });
  }

  required(name: string): Formula {
    return this.make(`required ${JSON.stringify(name)}`, { kind: 'required', name });
  }

  property(name: string, value: Formula): Formula {
    if (value.kind === 'true') return this.true;
    return this.make(`property ${value.id} ${JSON.stringify(name)}`, {
      kind: 'property',
      name,
      value,
    });
  }

  patternProperty(pattern: Pattern, value: Formula): Formula {
    if (value.kind === 'true') return this.true;
    return this.make(`patternProperty ${value.id} ${JSON.stringify(pattern.source)}`, {
      kind: 'patternProperty',
      pattern,
      value,
    });
  }

  additional(names: Iterable<string>, patterns: readonly Pattern[], value: Formula): Formula {
    if (value.kind === 'true') return this.true;
    const known = new Set(names);
    const sources = patterns.map(({ source }) => source).sort();
    return this.make(`additional ${value.id} ${JSON.stringify([[...known].sort(), sources])}`, {
      kind: 'additional',
      names: known,
      patterns,
      value,
    });
  }

  propertyNames(name: Formula): Formula {
    if (name.kind === 'true') return this.true;
    return this.make(`propertyNames ${name.id}`, { kind: 'propertyNames', name });
  }

  private join(kind: 'and' | 'or', parts: ReadonlySet<Formula>, empty: Formula): Formula {
    const sorted = [...parts].sort((left, right) => left.id - right.id);
    if (sorted.length === 0) return empty;
    if (sorted.length === 1) return sorted[0]!;
    return this.make(`${kind} ${ids(sorted)}`, { kind, parts: sorted });
  }

  private make(key: string, formula: Connective | Assertion): Formula {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made: Formula = { id: this.count++, ...formula };
    this.known.set(key, made);
    return made;
  }
}

function ids(formulas: readonly Formula[]): string {
  return formulas.map(({ id }) => id).join();
}
