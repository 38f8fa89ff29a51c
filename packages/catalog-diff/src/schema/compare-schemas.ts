import { createSchemaCompiler, type RunWithin } from '@holdfast/json-schema';
import { canonicalJson } from './canonical-json.js';
import { SchemaCompiler, SchemaProblemError } from './compile-schema.js';
import { dialectOf, type Dialect } from './dialect.js';
import { evaluate } from './evaluate.js';
import { findChanges, type FoundChange, type ValueStep } from './find-changes.js';
import { findKeyword } from './find-keyword.js';
import { Formulas, type Formula } from './formula.js';
import { isObject, type Json } from './json.js';
import { fails, holds, type Outcome } from './outcome.js';
import { severityOf, type ChangeSeverity, type Direction } from './rules.js';
import { SchemaDocument } from './schema-document.js';
import { searchWitness } from './search-witness.js';
import { Solver } from './solver.js';
import { createJudge, type CompileSchema } from './witness-judge.js';

export interface SchemaComparisonOptions {
  /** Which way the values go: `input` breaks callers, `output` breaks readers. */
  readonly direction: Direction;
  /** What a schema without `$schema` is written in. Default 2020-12, as MCP has it. */
  readonly dialect?: Dialect;
  /** How many cases the search for a witness may try before it says `unknown`. Default 20,000. */
  readonly effort?: number;
  /** Interrupts the validator where it takes too long, and lets it match patterns that have no linear form. Default: neither. */
  readonly runWithin?: RunWithin;
}

/** Whether some value tells two schemas apart in the direction that breaks. */
export type SchemaVerdict = 'compatible' | 'breaking' | 'unknown';

/** One difference between two schemas. */
export interface SchemaChange {
  /** Contract: `type.narrowed`, `required.added`, …; see the README. */
  readonly rule: string;
  readonly severity: ChangeSeverity;
  /** The JSON pointer of the place in the schema, references written out. */
  readonly path: string;
  readonly message: string;
  /** A value that the one side accepts and the other refuses; both were asked. */
  readonly witness?: Json;
  /** The keyword that stands in the way of a decision, where there is none. */
  readonly keyword?: string;
}

export interface SchemaComparison {
  readonly verdict: SchemaVerdict;
  /** In the order of the schema, what cannot be decided last. */
  readonly changes: readonly SchemaChange[];
}

/**
 * Says whether a change of a schema breaks those who rely on it.
 *
 * Input breaks when a value passes `before` and fails `after`; output when a value passes `after` and fails `before`.
 * `breaking` comes with such a value, the witness, which a validator was asked about on both sides; `compatible` has been
 * proved; whatever else is `unknown`, and a change names the keyword that stands in the way. Formats are annotations.
 * The verdict is about sets of values; the severity of a change says how much it weighs (see the README's table), so
 * that an optional property added where any was allowed is a warning, with its witness.
 *
 * Neither schema is changed, and nothing is fetched. The work is bounded by `effort`, never by the clock: the same
 * schemas have the same verdict on any machine.
 */
export function compareSchemas(
  before: unknown,
  after: unknown,
  options: SchemaComparisonOptions,
): SchemaComparison {
  return createSchemaComparer(options)(before, after, options.direction);
}

/** {@link compareSchemas} with its validator made once, for many comparisons. */
export function createSchemaComparer(
  options: Omit<SchemaComparisonOptions, 'direction'>,
): (before: unknown, after: unknown, direction: Direction) => SchemaComparison {
  const { runWithin } = options;
  let compiler: CompileSchema | undefined;
  const compile: CompileSchema = (source) => {
    compiler ??= createSchemaCompiler(runWithin === undefined ? {} : { runWithin });
    return compiler(source);
  };
  return (before, after, direction) =>
    compareWith(before, after, { ...options, direction }, compile);
}

function compareWith(
  before: unknown,
  after: unknown,
  options: SchemaComparisonOptions,
  compile: CompileSchema,
): SchemaComparison {
  const { dialect = '2020-12' } = options;
  const formulas = new Formulas();
  const old = readSide(before as Json, 'old', dialect, formulas);
  const recent = readSide(after as Json, 'new', dialect, formulas);
  const invalid = [old, recent].flatMap((side) => (side.kind === 'refused' ? [side.change] : []));
  if (old.kind === 'refused' || recent.kind === 'refused')
    return { verdict: 'unknown', changes: invalid };
  if (canonicalJson(before as Json) === canonicalJson(after as Json))
    return { verdict: 'compatible', changes: [] };
  try {
    return new Comparison(old, recent, formulas, options, compile).run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      verdict: 'unknown',
      changes: [undecidedChange('depth', '', 'the schemas nest too deep')],
    };
  }
}

