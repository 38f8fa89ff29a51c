import { evaluate } from './evaluate.js';
import { subjectOf, type Formula, type Formulas, type Literal } from './formula.js';
import type { Json, JsonType } from './json.js';
import { fails, found, holds, none, open, type Outcome } from './outcome.js';
import { solveArray } from './solve-array.js';
import { solveNumber } from './solve-number.js';
import { solveObject } from './solve-object.js';
import { solveString } from './solve-string.js';

/** Deepest nesting of values that are searched. */
const maxDepth = 250;

const typesInOrder: readonly JsonType[] = [
  'object',
  'string',
  'number',
  'array',
  'boolean',
  'null',
];

/** Whether a value will do; undefined where that is not decided. */
type Accept = (value: Json) => boolean | undefined;

/**
 * Finds a value for which formulas hold and others do not, or proves that there is none: a tableau over the type of
 * the value, the alternatives of its formulas, and the parts of the value in turn. Whatever is found has been
 * evaluated; a proof never rests on an undecided keyword.
 */
export class Solver {
  private readonly formulas: Formulas;
  /** How many more cases are tried before the search gives up. */
  private steps: number;
  private readonly known = new Map<string, Outcome>();
  /** Searches under way. A smallest value holds no smaller one of its kind, so that one met again comes to none. */
  private readonly underWay = new Map<string, number>();
  /** The outermost search under way that the current one has leant on. */
  private leansOn = Infinity;

  constructor(formulas: Formulas, steps: number) {
    this.formulas = formulas;
    this.steps = steps;
  }

  /** Finds a value that also passes `judge`; of one that fails there, the search says `open` and goes on. */
  find(literals: readonly Literal[], judge: (value: Json) => boolean): Outcome {
    const flat = flatten(literals);
    if (flat === undefined) return none;
    return this.search(flat, (value) => {
      if (evaluateAll(flat, value) === false) return false;
      return judge(value) ? true : undefined;
    });
  }

  /** Finds a value. */
  readonly solve = (literals: readonly Literal[]): Outcome => {
    const flat = flatten(literals);
    if (flat === undefined) return none;
    if (flat.length === 0) return found(0);
    const key = flat.map(keyOf).join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const outer = this.underWay.get(key);
    if (outer !== undefined) {
      this.leansOn = Math.min(this.leansOn, outer);
      return none;
    }
    const depth = this.underWay.size;
    if (depth > maxDepth) return open('depth');
    const leantOn = this.leansOn;
    this.leansOn = Infinity;
    this.underWay.set(key, depth);
    const outcome = this.search(flat, (value) => evaluateAll(flat, value));
    this.underWay.delete(key);
    if (outcome.kind === 'found' || this.leansOn >= depth) this.known.set(key, outcome);
    this.leansOn = Math.min(leantOn, this.leansOn < depth ? this.leansOn : Infinity);
    return outcome;
  };

  private search(literals: readonly Literal[], accept: Accept): Outcome {
    const listed = literals.find(({ formula, holds: is }) => is && formula.kind === 'values');
    if (listed !== undefined) return tryValues(listed, accept, literals);
    let undecided: Outcome | undefined;
    for (const type of typesInOrder) {
      const outcome = this.searchType(type, literals, accept);
      if (outcome.kind === 'found') return outcome;
      if (outcome.kind === 'open') undecided ??= outcome;
    }
    return undecided ?? none;
  }

  private searchType(type: JsonType, literals: readonly Literal[], accept: Accept): Outcome {
    if (literals.some((literal) => ofType(literal, type) === false)) return none;
    if (type === 'null') return tryAll([null], accept, literals);
    if (type === 'boolean') return tryAll([true, false], accept, literals);
    const branch = new Branch(type);
    return branch.add(literals) ? this.searchBranch(branch, accept) : none;
  }

  private searchBranch(branch: Branch, accept: Accept): Outcome {
    const choice = branch.nextChoice();
    if (--this.steps < 0) return open(choice?.keyword ?? branch.undecided[0] ?? 'size');
    const listed = branch.assertions.find(
      ({ formula, holds: is }) => is && formula.kind === 'values',
    );
    if (listed !== undefined) return tryValues(listed, accept, branch.assertions);
    const outcome = this.solveAssertions(branch);
    if (outcome.kind === 'none') return none;
    if (outcome.value !== undefined && accept(outcome.value) === true) return found(outcome.value);
    if (choice === undefined) {
      if (outcome.kind === 'open') return outcome;
      const keyword = branch.undecided[0] ?? undecidedKeyword(branch.assertions);
      return open(keyword, outcome.value);
    }
    let undecided: Outcome | undefined;
    for (const alternative of choice.alternatives) {
      const next = branch.without(choice);
      if (!next.add(alternative)) continue;
      const result = this.searchBranch(next, accept);
      if (result.kind === 'found') return result;
      if (result.kind === 'open') undecided ??= result;
    }
    return undecided ?? none;
  }

