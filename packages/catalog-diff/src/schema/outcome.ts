import type { Formula, Literal } from './formula.js';
import type { Json } from './json.js';

/** What the search for a value came to. */
export type Outcome =
  /** There is no such value. */
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly value: Json }
  /** Not decided; `keyword` is what stopped it, and `value`, where there is one, is a guess. */
  | { readonly kind: 'open'; readonly keyword: string; readonly value?: Json };

export const none: Outcome = { kind: 'none' };

export function found(value: Json): Outcome {
  return { kind: 'found', value };
}

export function open(keyword: string, value?: Json): Outcome {
  return value === undefined ? { kind: 'open', keyword } : { kind: 'open', keyword, value };
}

/** Searches for a part of a value. */
export type SolvePart = (literals: readonly Literal[]) => Outcome;

export function holds(formula: Formula): Literal {
  return { formula, holds: true };
}

export function fails(formula: Formula): Literal {
  return { formula, holds: false };
}

export function negated({ formula, holds: value }: Literal): Literal {
  return { formula, holds: !value };
}
