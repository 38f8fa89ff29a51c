import {
  Ajv,
  type AnySchemaObject,
  type ErrorObject,
  type Options,
  type CodeOptions,
  type ValidateFunction,
} from 'ajv';
import ajvDraft04 from 'ajv-draft-04';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import ajvFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { childPointer } from './data-document.js';
import type { Dialect } from './json-schema-dialect.js';
import { referencesOf, treeRoot, withAbsoluteId } from './json-schema-references.js';
import { TimeLimitError, createTimeLimit, type RunWithin } from './time-limit.js';

/** What is wrong with a schema, or with a value under it, at a JSON pointer. */
export interface SchemaProblem {
  rule:
    | 'invalid-schema'
    | 'external-ref'
    | 'unchecked-pattern'
    | 'unsupported-dialect'
    | 'too-costly'
    | 'invalid';
  pointer: string;
  message: string;
}

/** A schema that compiled. */
export interface CompiledSchema {
  validate(value: unknown): SchemaProblem[];
}

/** A schema, and where the documents come from that its `$ref`s lead to. */
export interface SchemaSource {
  schema: unknown;
  dialect: Dialect;
  /** The absolute URI that relative references are resolved against where the schema has no `$id`. */
  uri: string;
  /** The document at an absolute URI without fragment; undefined where nothing is at hand. */
  lookUp(uri: string): unknown;
}

export type CompiledOrNot = { compiled?: CompiledSchema; problems: SchemaProblem[] };

/**
 * Returns a function that compiles schemas with ajv under their own dialect. Nothing is fetched; patterns run on RE2,
 * in linear time; compiling one schema, and validating one value, end after `timeoutMs`.
 */
export function createSchemaCompiler(timeoutMs: number): (source: SchemaSource) => CompiledOrNot {
  const runWithin = createTimeLimit();
  return (source) => {
    const unchecked: SchemaProblem[] = [];
    const ajv = createAjv(source.dialect, (pattern, reason) =>
      unchecked.push(uncheckedPattern(pattern, reason)),
    );
    try {
      const compiled = runWithin(timeoutMs, () => compile(ajv, source));
      if (Array.isArray(compiled)) return { problems: compiled };
      const validate = (value: unknown) => runValidation(compiled, value, timeoutMs, runWithin);
      return { problems: unchecked, compiled: { validate } };
    } catch (error) {
      return {
        problems: [costProblem(error, 'compiling it') ?? invalidSchema('', messageOf(error))],
      };
    }
  };
}

/** ajv's own function for a schema, or what is wrong with the schema. */
function compile(
  ajv: Ajv,
  { schema, dialect, uri, lookUp }: SchemaSource,
): ValidateFunction | SchemaProblem[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return [invalidSchema('', 'a schema must be an object')];
  }
  if (ajv.validateSchema(schema) !== true) {
    return (ajv.errors ?? []).map((error) => invalidSchema(error.instancePath, wordError(error)));
  }
  const root = withAbsoluteId(schema, uri, dialect);
  const outside = addReferences(ajv, root, dialect, lookUp);
  return outside.length > 0 ? outside : ajv.compile(root);
}

function runValidation(
  validate: ValidateFunction,
  value: unknown,
  timeoutMs: number,
  runWithin: RunWithin,
): SchemaProblem[] {
  try {
    const errors = runWithin(timeoutMs, () => errorsOf(validate, value));
    return withoutConsequences(errors).map((error) => ({
      rule: 'invalid',
      pointer: placeOf(error),
      message: wordError(error),
    }));
  } catch (error) {
    return [costProblem(error, 'validating against it') ?? invalidSchema('', messageOf(error))];
  }
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
  const named = params as { additionalProperty?: string; unevaluatedProperty?: string };
  const name = named.additionalProperty ?? named.unevaluatedProperty;
  return instancePath === '' && name === '$schema';
}

/**
 * The errors without those that only follow from another: that a conditional's branch failed, and that properties
 * count as unevaluated because the schema that would have evaluated them failed.
 */
function withoutConsequences(errors: readonly ErrorObject[]): ErrorObject[] {
  const causes = errors.filter(
    ({ keyword }) => keyword !== 'if' && !keyword.startsWith('unevaluated'),
  );
  const failed = new Set<string>();
  for (const { instancePath } of causes) {
    for (let path = instancePath; !failed.has(path); path = path.slice(0, path.lastIndexOf('/')))
      failed.add(path);
  }
  const unexplained = errors.filter(
    ({ keyword, instancePath }) => keyword.startsWith('unevaluated') && !failed.has(instancePath),
  );
  return [...causes, ...unexplained];
}

