import type { Formula, Formulas, Literal } from './formula.js';
import { evaluate } from './evaluate.js';
import { objectOf, type Json } from './json.js';
import { matchesPattern } from './match-pattern.js';
import { fails, found, holds, none, open, type Outcome, type SolvePart } from './outcome.js';
import type { Pattern } from './pattern.js';

type Of<Kind extends Formula['kind']> = Extract<Formula, { kind: Kind }>;

/** Most properties that are added to make up a number. */
const maxFilling = 1000;
/** Most different patterns of names that new properties are told apart by. */
const maxPatterns = 6;

/** Some property that has to be there: its name among those that are mentioned, or a new one. */
interface Demand {
  keyword: string;
  fits: (name: string) => boolean | undefined;
  /** What holds of a new name. */
  name: readonly Literal[];
  value: readonly Literal[];
}

/** A property that no literal mentions by its name. */
interface NewProperty {
  name: Literal[];
  value: Literal[];
}

/** An object for which the literals hold. */
export function solveObject(
  literals: readonly Literal[],
  formulas: Formulas,
  solve: SolvePart,
): Outcome {
  return new ObjectSearch(literals, formulas, solve).run();
}

class ObjectSearch {
  private least = 0;
  private most = Infinity;
  private readonly absent = new Set<string>();
  /** Names that have to be there, with what is wanted of the value beyond what always holds. */
  private readonly present = new Map<string, Literal[]>();
  private readonly mentioned = new Set<string>();
  private readonly properties = new Map<string, Formula[]>();
  private readonly patternProperties: Of<'patternProperty'>[] = [];
  private readonly additional: Of<'additional'>[] = [];
  private readonly nameFormulas: Formula[] = [];
  private readonly demands: Demand[] = [];
  private readonly patterns = new Map<string, Pattern>();
  private undecided: Outcome | undefined;
  private readonly literals: readonly Literal[];
  private readonly formulas: Formulas;
  private readonly solve: SolvePart;

  constructor(literals: readonly Literal[], formulas: Formulas, solve: SolvePart) {
    this.literals = literals;
    this.formulas = formulas;
    this.solve = solve;
  }

  run(): Outcome {
    for (const literal of this.literals) this.read(literal);
    if (this.least > this.most || this.present.size > this.most) return none;
    for (const name of this.present.keys()) {
      if (this.absent.has(name) || this.allowsName(name) === false) return none;
      const outcome = this.solveValue(name, []);
      if (outcome.kind === 'none') return none;
    }
    if (this.least > maxFilling) return open('minProperties');
    const outcome = this.placeDemand(0, new Map(), []);
    return outcome.kind === 'none' ? (this.undecided ?? none) : outcome;
  }

  private read({ formula, holds: isWanted }: Literal): void {
    switch (formula.kind) {
      case 'minProperties':
      case 'maxProperties':
        if ((formula.kind === 'minProperties') === isWanted)
          this.least = Math.max(
            this.least,
            Math.ceil(isWanted ? formula.limit : formula.limit + 1),
          );
        else
          this.most = Math.min(this.most, Math.floor(isWanted ? formula.limit : formula.limit - 1));
        break;
      case 'required':
        this.mentioned.add(formula.name);
        if (isWanted) this.demandOf(formula.name);
        else this.absent.add(formula.name);
        break;
      case 'property':
        this.mentioned.add(formula.name);
        if (isWanted) {
          const known = this.properties.get(formula.name);
          if (known === undefined) this.properties.set(formula.name, [formula.value]);
          else known.push(formula.value);
        } else this.demandOf(formula.name).push(fails(formula.value));
        break;
      case 'patternProperty':
        this.patterns.set(formula.pattern.source, formula.pattern);
        if (isWanted) this.patternProperties.push(formula);
        else
          this.demands.push({
            keyword: 'patternProperties',
            fits: (name) => matchesPattern(formula.pattern, name),
            name: [holds(this.formulas.pattern(formula.pattern))],
            value: [fails(formula.value)],
          });
        break;
      case 'additional':
        formula.names.forEach((name) => this.mentioned.add(name));
        formula.patterns.forEach((pattern) => this.patterns.set(pattern.source, pattern));
        if (isWanted) this.additional.push(formula);
        else
          this.demands.push({
            keyword: 'additionalProperties',
            fits: (name) => isAdditional(formula, name),
            name: formula.patterns.map((pattern) => fails(this.formulas.pattern(pattern))),
            value: [fails(formula.value)],
          });
        break;
      case 'propertyNames':
        if (isWanted) this.nameFormulas.push(formula.name);
        else
          this.demands.push({
            keyword: 'propertyNames',
            fits: (name) => {
              const outcome = evaluate(formula.name, name);
              return outcome === undefined ? undefined : !outcome;
            },
            name: [fails(formula.name)],
            value: [],
          });
        break;
      default:
        break;
    }
  }

