import type { Formula, Formulas, Literal } from './formula.js';
import { evaluate } from './evaluate.js';
import type { Json } from './json.js';
import { fails, found, holds, none, open, type Outcome, type SolvePart } from './outcome.js';

/** Arrays longer than this are not built. */
const maxLength = 5000;
/** Most ways of placing demands that are tried. */
const maxPlacements = 3000;

/** Most demands, and most positions, that are placed. */
const maxDemands = 40;
const maxPositions = 200;

/** Something that some item has to be; `item` says what at a position. */
interface Demand {
  keyword: string;
  item: (at: number) => readonly Literal[];
}

interface Wanted {
  least: number;
  most: number;
  /** What holds of the item at a position. */
  item: (at: number) => Literal[];
  /** From here on all positions are alike. */
  prefix: number;
  demands: Demand[];
  /** Two items have to be equal. */
  needsDouble: boolean;
  isUnique: boolean;
  /** What holds of most items, where only so many may be otherwise. */
  rare: Literal[];
}

/** An array for which the literals hold. */
export function solveArray(
  literals: readonly Literal[],
  formulas: Formulas,
  solve: SolvePart,
): Outcome {
  const wanted = readLiterals(literals);
  if (wanted.needsDouble && wanted.isUnique) return none;
  if (wanted.needsDouble) wanted.least = Math.max(wanted.least, 2);
  limitLength(wanted, solve);
  if (wanted.least > wanted.most) return none;
  if (wanted.least > maxLength) return open('minItems');
  if (wanted.demands.length > maxDemands) return open('minContains');
  return placeDemands(wanted, literals, formulas, solve);
}

function readLiterals(literals: readonly Literal[]): Wanted {
  const shapes: (Formula & { kind: 'items' })[] = [];
  const always: Literal[] = [];
  const counts = new Map<Formula, number>();
  const wanted: Wanted = {
    least: 0,
    most: Infinity,
    item: (at) => [...always, ...shapes.map((shape) => holds(shape.prefix[at] ?? shape.rest))],
    prefix: 0,
    demands: [],
    needsDouble: false,
    isUnique: false,
    rare: [],
  };
  for (const { formula, holds: isWanted } of literals) {
    switch (formula.kind) {
      case 'minItems':
      case 'maxItems':
        if ((formula.kind === 'minItems') === isWanted)
          wanted.least = Math.max(
            wanted.least,
            Math.ceil(isWanted ? formula.limit : formula.limit + 1),
          );
        else
          wanted.most = Math.min(
            wanted.most,
            Math.floor(isWanted ? formula.limit : formula.limit - 1),
          );
        break;
      case 'uniqueItems':
        if (isWanted) wanted.isUnique = true;
        else wanted.needsDouble = true;
        break;
      case 'items':
        wanted.prefix = Math.max(wanted.prefix, formula.prefix.length);
        if (isWanted) shapes.push(formula);
        else
          wanted.demands.push({
            keyword: 'items',
            item: (at) => [fails(formula.prefix[at] ?? formula.rest)],
          });
        break;
      case 'minContains':
      case 'maxContains':
        if ((formula.kind === 'minContains') === isWanted) {
          const count = Math.ceil(isWanted ? formula.limit : formula.limit + 1);
          counts.set(formula.item, Math.max(count, counts.get(formula.item) ?? 0));
        } else if (Math.floor(isWanted ? formula.limit : formula.limit - 1) === 0) {
          always.push(fails(formula.item));
        } else {
          wanted.rare.push(fails(formula.item));
        }
        break;
      default:
        break;
    }
  }
  for (const [item, count] of counts) {
    for (let made = 0; made < Math.min(count, maxDemands + 1); made++)
      wanted.demands.push({ keyword: 'contains', item: () => [holds(item)] });
  }
  return wanted;
}

/** No array is longer than the first position for which there is no item. */
function limitLength(wanted: Wanted, solve: SolvePart): void {
  for (let at = 0; at <= wanted.prefix && at < wanted.most; at++) {
    const item = wanted.item(at);
    if (item.some(({ formula, holds: value }) => formula.kind !== 'true' || !value)) {
      if (solve(item).kind === 'none') wanted.most = at;
    }
  }
}

/**
 * Tries the ways in which positions can meet the demands: any of the prefix, or one of as many behind it as there are
 * demands, for those behind it are alike.
 */
