import { canonicalJson } from './canonical-json.js';
import type { Formula } from './formula.js';
import { subjectOf } from './formula.js';
import { isObject, typeOf, type Json } from './json.js';
import { matchesPattern } from './match-pattern.js';
import { compare, isMultiple, rationalOf } from './rational.js';

/**
 * Whether a formula holds of a value, with exact numbers and in time linear in both for what is decided; undefined
 * where that hangs on an undecided keyword.
 */
export function evaluate(formula: Formula, value: Json): boolean | undefined {
  const subject = subjectOf(formula);
  if (subject !== undefined && typeOf(value) !== subject) return true;
  switch (formula.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'undecided':
      return undefined;
    case 'and':
      return every(formula.parts, (part) => evaluate(part, value));
    case 'or':
      return negate(every(formula.parts, (part) => negate(evaluate(part, value))));
    case 'one':
      return exactlyOne(formula.parts.map((part) => evaluate(part, value)));
    case 'not':
      return negate(evaluate(formula.part, value));
    case 'reference':
      return evaluate(formula.target!, value);
    case 'types':
      return formula.types.has(typeOf(value));
    case 'values':
      return formula.values.has(canonicalJson(value));
    case 'minimum':
    case 'maximum': {
      const order = compare(rationalOf(value as number), formula.limit);
      if (order === 0) return !formula.exclusive;
      return formula.kind === 'minimum' ? order > 0 : order < 0;
    }
    case 'multipleOf':
      return isMultiple(rationalOf(value as number), formula.step);
    case 'minLength':
      return lengthOf(value as string) >= formula.limit;
    case 'maxLength':
      return lengthOf(value as string) <= formula.limit;
    case 'pattern':
      return matchesPattern(formula.pattern, value as string);
    default:
      return Array.isArray(value)
        ? evaluateArray(formula, value)
        : evaluateObject(formula, isObject(value) ? value : {});
  }
}

/** The number of characters, as JSON Schema counts them. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

function evaluateArray(formula: Formula, items: readonly Json[]): boolean | undefined {
  switch (formula.kind) {
    case 'minItems':
      return items.length >= formula.limit;
    case 'maxItems':
      return items.length <= formula.limit;
    case 'uniqueItems':
      return new Set(items.map(canonicalJson)).size === items.length;
    case 'items':
      return every(items, (item, at) => evaluate(formula.prefix[at] ?? formula.rest, item));
    case 'minContains':
    case 'maxContains': {
      const results = items.map((item) => evaluate(formula.item, item));
      const least = results.filter((holds) => holds === true).length;
      const most = least + results.filter((holds) => holds === undefined).length;
      if (formula.kind === 'minContains')
        return least >= formula.limit ? true : most >= formula.limit ? undefined : false;
      return most <= formula.limit ? true : least <= formula.limit ? undefined : false;
    }
    default:
      return true;
  }
}

function evaluateObject(
  formula: Formula,
  object: { readonly [name: string]: Json },
): boolean | undefined {
  const names = Object.keys(object);
  switch (formula.kind) {
    case 'minProperties':
      return names.length >= formula.limit;
    case 'maxProperties':
      return names.length <= formula.limit;
    case 'required':
      return Object.hasOwn(object, formula.name);
    case 'property':
      return Object.hasOwn(object, formula.name)
        ? evaluate(formula.value, object[formula.name]!)
        : true;
    case 'patternProperty':
      return every(names, (name) =>
        matchesPattern(formula.pattern, name) ? evaluate(formula.value, object[name]!) : true,
      );
    case 'additional':
      return every(names, (name) =>
        formula.names.has(name) || formula.patterns.some((pattern) => matchesPattern(pattern, name))
          ? true
          : evaluate(formula.value, object[name]!),
      );
    case 'propertyNames':
      return every(names, (name) => evaluate(formula.name, name));
    default:
      return true;
  }
}

function every<T>(
  subjects: readonly T[],
  holds: (subject: T, at: number) => boolean | undefined,
): boolean | undefined {
  let result: boolean | undefined = true;
  for (const [at, subject] of subjects.entries()) {
    const outcome = holds(subject, at);
    if (outcome === false) return false;
    if (outcome === undefined) result = undefined;
  }
  return result;
}

function exactlyOne(results: readonly (boolean | undefined)[]): boolean | undefined {
  const passed = results.filter((holds) => holds === true).length;
  if (passed > 1) return false;
  if (results.includes(undefined)) return undefined;
  return passed === 1;
}

function negate(holds: boolean | undefined): boolean | undefined {
  return holds === undefined ? undefined : !holds;
}
