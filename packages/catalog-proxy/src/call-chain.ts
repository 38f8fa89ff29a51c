import { createSchemaCompiler } from '@holdfast/json-schema';
import type { ToolSchemas } from './known-schemas.js';
import type { SchemaSource, ToolRoute } from './served-catalog.js';

/** What one of a tool's schemas came to in a call. */
export interface Attempt {
  readonly schema: SchemaSource;
  /** The hash of its input; null of the generic wrapper. */
  readonly hash: string | null;
  /**
   * - `success`: the arguments went, and what came back fits.
   * - `failure`: the schema and the server, or the schema and a caller of an approved one, do not fit.
   * - `refused`: the caller keeps to no schema; nothing is said of them.
   * - `error`: the tool failed, or no answer came; nothing is said of its schema.
   */
  readonly result: 'success' | 'failure' | 'refused' | 'error';
  readonly error?: string;
}

/** The schema by which the arguments go to the server. */
export interface Admission {
  readonly schema: SchemaSource;
  /** Why the declared schema does not take them. */
  readonly problem?: string;
}

/** What a server did with a call. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: Readonly<Record<string, unknown>> }
  /** It refused the arguments, and did nothing. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

/** Judges values; a schema that does not compile, or a value that cannot be decided, fits. */
export type FitsSchema = (schema: unknown, value: unknown) => string | undefined;

/** Makes a judge that compiles each schema once; undefined from it means that the value fits. */
export function createFits(): FitsSchema {
  const compile = createSchemaCompiler();
  const compiled = new WeakMap<object, (value: unknown) => string | undefined>();
  return (schema, value) => {
    if (typeof schema !== 'object' || schema === null) return undefined;
    let judge = compiled.get(schema);
    if (judge === undefined) {
      const compilation = compile({ schema });
      judge =
        compilation.kind === 'refused'
          ? () => undefined
          : (given) => {
              const verdict = compilation.schema.validate(given);
              return verdict.kind === 'invalid' ? verdict.errors[0]?.message : undefined;
            };
      compiled.set(schema, judge);
    }
    return judge(value);
  };
}

/**
 * The first schema that takes the arguments: the declared one, the one before, else the generic wrapper, which takes all.
 * The arguments themselves are the same in each case, so that a tool is never run twice for one call.
 */
export function admit(route: ToolRoute, given: unknown, fits: FitsSchema): Admission {
  const problem = fits(route.declared.inputSchema, given);
  if (problem === undefined) return { schema: 'declared' };
  const { previous } = route;
  const isOldCaller = previous !== undefined && fits(previous.inputSchema, given) === undefined;
  return { schema: isOldCaller ? 'previous' : 'generic', problem };
}

/** What a call says of each schema that was tried, in the order of the chain. */
export function judge(
  route: ToolRoute,
  { schema, problem }: Admission,
  outcome: Outcome,
  fits: FitsSchema,
): readonly Attempt[] {
  const { hashes, declared, previous } = route;
  const say = (
    of: SchemaSource,
    result: Attempt['result'],
    error: string | undefined,
  ): Attempt => ({
    schema: of,
    hash: of === 'generic' ? null : of === 'previous' ? previous!.hashes.input : hashes.input,
    result,
    ...(error !== undefined && { error }),
  });
  const attempts: Attempt[] = [];
  const hasAnswer = outcome.kind === 'result' && outcome.result['isError'] !== true;
  if (schema !== 'declared') {
    const isBlamed = schema === 'previous';
    attempts.push(say('declared', isBlamed ? 'failure' : 'refused', problem));
    if (!isBlamed && previous !== undefined) attempts.push(say('previous', 'refused', problem));
  }
  if (!hasAnswer) {
    const message = outcome.kind === 'result' ? 'the tool says that it failed' : outcome.message;
    const isRefused = outcome.kind === 'refused';
    const result = !isRefused ? 'error' : schema === 'generic' ? 'refused' : 'failure';
    const why = isRefused ? `the server refuses what its schema takes: ${message}` : message;
    attempts.push(say(schema, result, why));
    return attempts;
  }
  const chain: readonly (readonly [SchemaSource, ToolSchemas])[] = [
    ...(schema === 'declared' ? [['declared', declared] as const] : []),
    ...(schema !== 'generic' && previous !== undefined ? [['previous', previous] as const] : []),
    ['generic', {}],
  ];
  for (const [of, { outputSchema }] of chain) {
    const misfit = misfitOf(outcome.result, outputSchema, fits);
    attempts.push(say(of, misfit === undefined ? 'success' : 'failure', misfit));
    if (misfit === undefined) break;
  }
  return attempts;
}

function misfitOf(
  { structuredContent }: Readonly<Record<string, unknown>>,
  outputSchema: unknown,
  fits: FitsSchema,
): string | undefined {
  if (outputSchema === undefined || outputSchema === null) return undefined;
  if (structuredContent === undefined) return 'its result has no structuredContent';
  const problem = fits(outputSchema, structuredContent);
  return problem === undefined ? undefined : `its result does not fit: ${problem}`;
}

/** Whether a result is the way in which servers refuse arguments before they run a tool. */
export function isRefusal(result: Readonly<Record<string, unknown>>): string | undefined {
  if (result['isError'] !== true || !Array.isArray(result['content'])) return undefined;
  const [first] = result['content'] as { text?: unknown }[];
  return typeof first?.text === 'string' &&
    /^(?:MCP error )?-32602\b|^Input validation error/i.test(first.text)
    ? first.text.slice(0, 300)
    : undefined;
}

/** The result as a tool that is served with the generic wrapper gives it. */
export function wrapGenerically(
  result: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (result['isError'] === true) return result;
  const { structuredContent, content } = result;
  return { ...result, structuredContent: { result: structuredContent ?? content ?? null } };
}
