import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Assumptions } from './assumptions.js';
import { condenseErrors } from './condense-errors.js';
import type { RunWithin, SchemaLimits } from './limits.js';
import { placeOf, unwantedProperty, wordError } from './word-error.js';

/** One thing that a document does not satisfy. */
export interface SchemaError {
  /** The keyword that fails. */
  readonly keyword: string;
  /** The JSON pointer of the value; of a property that must not be there, the property's. */
  readonly instancePath: string;
  /** The JSON pointer of the keyword in its schema, behind the `#` of that schema's URI. */
  readonly schemaPath: string;
  readonly message: string;
}

/** Whether a document satisfies a schema. What cannot be known counts as neither. */
export type Verdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly errors: readonly SchemaError[] }
  | {
      readonly kind: 'undecided';
      /** A pattern that cannot be matched in bounded time, the time or the stack that validating takes, a keyword that fails. */
      readonly cause: 'pattern' | 'cost' | 'failure';
      readonly reason: string;
    };

/** Validates a value under every assumption that it takes; only what holds under all of them is known. */
export function decide(
  validate: ValidateFunction,
  value: unknown,
  assumptions: Assumptions,
  { timeoutMs, maxAssumptions }: SchemaLimits,
  run: RunWithin,
): Verdict {
  try {
    const explored = run(timeoutMs, () =>
      assumptions.explore(maxAssumptions, () => errorsOf(validate, value)),
    );
    if (!explored) return undecided('cost', `validating did not end within ${timeoutMs} ms`);
    const { answers, patterns, isComplete } = explored.value;
    const first = answers[0]!;
    const isSame = answers.every(({ length }) => length > 0 === first.length > 0);
    if (!isComplete || !isSame) {
      const [pattern] = patterns;
      const reason = `it depends on the pattern ${JSON.stringify(pattern)}, which cannot be matched in bounded time`;
      return undecided('pattern', reason);
    }
    return first.length === 0
      ? { kind: 'valid' }
      : { kind: 'invalid', errors: commonErrors(answers) };
  } catch (error) {
    return error instanceof RangeError
      ? undecided(
          'cost',
          'validating does not end: the schema recurses without taking anything off the value',
        )
      : undecided(
          'failure',
          `validating failed: ${error instanceof Error ? error.message : String(error)}`,
        );
  }
}

function undecided(cause: 'pattern' | 'cost' | 'failure', reason: string): Verdict {
  return { kind: 'undecided', cause, reason };
}

/** What is wrong whatever is assumed; where nothing is, what is wrong under the first assumption. */
function commonErrors(answers: readonly (readonly ErrorObject[])[]): SchemaError[] {
  const [first = [], ...others] = answers.map(condenseErrors);
  const sets = others.map((errors) => new Set(errors.map(identityOf)));
  const common = first.filter((error) => sets.every((set) => set.has(identityOf(error))));
  return (common.length > 0 ? common : first).map((error) => ({
    keyword: error.keyword,
    instancePath: placeOf(error),
    schemaPath: error.schemaPath.replace(/^[^#]*#/, ''),
    message: wordError(error),
  }));
}

function identityOf({ instancePath, schemaPath }: ErrorObject): string {
  return `${instancePath}\0${schemaPath}`;
}

/**
 * What ajv finds. A `$schema` that a document bears to name its schema is no property of it: where the schema has no
 * room for one, the document is judged without.
 */
function errorsOf(validate: ValidateFunction, value: unknown): readonly ErrorObject[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  if (!errors.some(refusesSchemaName)) return errors;
  const { $schema: _, ...rest } = value as Record<string, unknown>;
  return validate(rest) ? [] : (validate.errors ?? []);
}

function refusesSchemaName({ instancePath, params }: ErrorObject): boolean {
  return instancePath === '' && unwantedProperty(params) === '$schema';
}