  private solveAssertions({ type, assertions }: Branch): Outcome {
    switch (type) {
      case 'number':
        return solveNumber(assertions);
      case 'string':
        return solveString(assertions);
      case 'array':
        return solveArray(assertions, this.formulas, this.solve);
      default:
        return solveObject(assertions, this.formulas, this.solve);
    }
  }
}

/** One of several that has to hold. */
interface Choice {
  keyword: string;
  alternatives: readonly (readonly Literal[])[];
}

/** A conjunction for values of one type: assertions of that type, and choices not made yet. */
class Branch {
  readonly type: JsonType;
  readonly assertions: Literal[];
  readonly undecided: string[];
  private readonly choices: Choice[];
  private readonly seen: Map<number, boolean>;

  constructor(type: JsonType, from?: Branch) {
    this.type = type;
    this.assertions = [...(from?.assertions ?? [])];
    this.undecided = [...(from?.undecided ?? [])];
    this.choices = [...(from?.choices ?? [])];
    this.seen = new Map(from?.seen);
  }

  /** The choice with the fewest alternatives. */
  nextChoice(): Choice | undefined {
    let best: Choice | undefined;
    for (const choice of this.choices)
      if (best === undefined || choice.alternatives.length < best.alternatives.length)
        best = choice;
    return best;
  }

  without(choice: Choice): Branch {
    const next = new Branch(this.type, this);
    next.choices.splice(next.choices.indexOf(choice), 1);
    return next;
  }

  /** Adds literals; false when they contradict each other or what is there. */
  add(literals: readonly Literal[]): boolean {
    // Taken from the end: in the order in which they are given.
    const pending = literals.toReversed();
    do {
      for (let literal = pending.pop(); literal !== undefined; literal = pending.pop()) {
        if (!this.addOne(literal, pending)) return false;
      }
      if (!this.simplify(pending)) return false;
    } while (pending.length > 0);
    return true;
  }

  private addOne(literal: Literal, pending: Literal[]): boolean {
    const { formula, holds: is } = literal;
    const known = this.valueOf(literal);
    if (known !== undefined) return known;
    this.seen.set(formula.id, is);
    switch (formula.kind) {
      case 'true':
      case 'false':
      case 'types':
        return true;
      case 'not':
        pending.push({ formula: formula.part, holds: !is });
        return true;
      case 'reference':
        pending.push({ formula: formula.target!, holds: is });
        return true;
      case 'and':
      case 'or':
        if ((formula.kind === 'and') === is)
          for (const one of formula.parts.map((part) => ({ formula: part, holds: is })).reverse())
            pending.push(one);
        else this.choices.push(choiceOf(formula, is));
        return true;
      case 'one':
        this.choices.push(choiceOf(formula, is));
        return true;
      case 'undecided':
        this.undecided.push(formula.keyword);
        return true;
      default:
        this.assertions.push(literal);
        return true;
    }
  }

  /** Takes out of the choices what is known already; one that is left alone is made, and false says that none is. */
  private simplify(pending: Literal[]): boolean {
    for (let at = this.choices.length - 1; at >= 0; at--) {
      const { keyword, alternatives } = this.choices[at]!;
      const left: Literal[][] = [];
      let isMet = false;
      for (const alternative of alternatives) {
        const open = alternative.filter((literal) => this.valueOf(literal) !== true);
        if (open.some((literal) => this.valueOf(literal) === false)) continue;
        if (open.length === 0) isMet = true;
        left.push(open);
      }
      if (isMet || left.length === 1) this.choices.splice(at, 1);
      else this.choices[at] = { keyword, alternatives: left };
      if (isMet) continue;
      if (left.length === 0) return false;
      if (left.length === 1) for (const one of left[0]!) pending.push(one);
    }
    return true;
  }

  /** Whether a literal is known to hold, by the type or by what is there. */
  private valueOf(literal: Literal): boolean | undefined {
    const byType = ofType(literal, this.type);
    if (byType !== undefined) return byType;
    const seen = this.seen.get(literal.formula.id);
    return seen === undefined ? undefined : seen === literal.holds;
  }
}