interface ReadSide {
  kind: 'read';
  document: SchemaDocument;
  compiler: SchemaCompiler;
  formula: Formula;
}

function readSide(
  schema: Json,
  side: 'old' | 'new',
  fallback: Dialect,
  formulas: Formulas,
): ReadSide | { kind: 'refused'; change: SchemaChange } {
  const refused = (rule: string, path: string, message: string, keyword?: string) => ({
    kind: 'refused' as const,
    change: {
      rule,
      severity: 'unknown' as const,
      path,
      message: `${side} schema: ${message}`,
      ...(keyword !== undefined && { keyword }),
    },
  });
  if (!isObject(schema) && typeof schema !== 'boolean')
    return refused('schema.root-not-object', '', 'a schema must be an object or a boolean');
  const dialect = dialectOf(schema, fallback);
  if (dialect === undefined) {
    const named = isObject(schema) ? JSON.stringify(schema['$schema']) : '';
    const message = `${named} is no version of JSON Schema from draft-04 to 2020-12`;
    return refused('dialect.unsupported', '/$schema', message, '$schema');
  }
  try {
    const document = new SchemaDocument(schema, dialect);
    const compiler = new SchemaCompiler(document, formulas);
    return { kind: 'read', document, compiler, formula: compiler.compile(schema, '') };
  } catch (error) {
    if (error instanceof SchemaProblemError) {
      const { rule, pointer, message, keyword } = error.problem;
      return refused(rule, pointer, message, keyword);
    }
    if (error instanceof RangeError)
      return refused('schema.invalid', '', 'it nests too deep', 'depth');
    throw error;
  }
}

/** Keywords that validators are known to differ about, those that they differ about most first. */
const differing = [
  'unevaluatedItems',
  'unevaluatedProperties',
  '$dynamicRef',
  '$recursiveRef',
  'pattern',
  'patternProperties',
  'multipleOf',
];

/** How much of the effort one change may take, of those that a verdict has already been found for. */
const shareOfChange = 0.1;
/** Most changes for which a witness of their own is looked for. */
const maxWitnesses = 60;

class Comparison {
  private readonly old: ReadSide;
  private readonly recent: ReadSide;
  private readonly formulas: Formulas;
  private readonly direction: Direction;
  private readonly effort: number;
  /** The side that accepts what the other refuses. */
  private readonly accepting: ReadSide;
  private readonly refusing: ReadSide;
  private readonly isWitness: (value: Json) => boolean;

  constructor(
    old: ReadSide,
    recent: ReadSide,
    formulas: Formulas,
    { direction, effort = 20_000 }: SchemaComparisonOptions,
    compile: CompileSchema,
  ) {
    this.old = old;
    this.recent = recent;
    this.formulas = formulas;
    this.direction = direction;
    this.effort = effort;
    this.accepting = direction === 'input' ? old : recent;
    this.refusing = direction === 'input' ? recent : old;
    const accepts = createJudge(this.accepting.document, compile);
    const refuses = createJudge(this.refusing.document, compile);
    this.isWitness = (value) =>
      isBelieved(this.accepting, value, true) &&
      isBelieved(this.refusing, value, false) &&
      accepts(value) === true &&
      refuses(value) === false;
  }

  run(): SchemaComparison {
    const outcome = this.search([], this.effort);
    const found = findChanges({
      before: this.old,
      after: this.recent,
      direction: this.direction,
      formulas: this.formulas,
      isWithin: (inner, outer) => this.isWithin(inner, outer),
    });
    if (outcome.kind === 'none')
      return { verdict: 'compatible', changes: [...this.dialectChange(), ...found.map(harmless)] };
    const settled = found.map((change, at) => this.settle(change, at < maxWitnesses));
    const changes = [...this.dialectChange(), ...settled];
    const guess = this.witnessOf(outcome, changes);
    if (guess !== undefined) {
      if (!changes.some((change) => change.witness !== undefined))
        changes.push(this.generalChange(guess.value));
      return { verdict: 'breaking', changes };
    }
    changes.push(this.undecided(outcome.kind === 'open' ? outcome.keyword : 'schema'));
    return { verdict: 'unknown', changes };
  }

  /** Says which keyword stands in the way; `witness`: the validator refused what was found. */
  private undecided(keyword: string): SchemaChange {
    const schemas = [this.recent.document.root, this.old.document.root];
    if (keyword !== 'witness')
      return undecidedChange(
        keyword,
        findKeyword(schemas, keyword),
        `not decided: ${keyword} stands in the way`,
      );
    const blamed = differing.find((one) => findKeyword(schemas, one) !== '') ?? keyword;
    const about = blamed === keyword ? '' : `, which may see ${blamed} in another way`;
    return undecidedChange(
      blamed,
      findKeyword(schemas, blamed),
      `not decided: the value that was found did not convince the validator${about}`,
    );
  }

