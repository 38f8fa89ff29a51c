import type { Ajv } from 'ajv';
import { createAssumptions } from './assumptions.js';
import { collectDocuments } from './collect-documents.js';
import { condenseErrors } from './condense-errors.js';
import { createAjv } from './create-ajv.js';
import { decide, type Verdict } from './decide.js';
import { dialectOfSchema, withMetaSchema, type Dialect } from './dialect.js';
import { defaultLimits, type RunWithin, type SchemaLimits } from './limits.js';
import { createLinker } from './link-documents.js';
import { createPatternCompiler } from './patterns.js';
import { withAbsoluteId } from './references.js';
import type { SchemaProblem } from './schema-problem.js';
import { placeOf, wordError } from './word-error.js';

/** A schema that compiled. */
export interface CompiledSchema {
  /** Says whether a value, plain data, satisfies the schema. Never throws for what the value holds. */
  validate(value: unknown): Verdict;
}

/** A compiled schema, or what is wrong with it. */
export type Compilation =
  | {
      readonly kind: 'compiled';
      readonly schema: CompiledSchema;
      /** Patterns without a linear form; what depends on their answer may be undecided. */
      readonly hardPatterns: readonly { readonly pattern: string; readonly reason: string }[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly SchemaProblem[] };

/** A schema, and where the documents come from that its references lead to. */
export interface SchemaSource {
  /** Plain data, as parsed. It is not changed. */
  readonly schema: unknown;
  /** The absolute URI that relative references are resolved against where the schema has no identity. Default `file:///schema.json`. */
  readonly uri?: string;
  /** Default: what its `$schema` says; where it has none, 2020-12. */
  readonly dialect?: Dialect;
  /** The document at an absolute URI without fragment; undefined where nothing is at hand. Default: nothing is. */
  readonly lookUp?: (uri: string) => unknown;
}

export interface CompilerOptions {
  readonly limits?: Partial<SchemaLimits>;
  /** Default: nothing is interrupted, and patterns without a linear form are not matched. */
  readonly runWithin?: RunWithin;
}

/**
 * Returns a function that compiles schemas with ajv, each under its own version of JSON Schema. Nothing is fetched. A
 * reference may lead to a document of another version, which then is validated by the rules of its own. It compiles
 * schemas to JavaScript, which a page's content security policy must allow (`unsafe-eval`).
 */
export function createSchemaCompiler({ limits: given, runWithin }: CompilerOptions = {}): (
  source: SchemaSource,
) => Compilation {
  const limits = { ...defaultLimits, ...given };
  const run: RunWithin = runWithin ?? ((_limit, compute) => ({ value: compute() }));
  const judges = new Map<Dialect, Ajv>();

  /** The ajv that judges schemas; it is shared, for compiling a version's own schema takes longer than most others. */
  function judgeOf(dialect: Dialect): Ajv {
    const known = judges.get(dialect);
    if (known) return known;
    const compilePattern = createPatternCompiler({
      limits,
      runWithin,
      assume: () => true,
      onHard: () => undefined,
    });
    const judge = createAjv(dialect, compilePattern, { validateSchema: true });
    judges.set(dialect, judge);
    return judge;
  }

  return (source) => {
    const dialect = source.dialect ?? dialectOfSchema(source.schema);
    if (dialect === undefined)
      return refused('unsupported-dialect', '/$schema', unsupported(source.schema));
    // Compiling the version's own schema is not the author's to answer for.
    void judgeOf(dialect).validateSchema({});
    const setting: Setting = { source, dialect, limits, run, runWithin, judgeOf };
    try {
      const compiled = run(limits.timeoutMs, () => compile(setting));
      return compiled ? compiled.value : tooCostly(limits);
    } catch (error) {
      return error instanceof RangeError
        ? endless()
        : refused('invalid-schema', '', messageOf(error));
    }
  };
}

/** What compiling one schema works with. */
interface Setting {
  readonly source: SchemaSource;
  readonly dialect: Dialect;
  readonly limits: SchemaLimits;
  readonly run: RunWithin;
  readonly runWithin: RunWithin | undefined;
  judgeOf(dialect: Dialect): Ajv;
}

function compile(setting: Setting): Compilation {
  const { source, dialect, limits, run } = setting;
  const { schema, uri = 'file:///schema.json' } = source;
  const wrong = judge(schema, dialect, setting);
  if (wrong) return { kind: 'refused', problems: wrong };
  const root = typeof schema === 'object' ? withAbsoluteId(schema as object, uri, dialect) : schema;
  const documents = collectDocuments(root, {
    dialect,
    maxSize: limits.maxSchemaSize,
    lookUp: source.lookUp ?? (() => undefined),
    judge: (found, own) => judge(found, own, setting),
  });
  if (documents.problems.length > 0) return { kind: 'refused', problems: documents.problems };

  const hard = new Map<string, string>();
  const assumptions = createAssumptions();
  const compilePattern = createPatternCompiler({
    limits,
    runWithin: setting.runWithin,
    assume: assumptions.assume,
    onHard: (pattern, reason) => hard.set(pattern, reason),
  });
  const linker = createLinker(documents, compilePattern);
  const validate = linker.compileRoot(root, dialect);
  const hardPatterns = [...hard].map(([pattern, reason]) => ({ pattern, reason }));
  return {
    kind: 'compiled',
    schema: { validate: (value) => decide(validate, value, assumptions, limits, run) },
    hardPatterns,
  };
}

/** What is wrong with a schema by its own version of JSON Schema; undefined for a good one. */
function judge(
  schema: unknown,
  dialect: Dialect,
  { judgeOf }: Setting,
): readonly SchemaProblem[] | undefined {
  if (typeof schema === 'boolean' && dialect !== 'draft-04') return undefined;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return [{ kind: 'invalid-schema', pointer: '', message: 'a schema must be an object' }];
  }
  const ajv = judgeOf(dialect);
  if (ajv.validateSchema(withMetaSchema(schema, dialect)) === true) return undefined;
  return condenseErrors(ajv.errors ?? []).map((error) => ({
    kind: 'invalid-schema',
    pointer: placeOf(error),
    message: wordError(error),
  }));
}

function unsupported(schema: unknown): string {
  const { $schema } = schema as { $schema: unknown };
  return `its $schema ${JSON.stringify($schema)} is not a version of JSON Schema that can be checked`;
}

function refused(kind: SchemaProblem['kind'], pointer: string, message: string): Compilation {
  return { kind: 'refused', problems: [{ kind, pointer, message }] };
}

function tooCostly({ timeoutMs }: SchemaLimits): Compilation {
  return refused('too-costly', '', `compiling it did not end within ${timeoutMs} ms`);
}

function endless(): Compilation {
  return refused('too-costly', '', 'compiling it does not end: it is nested without an end');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