function placeDemands(
  wanted: Wanted,
  literals: readonly Literal[],
  formulas: Formulas,
  solve: SolvePart,
): Outcome {
  const { demands, prefix, needsDouble } = wanted;
  const wide = Math.min(prefix + demands.length + (needsDouble ? 2 : 0), wanted.most);
  const positions = Math.min(wide, maxPositions);
  const taken: Literal[][] = Array.from({ length: positions }, () => []);
  let undecided = wide > maxPositions ? open('items') : undefined;
  let placements = 0;

  function place(next: number): Outcome {
    if (++placements > maxPlacements) return open(demands[0]?.keyword ?? 'uniqueItems');
    if (next === demands.length) return needsDouble ? placeDouble() : build(undefined);
    const demand = demands[next]!;
    let sawFirstFree = false;
    for (let at = 0; at < positions; at++) {
      // Behind the prefix, positions that nothing is demanded of are alike.
      if (at >= prefix && taken[at]!.length === 0) {
        if (sawFirstFree) break;
        sawFirstFree = true;
      }
      if (demand.keyword === 'contains' && next > 0 && isSameItem(taken[at]!, demand, at)) continue;
      const added = demand.item(at);
      const combined = [...wanted.item(at), ...taken[at]!, ...added];
      const outcome = solve(combined);
      if (outcome.kind === 'none') continue;
      for (const one of added) taken[at]!.push(one);
      const result = place(next + 1);
      taken[at]!.length -= added.length;
      if (result.kind === 'found') return result;
      if (result.kind === 'open') undecided ??= result;
    }
    return none;
  }

  function placeDouble(): Outcome {
    for (let second = 1; second < positions; second++) {
      for (let first = 0; first < second; first++) {
        const result = build([first, second]);
        if (result.kind === 'found') return result;
        if (result.kind === 'open') undecided ??= result;
      }
    }
    return none;
  }

  function build(double: [number, number] | undefined): Outcome {
    const last = taken.findLastIndex((demanded) => demanded.length > 0);
    const length = Math.max(wanted.least, last + 1, (double?.[1] ?? -1) + 1);
    if (length > wanted.most) return none;
    const outcome = buildItems(wanted, taken, length, double, formulas, solve);
    if (outcome.kind !== 'found') return outcome;
    if (literals.some(({ formula, holds: value }) => evaluate(formula, outcome.value) === !value)) {
      const keyword = wanted.isUnique ? 'uniqueItems' : 'maxContains';
      return open(keyword, outcome.value);
    }
    return outcome;
  }

  const result = place(0);
  return result.kind === 'none' ? (undecided ?? none) : result;
}

/** Whether a position already meets another demand for the same item: it counts once. */
function isSameItem(taken: readonly Literal[], demand: Demand, at: number): boolean {
  const [wanted] = demand.item(at);
  return taken.some(({ formula, holds: value }) => value && formula === wanted!.formula);
}

function buildItems(
  wanted: Wanted,
  taken: readonly Literal[][],
  length: number,
  double: [number, number] | undefined,
  formulas: Formulas,
  solve: SolvePart,
): Outcome {
  const items: Json[] = [];
  let guess: string | undefined;
  const isUniform = wanted.prefix === 0 && wanted.demands.length === 0 && double === undefined;
  for (let at = 0; at < length; at++) {
    if (double?.[1] === at) {
      items.push(items[double[0]]!);
      continue;
    }
    const literals = [...wanted.item(at), ...(taken[at] ?? [])];
    if (double?.[0] === at) {
      for (const one of [...wanted.item(double[1]), ...(taken[double[1]] ?? [])])
        literals.push(one);
    }
    const distinct = wanted.isUnique && items.length > 0 ? [fails(formulas.values(items))] : [];
    const wished =
      wanted.rare.length > 0 ? solve([...literals, ...distinct, ...wanted.rare]) : none;
    const outcome = wished.kind === 'found' ? wished : solve([...literals, ...distinct]);
    if (outcome.kind === 'none')
      return distinct.length === 0 || isUniform || solve(literals).kind === 'none'
        ? none
        : open('uniqueItems');
    if (outcome.kind === 'open') {
      if (outcome.value === undefined) return outcome;
      guess ??= outcome.keyword;
    }
    items.push(outcome.value!);
  }
  return guess === undefined ? found(items) : open(guess, items);
}
