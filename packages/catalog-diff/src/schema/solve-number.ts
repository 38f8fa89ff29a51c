import type { Literal } from './formula.js';
import { found, none, open, type Outcome } from './outcome.js';
import {
  add,
  ceilDivide,
  compare,
  floorDivide,
  isMultiple,
  leastCommonMultiple,
  midpoint,
  numberOf,
  rational,
  rationalOf,
  scale,
  type Rational,
} from './rational.js';

interface Range {
  low: { limit: Rational; exclusive: boolean } | undefined;
  high: { limit: Rational; exclusive: boolean } | undefined;
}

/** Most multiples that are tried one by one. */
const maxTries = 20_000n;

const zero = rational(0n);

/** A number for which the literals hold, the nearest to 0 where there is a choice. */
export function solveNumber(literals: readonly Literal[]): Outcome {
  const range: Range = { low: undefined, high: undefined };
  let step: Rational | undefined;
  const avoided: Rational[] = [];
  const excluded: Rational[] = [];
  for (const { formula, holds } of literals) {
    if (formula.kind === 'minimum' || formula.kind === 'maximum') {
      const isLow = (formula.kind === 'minimum') === holds;
      const bound = { limit: formula.limit, exclusive: formula.exclusive === holds };
      if (isLow) range.low = tighter(range.low, bound, 1);
      else range.high = tighter(range.high, bound, -1);
    } else if (formula.kind === 'multipleOf') {
      if (!holds) avoided.push(formula.step);
      else step = step === undefined ? formula.step : leastCommonMultiple(step, formula.step);
    } else if (formula.kind === 'values' && !holds) {
      for (const value of formula.values.values())
        if (typeof value === 'number') excluded.push(rationalOf(value));
    }
  }
  const isGood = (value: Rational): boolean =>
    isWithin(value, range) &&
    !avoided.some((other) => isMultiple(value, other)) &&
    !excluded.some((other) => compare(value, other) === 0);
  return step === undefined
    ? solveDense(range, isGood)
    : solveMultiples(step, range, avoided, excluded.length, isGood);
}

function tighter(
  known: Range['low'],
  bound: NonNullable<Range['low']>,
  direction: 1 | -1,
): NonNullable<Range['low']> {
  if (known === undefined) return bound;
  const order = compare(bound.limit, known.limit) * direction;
  if (order === 0) return { limit: bound.limit, exclusive: bound.exclusive || known.exclusive };
  return order > 0 ? bound : known;
}

function isWithin(value: Rational, { low, high }: Range): boolean {
  if (low !== undefined) {
    const order = compare(value, low.limit);
    if (order < 0 || (order === 0 && low.exclusive)) return false;
  }
  if (high !== undefined) {
    const order = compare(value, high.limit);
    if (order > 0 || (order === 0 && high.exclusive)) return false;
  }
  return true;
}

function solveMultiples(
  step: Rational,
  range: Range,
  avoided: readonly Rational[],
  excluded: number,
  isGood: (value: Rational) => boolean,
): Outcome {
  const first = range.low && ceilDivide(range.low.limit, step);
  const last = range.high && floorDivide(range.high.limit, step);
  if (first !== undefined && last !== undefined && first > last) return none;
  // Which multiples are avoided repeats after this many; as many again may be excluded or at an open end.
  const period = avoided.reduce((count, other) => joinPeriods(count, step, other), 1n);
  const span = first !== undefined && last !== undefined ? last - first + 1n : undefined;
  const enough = period * BigInt(excluded + 3);
  const wanted = span !== undefined && span < enough ? span : enough;
  const begin =
    first !== undefined && first > 0n ? first : last !== undefined && last < 0n ? last : 0n;
  let sawInexact = false;
  let tried = 0n;
  for (const factor of outward(begin, first, last)) {
    if (tried >= wanted * 2n || tried > maxTries) break;
    tried++;
    const value = scale(step, factor);
    if (!isGood(value)) continue;
    const number = numberOf(value);
    if (compare(rationalOf(number), value) === 0) return found(number);
    sawInexact = true;
  }
  const isProved = !sawInexact && tried <= maxTries && (tried >= wanted * 2n || tried === span);
  return isProved ? none : open('multipleOf');
}

/** How often the multiples of `step` that are multiples of `other` come back, joined with `count`. */
function joinPeriods(count: bigint, step: Rational, other: Rational): bigint {
  const common = leastCommonMultiple(step, other);
  const every = (common.num * step.den) / (common.den * step.num);
  return leastCommonMultiple(rational(count), rational(every)).num;
}

/** Integers from `begin` outward, within the ends. */
function* outward(
  begin: bigint,
  first: bigint | undefined,
  last: bigint | undefined,
): Generator<bigint> {
  yield begin;
  for (let distance = 1n; ; distance++) {
    const up = begin + distance;
    const down = begin - distance;
    const hasUp = last === undefined || up <= last;
    const hasDown = first === undefined || down >= first;
    if (!hasUp && !hasDown) return;
    if (hasUp) yield up;
    if (hasDown) yield down;
  }
}

function solveDense(range: Range, isGood: (value: Rational) => boolean): Outcome {
  const { low, high } = range;
  if (low !== undefined && high !== undefined) {
    const order = compare(low.limit, high.limit);
    if (order > 0 || (order === 0 && (low.exclusive || high.exclusive))) return none;
    if (order === 0 && !isGood(low.limit)) return none;
  }
  for (const value of denseCandidates(range)) {
    if (!isGood(value)) continue;
    const number = numberOf(value);
    if (Number.isFinite(number) && isGood(rationalOf(number))) return found(number);
  }
  return open(low === undefined ? 'maximum' : 'minimum');
}

/** Numbers of the range, round ones first; infinitely many lie in it, and only finitely many are ruled out nearby. */
function* denseCandidates({ low, high }: Range): Generator<Rational> {
  for (const value of [0n, 1n, -1n, 2n, -2n, 3n, 5n, 7n]) yield rational(value);
  yield rational(3n, 2n);
  for (const den of [2n, 10n, 100n]) for (const num of [1n, -1n, 3n, 7n]) yield rational(num, den);
  if (low !== undefined) yield low.limit;
  if (high !== undefined) yield high.limit;
  const start = low?.limit ?? (high && add(high.limit, rational(-1000n))) ?? zero;
  const end = high?.limit ?? add(start, rational(1000n));
  for (let whole = floorDivide(start, rational(1n)), count = 0; count < 100; count++)
    yield rational(whole + BigInt(count));
  for (let whole = floorDivide(end, rational(1n)), count = 0; count < 100; count++)
    yield rational(whole - BigInt(count));
  let middle = midpoint(start, end);
  for (let count = 0; count < 200; count++) {
    yield middle;
    yield add(middle, rational(1n, 10n ** BigInt(count % 20)));
    middle = midpoint(count % 2 === 0 ? start : end, middle);
  }
}