  private demandOf(name: string): Literal[] {
    const known = this.present.get(name);
    if (known !== undefined) return known;
    const made: Literal[] = [];
    this.present.set(name, made);
    return made;
  }

  /** What holds of the value of a mentioned property. */
  private valueOf(name: string): Literal[] {
    const literals = [...(this.properties.get(name) ?? []).map(holds)];
    for (const formula of this.patternProperties)
      if (matchesPattern(formula.pattern, name)) literals.push(holds(formula.value));
    for (const formula of this.additional)
      if (isAdditional(formula, name)) literals.push(holds(formula.value));
    return [...literals, ...(this.present.get(name) ?? [])];
  }

  private solveValue(name: string, extra: readonly Literal[]): Outcome {
    return this.solve([...this.valueOf(name), ...extra]);
  }

  private allowsName(name: string): boolean | undefined {
    let result: boolean | undefined = true;
    for (const formula of this.nameFormulas) {
      const outcome = evaluate(formula, name);
      if (outcome === false) return false;
      if (outcome === undefined) result = undefined;
    }
    return result;
  }

  /** Gives each demand a mentioned property, a new one, or one that another demand has made. */
  private placeDemand(
    next: number,
    extra: ReadonlyMap<string, readonly Literal[]>,
    made: readonly NewProperty[],
  ): Outcome {
    if (next === this.demands.length) return this.build(extra, made);
    const demand = this.demands[next]!;
    for (const name of this.mentioned) {
      if (this.absent.has(name)) continue;
      const fits = demand.fits(name);
      const allowed = this.allowsName(name);
      if (fits === false || allowed === false) continue;
      if (fits === undefined || allowed === undefined) {
        this.undecided ??= open('propertyNames');
        continue;
      }
      const literals = [...(extra.get(name) ?? []), ...demand.value];
      if (this.solveValue(name, literals).kind === 'none') continue;
      const result = this.placeDemand(next + 1, new Map([...extra, [name, literals]]), made);
      if (this.settles(result)) return result;
    }
    for (const [at, property] of made.entries()) {
      const joined = {
        name: [...property.name, ...demand.name],
        value: [...property.value, ...demand.value],
      };
      const result = this.placeDemand(next + 1, extra, made.with(at, joined));
      if (this.settles(result)) return result;
    }
    const result = this.placeDemand(next + 1, extra, [
      ...made,
      { name: [...demand.name], value: [...demand.value] },
    ]);
    return this.settles(result) ? result : none;
  }

  private settles(outcome: Outcome): boolean {
    if (outcome.kind === 'open') this.undecided ??= outcome;
    return outcome.kind === 'found';
  }

  private build(
    extra: ReadonlyMap<string, readonly Literal[]>,
    made: readonly NewProperty[],
  ): Outcome {
    const names = new Set([...this.present.keys(), ...extra.keys()]);
    if (names.size + made.length > this.most) return none;
    const entries = new Map<string, Json>();
    let guess: string | undefined;
    for (const name of names) {
      const outcome = this.solveValue(name, extra.get(name) ?? []);
      if (outcome.kind === 'none') return none;
      if (outcome.kind === 'open' && outcome.value === undefined) return outcome;
      if (outcome.kind === 'open') guess ??= outcome.keyword;
      entries.set(name, outcome.value!);
    }
    for (const [at, property] of made.entries()) {
      const outcome = this.addNew(property, entries);
      if (outcome.kind === 'none')
        return at === 0 || this.addNew(property, new Map()).kind === 'none'
          ? none
          : open('propertyNames');
      if (outcome.kind === 'open') {
        if (outcome.value === undefined) return outcome;
        guess ??= outcome.keyword;
      }
    }
    const filled = this.fill(entries);
    if (filled.kind !== 'found') return filled;
    const value = objectOf(this.inSchemaOrder(entries));
    if (this.literals.some(({ formula, holds: is }) => evaluate(formula, value) === !is))
      return open('properties', value);
    return guess === undefined ? found(value) : open(guess, value);
  }