  /** A value that passes the one side, fails the other, and has the demanded violation. */
  private search(violations: readonly Formula[], effort: number): Outcome {
    return new Solver(this.formulas, effort).find(
      [...violations.map(holds), holds(this.accepting.formula), fails(this.refusing.formula)],
      this.isWitness,
    );
  }

  private isWithin(inner: Formula, outer: Formula): boolean | undefined {
    const solver = new Solver(this.formulas, Math.ceil(this.effort * shareOfChange));
    const { kind } = solver.solve([holds(inner), fails(outer)]);
    return kind === 'open' ? undefined : kind === 'none';
  }

  /** Finds out whether one change breaks by itself, and shows how. */
  private settle(change: FoundChange, isSearched: boolean): SchemaChange {
    const { rule, severity, path, message, demand } = change;
    const plain: SchemaChange = { rule, severity, path, message };
    if (demand === undefined) return plain;
    if (!isSearched) return severity === 'breaking' ? { ...plain, severity: 'unknown' } : plain;
    const violation = this.at(change.steps, this.formulas.not(demand));
    const outcome = this.search([violation], Math.ceil(this.effort * shareOfChange));
    if (outcome.kind === 'found') {
      const weight = severity === 'unknown' || severity === 'info' ? 'breaking' : severity;
      return { ...plain, severity: weight, witness: outcome.value };
    }
    if (outcome.kind === 'none') return harmless(plain);
    return severity === 'breaking' ? { ...plain, severity: 'unknown' } : plain;
  }

  /** Holds of values that have, at the end of the steps, a part for which `formula` holds. */
  private at(steps: readonly ValueStep[], formula: Formula): Formula {
    const { formulas } = this;
    return steps.reduceRight((inner, step) => {
      if ('property' in step)
        return formulas.and([
          formulas.types(['object']),
          formulas.required(step.property),
          formulas.property(step.property, inner),
        ]);
      return formulas.and([
        formulas.types(['array']),
        formulas.size('minItems', step.item + 1),
        formulas.items([...Array<Formula>(step.item).fill(formulas.true), inner], formulas.true),
      ]);
    }, formula);
  }

  /** A witness from the search, from a change, or from trying. */
  private witnessOf(
    outcome: Outcome,
    changes: readonly SchemaChange[],
  ): { value: Json } | undefined {
    if (outcome.kind === 'found') return { value: outcome.value };
    const shown = changes.find((change) => change.witness !== undefined);
    if (shown !== undefined) return { value: shown.witness! };
    const seed = new Solver(this.formulas, this.effort).solve([holds(this.accepting.formula)]);
    const seeds = [seed, outcome].flatMap((one) =>
      one.kind === 'none' || one.value === undefined ? [] : [one.value],
    );
    const schemas = [this.old.document.root, this.recent.document.root];
    return searchWitness(schemas, seeds, this.isWitness);
  }

  private generalChange(witness: Json): SchemaChange {
    return {
      rule: 'schema.changed',
      severity: 'breaking',
      path: '',
      message:
        this.direction === 'input'
          ? 'a value that was accepted is refused now'
          : 'a value may come that could not come before',
      witness,
    };
  }

  private dialectChange(): SchemaChange[] {
    const before = this.old.document.dialect;
    const after = this.recent.document.dialect;
    if (before === after) return [];
    const message = `the dialect changed from ${before} to ${after}`;
    const severity = severityOf('dialect.changed', this.direction);
    return [{ rule: 'dialect.changed', severity, path: '/$schema', message }];
  }
}

/**
 * Whether a schema takes or refuses a value as is expected. Where that is not decided here, the validator's word counts,
 * but for keywords that validators are known to differ about.
 */
function isBelieved({ formula, compiler }: ReadSide, value: Json, expected: boolean): boolean {
  const outcome = evaluate(formula, value);
  return outcome === undefined ? !compiler.hasDisputed : outcome === expected;
}

/** A change that, as was proved, no value shows. */
function harmless({ rule, severity, path, message }: SchemaChange): SchemaChange {
  const weight = severity === 'warning' ? severity : 'info';
  return { rule, severity: weight, path, message };
}

function undecidedChange(keyword: string, path: string, message: string): SchemaChange {
  return { rule: 'schema.undecided', severity: 'unknown', path, message, keyword };
}