/** Time, and the stack that a schema without an end exhausts, are the schema's cost; anything else is undefined. */
function costProblem(error: unknown, doing: string): SchemaProblem | undefined {
  if (error instanceof TimeLimitError) {
    return {
      rule: 'too-costly',
      pointer: '',
      message: `${doing} did not end within ${error.limitMs} ms`,
    };
  }
  if (error instanceof RangeError) {
    return {
      rule: 'too-costly',
      pointer: '',
      message: `${doing} does not end: it recurses without taking anything off the value`,
    };
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function invalidSchema(pointer: string, message: string): SchemaProblem {
  return { rule: 'invalid-schema', pointer, message };
}

function uncheckedPattern(pattern: string, reason: string): SchemaProblem {
  const message = `values are not checked against the pattern ${JSON.stringify(pattern)}, which RE2 does not take: ${reason}`;
  return { rule: 'unchecked-pattern', pointer: '', message };
}

function placeOf({ instancePath, keyword, params }: ErrorObject): string {
  const named = params as { additionalProperty?: string; unevaluatedProperty?: string };
  if (keyword === 'additionalProperties')
    return childPointer(instancePath, named.additionalProperty ?? '');
  if (keyword === 'unevaluatedProperties')
    return childPointer(instancePath, named.unevaluatedProperty ?? '');
  return instancePath;
}

function wordError({
  instancePath,
  keyword,
  message = 'is not valid',
  params,
}: ErrorObject): string {
  const subject = instancePath === '' ? 'the value' : instancePath;
  const named = params as Record<string, unknown>;
  switch (keyword) {
    case 'enum':
      return `${subject} must be one of ${(named['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `${subject} must be ${JSON.stringify(named['allowedValue'])}`;
    case 'additionalProperties':
      return `${subject} must not have the property ${JSON.stringify(named['additionalProperty'])}`;
    case 'unevaluatedProperties':
      return `${subject} must not have the property ${JSON.stringify(named['unevaluatedProperty'])}`;
    default:
      return `${subject} ${message}`;
  }
}

type OnUnchecked = (pattern: string, reason: string) => void;

function createAjv(dialect: Dialect, onUnchecked: OnUnchecked): Ajv {
  const options: Options = {
    strict: false,
    allErrors: true,
    logger: false,
    ownProperties: true,
    code: { regExp: linearRegExp(onUnchecked) },
  };
  const ajv = instantiate(dialect, options);
  ajvFormats.default(ajv);
  // Compiles the dialect's own schema, which is not the author's to answer for.
  void ajv.validateSchema({});
  return ajv;
}

function instantiate(dialect: Dialect, options: Options): Ajv {
  switch (dialect) {
    case 'draft-04':
      return new ajvDraft04.default(options) as unknown as Ajv;
    case 'draft-06':
      return new Ajv({ ...options, meta: false, defaultMeta: draft06.$id }).addMetaSchema(draft06);
    case 'draft-07':
      return new Ajv(options);
    case '2019-09':
      return new Ajv2019(options) as unknown as Ajv;
    case '2020-12':
      return new Ajv2020(options) as unknown as Ajv;
  }
}

/**
 * A pattern engine for ajv on RE2; what RE2 has no words for (lookaround, back-references) matches everything. ajv
 * tells patterns apart by their `toString`.
 */
function linearRegExp(onUnchecked: OnUnchecked): NonNullable<CodeOptions['regExp']> {
  function compilePattern(pattern: string): { test(value: string): boolean; toString(): string } {
    return { test: testerOf(pattern, onUnchecked), toString: () => pattern };
  }
  return Object.assign(compilePattern, { code: 'linearRegExp' });
}

function testerOf(pattern: string, onUnchecked: OnUnchecked): (value: string) => boolean {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return (value) => compiled.matcher(value).find();
  } catch (error) {
    onUnchecked(pattern, messageOf(error));
    return () => true;
  }
}

/** Adds the documents that the references lead to, and theirs; what is not at hand is a problem with its place. */
function addReferences(
  ajv: Ajv,
  root: AnySchemaObject,
  dialect: Dialect,
  lookUp: SchemaSource['lookUp'],
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const asked = new Set<string>();
  const pending = [root];
  for (let schema = pending.pop(); schema; schema = pending.pop()) {
    for (const { target, pointer } of referencesOf(schema)) {
      if (asked.has(target) || target in ajv.schemas || target in ajv.refs) continue;
      asked.add(target);
      const found = lookUp(target);
      if (typeof found === 'object' && found !== null) {
        const added = withAbsoluteId(found, target, dialect);
        ajv.addSchema(added, target);
        pending.push(added);
      } else {
        const message = `the $ref leads to ${target.replace(treeRoot, '')}, which is not among the files; nothing is fetched`;
        problems.push({ rule: 'external-ref', pointer: schema === root ? pointer : '', message });
      }
    }
  }
  return problems;
}