function choiceOf(formula: Formula & { parts: readonly Formula[] }, is: boolean): Choice {
  const { kind, parts } = formula;
  if (kind === 'or') return { keyword: 'anyOf', alternatives: parts.map((part) => [holds(part)]) };
  if (kind === 'and') return { keyword: 'not', alternatives: parts.map((part) => [fails(part)]) };
  if (is)
    return {
      keyword: 'oneOf',
      alternatives: parts.map((part, at) =>
        parts.map((other, place) => (place === at ? holds(part) : fails(other))),
      ),
    };
  const pairs = parts.flatMap((part, at) =>
    parts.slice(at + 1).map((other) => [holds(part), holds(other)]),
  );
  return { keyword: 'oneOf', alternatives: [parts.map((part) => fails(part)), ...pairs] };
}

/** What the type alone says of a literal; undefined when more has to be known. */
function ofType({ formula, holds: is }: Literal, type: JsonType): boolean | undefined {
  const value = formulaOfType(formula, type);
  return value === undefined ? undefined : value === is;
}

function formulaOfType(formula: Formula, type: JsonType): boolean | undefined {
  switch (formula.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'types':
      return formula.types.has(type);
    case 'not': {
      const value = formulaOfType(formula.part, type);
      return value === undefined ? undefined : !value;
    }
    case 'and':
    case 'or': {
      let result: boolean | undefined = formula.kind === 'and';
      for (const part of formula.parts) {
        const value = formulaOfType(part, type);
        if (value === (formula.kind === 'or')) return value;
        if (value === undefined) result = undefined;
      }
      return result;
    }
    default: {
      const subject = subjectOf(formula);
      return subject !== undefined && subject !== type ? true : undefined;
    }
  }
}

/** The literals of a conjunction, in order, each once; undefined when they contradict each other. */
function flatten(literals: readonly Literal[]): Literal[] | undefined {
  const flat = new Map<number, Literal>();
  const seen = new Map<number, boolean>();
  const pending = [...literals];
  for (let literal = pending.pop(); literal !== undefined; literal = pending.pop()) {
    const { formula, holds: is } = literal;
    const earlier = seen.get(formula.id);
    if (earlier === is) continue;
    if (earlier !== undefined) return undefined;
    seen.set(formula.id, is);
    if (formula.kind === 'not') pending.push({ formula: formula.part, holds: !is });
    else if (formula.kind === 'reference') pending.push({ formula: formula.target!, holds: is });
    else if (formula.kind === (is ? 'and' : 'or'))
      for (const one of formula.parts.map((part) => ({ formula: part, holds: is })))
        pending.push(one);
    else if (formula.kind === (is ? 'false' : 'true')) return undefined;
    else if (formula.kind !== 'true' && formula.kind !== 'false') flat.set(formula.id, literal);
  }
  return [...flat.values()].sort((left, right) => left.formula.id - right.formula.id);
}

function keyOf({ formula, holds: is }: Literal): string {
  return is ? `${formula.id}` : `-${formula.id}`;
}

function tryValues({ formula }: Literal, accept: Accept, literals: readonly Literal[]): Outcome {
  if (formula.kind !== 'values') return none;
  return tryAll([...formula.values.values()], accept, literals);
}

function tryAll(values: readonly Json[], accept: Accept, literals: readonly Literal[]): Outcome {
  let undecided: Outcome | undefined;
  for (const value of values) {
    const accepted = accept(value);
    if (accepted === true) return found(value);
    if (accepted === undefined) undecided ??= open(undecidedKeyword(literals), value);
  }
  return undecided ?? none;
}

/** The first keyword in formulas that is not decided; `witness` when all are, and the judge has refused. */
function undecidedKeyword(literals: readonly Literal[]): string {
  const seen = new Set(literals.map(({ formula }) => formula));
  for (const formula of seen) {
    switch (formula.kind) {
      case 'undecided':
        return formula.keyword;
      case 'and':
      case 'or':
      case 'one':
        formula.parts.forEach((part) => seen.add(part));
        break;
      case 'not':
        seen.add(formula.part);
        break;
      case 'reference':
        seen.add(formula.target!);
        break;
      case 'items':
        [...formula.prefix, formula.rest].forEach((part) => seen.add(part));
        break;
      case 'minContains':
      case 'maxContains':
        seen.add(formula.item);
        break;
      case 'property':
      case 'patternProperty':
      case 'additional':
        seen.add(formula.value);
        break;
      case 'propertyNames':
        seen.add(formula.name);
        break;
      default:
        break;
    }
  }
  return 'witness';
}

function evaluateAll(literals: readonly Literal[], value: Json): boolean | undefined {
  let result: boolean | undefined = true;
  for (const { formula, holds: is } of literals) {
    const outcome = evaluate(formula, value);
    if (outcome === !is) return false;
    if (outcome === undefined) result = undefined;
  }
  return result;
}
