import type { Formula, Formulas } from './formula.js';
import { isObject, ownValue } from './json.js';
import { matchesPattern } from './match-pattern.js';
import type { Pattern } from './pattern.js';
import { isSince, type Dialect } from './dialect.js';
import type { SchemaObject } from './schema-document.js';

/** A schema that is applied to the same value as another, within it. */
export interface PartInPlace {
  readonly schema: SchemaObject;
  /** When it holds of the value, and so do those around it: only then counts what it evaluates. */
  readonly when: Formula;
  /** What the items are that its `contains` looks for. */
  readonly contains?: Formula;
}

/** Most patterns, and most conditions of items, whose combinations are written out. */
const maxCombined = 6;

/**
 * What `unevaluatedProperties` says, as logic: each property that no part evaluates is as `value` says. Undefined when
 * there are too many patterns to tell their combinations apart.
 *
 * @param parts the schema that has the keyword first
 * @param pattern the pattern of a source; undefined for one that has no linear form
 */
export function unevaluatedProperties(
  parts: readonly PartInPlace[],
  value: Formula,
  formulas: Formulas,
  pattern: (source: string) => Pattern | undefined,
): Formula | undefined {
  const whole: Formula[] = [];
  const names = new Map<string, Formula[]>();
  const patterns = new Map<string, Formula[]>();
  for (const [at, { schema, when }] of parts.entries()) {
    for (const name of keysOf(schema, 'properties')) note(names, name, when);
    for (const source of keysOf(schema, 'patternProperties')) note(patterns, source, when);
    if (ownValue(schema, 'additionalProperties') !== undefined) whole.push(when);
    // One of a part inside: when it holds, every property has been evaluated.
    if (at > 0 && ownValue(schema, 'unevaluatedProperties') !== undefined) whole.push(when);
  }
  const parsed = new Map<string, Pattern>();
  for (const source of patterns.keys()) {
    const one = pattern(source);
    if (one === undefined) return undefined;
    parsed.set(source, one);
  }
  const conditional = [...patterns].filter(([, when]) => formulas.or(when).kind !== 'true');
  if (conditional.length > maxCombined) return undefined;
  const always = [...parsed].filter(([source]) => !conditional.some(([one]) => one === source));
  const named = [...names].map(([name, when]) => {
    const matching = [...parsed].filter(([, one]) => matchesPattern(one, name));
    const evaluated = matching.flatMap(([source]) => patterns.get(source)!);
    return formulas.or([formulas.property(name, value), ...whole, ...when, ...evaluated]);
  });
  const others = subsetsOf(conditional).map(({ chosen, left }) => {
    const known = [...always.map(([, one]) => one), ...chosen.map(([one]) => parsed.get(one)!)];
    const rest = formulas.additional(names.keys(), known, value);
    return formulas.or([rest, ...whole, ...left.flatMap(([, when]) => when)]);
  });
  return formulas.and([...named, ...others]);
}

/**
 * What `unevaluatedItems` says, as logic: each item that no part evaluates is as `value` says. Undefined when `contains`
 * stands under too many conditions.
 *
 * @param parts the schema that has the keyword first
 */
export function unevaluatedItems(
  parts: readonly PartInPlace[],
  value: Formula,
  formulas: Formulas,
  dialect: Dialect,
): Formula | undefined {
  const isModern = isSince(dialect, '2020-12');
  const whole: Formula[] = [];
  const counts = new Map<number, Formula[]>([[0, [formulas.true]]]);
  const contained = new Map<Formula, Formula[]>();
  for (const [at, { schema, when, contains }] of parts.entries()) {
    const items = ownValue(schema, 'items');
    const prefix = isModern ? ownValue(schema, 'prefixItems') : items;
    if (Array.isArray(prefix)) note(counts, prefix.length, when);
    const isWhole =
      (items !== undefined && !Array.isArray(items)) ||
      (!isModern && Array.isArray(items) && ownValue(schema, 'additionalItems') !== undefined) ||
      (at > 0 && ownValue(schema, 'unevaluatedItems') !== undefined);
    if (isWhole) whole.push(when);
    if (isModern && contains !== undefined) note(contained, contains, when);
  }
  const conditional = [...contained].filter(([, when]) => formulas.or(when).kind !== 'true');
  if (conditional.length > maxCombined) return undefined;
  const always = [...contained.keys()].filter((item) => !conditional.some(([one]) => one === item));
  const clauses = subsetsOf(conditional).flatMap(({ chosen, left }) => {
    const item = formulas.or([value, ...always, ...chosen.map(([one]) => one)]);
    return [...counts.keys()].map((count) => {
      const longer = [...counts].filter(([other]) => other > count).flatMap(([, when]) => when);
      const rest = formulas.items(Array<Formula>(count).fill(formulas.true), item);
      return formulas.or([rest, ...whole, ...longer, ...left.flatMap(([, when]) => when)]);
    });
  });
  return formulas.and(clauses);
}

function keysOf(schema: SchemaObject, keyword: string): string[] {
  const value = ownValue(schema, keyword);
  return isObject(value) ? Object.keys(value) : [];
}

function note<Key>(map: Map<Key, Formula[]>, key: Key, when: Formula): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [when]);
  else known.push(when);
}

/** Every way to choose some of a few. */
function subsetsOf<T>(all: readonly T[]): { chosen: T[]; left: T[] }[] {
  return Array.from({ length: 2 ** all.length }, (_, mask) => ({
    chosen: all.filter((_one, at) => (mask >> at) % 2 === 1),
    left: all.filter((_one, at) => (mask >> at) % 2 === 0),
  }));
}