  /** Described properties first, as they are described: people read it. */
  private inSchemaOrder(entries: ReadonlyMap<string, Json>): [string, Json][] {
    const order = new Map([...this.properties.keys()].map((name, at) => [name, at]));
    const placeOf = ([name]: [string, Json]): number => order.get(name) ?? order.size;
    return [...entries].sort((left, right) => placeOf(left) - placeOf(right));
  }

  /** Adds properties until there are as many as there have to be. */
  private fill(entries: Map<string, Json>): Outcome {
    for (const name of this.mentioned) {
      if (entries.size >= this.least) return found(null);
      if (entries.has(name) || this.absent.has(name) || this.allowsName(name) !== true) continue;
      const outcome = this.solveValue(name, []);
      if (outcome.kind === 'found') entries.set(name, outcome.value);
      else if (outcome.kind === 'open') this.undecided ??= outcome;
    }
    while (entries.size < this.least) {
      const outcome = this.addNew({ name: [], value: [] }, entries);
      if (outcome.kind === 'none')
        return this.nameFormulas.length === 0 || this.isNameDecided()
          ? none
          : open('propertyNames');
      if (outcome.kind === 'open') return open(outcome.keyword);
    }
    return found(null);
  }

  private isNameDecided(): boolean {
    return [...this.mentioned].every((name) => this.allowsName(name) !== undefined);
  }

  /**
   * Adds a property with a name that no literal mentions. Which patterns its name matches decides what its value has
   * to be, so that each combination is tried.
   */
  private addNew(property: NewProperty, entries: Map<string, Json>): Outcome {
    const patterns = [...this.patterns.values()];
    if (patterns.length > maxPatterns) return open('patternProperties');
    const taken = [...this.mentioned, ...entries.keys()];
    const fresh = taken.length === 0 ? [] : [fails(this.formulas.values(taken))];
    let undecided: Outcome | undefined;
    for (let mask = 0; mask < 2 ** patterns.length; mask++) {
      const matched = new Set(patterns.filter((_, at) => (mask >> at) % 2 === 1));
      const value = [...property.value];
      for (const formula of this.patternProperties)
        if (matched.has(this.patterns.get(formula.pattern.source)!))
          value.push(holds(formula.value));
      for (const formula of this.additional)
        if (!formula.patterns.some(({ source }) => matched.has(this.patterns.get(source)!)))
          value.push(holds(formula.value));
      const valueOutcome = this.solve(value);
      if (valueOutcome.kind === 'none') continue;
      const nameOutcome = this.solveName([
        ...property.name,
        ...this.nameFormulas.map(holds),
        ...patterns.map((pattern) => ({
          formula: this.formulas.pattern(pattern),
          holds: matched.has(pattern),
        })),
        ...fresh,
      ]);
      if (nameOutcome.kind === 'none') continue;
      if (valueOutcome.kind === 'found' && nameOutcome.kind === 'found') {
        entries.set(nameOutcome.value as string, valueOutcome.value);
        return valueOutcome;
      }
      undecided ??= open(
        valueOutcome.kind === 'open'
          ? valueOutcome.keyword
          : (nameOutcome as { keyword: string }).keyword,
      );
    }
    return undecided ?? none;
  }

  /** A name for which the literals hold; a readable one, if it will do. */
  private solveName(literals: readonly Literal[]): Outcome {
    for (const name of ['extra', 'extra2', 'extra3']) {
      if (literals.every(({ formula, holds: is }) => evaluate(formula, name) === is))
        return found(name);
    }
    return this.solve([holds(this.formulas.types(['string'])), ...literals]);
  }
}

function isAdditional(formula: Of<'additional'>, name: string): boolean {
  return (
    !formula.names.has(name) && !formula.patterns.some((pattern) => matchesPattern(pattern, name))
  );
}
