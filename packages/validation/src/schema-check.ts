import type { Check, CheckInput, CheckResult } from './check.js';
import { count } from './count.js';
import type { DataProblem, DataValue } from './data-document.js';
import { dataPartsOf, type DataPart } from './data-parts.js';
import type { Finding } from './finding.js';
import { dialectOf } from './json-schema-dialect.js';
import type { SchemaProblem } from './json-schema.js';
import { softenKnown, type KnownBreakage } from './known-breakage.js';
import {
  createSchemaLibrary,
  uriOf,
  type SchemaBinding,
  type SchemaItem,
  type SchemaLibrary,
  type WantedSchema,
} from './schema-library.js';

export interface SchemaCheckOptions {
  /** Default: none; files that name a `$schema` are validated all the same. */
  schemas?: readonly SchemaBinding[];
  /** Says that the source itself already has a breakage: it then is a warning. Default: none is known. */
  knownBroken?: KnownBreakage;
}

/**
 * Checks JSON and YAML: files, fenced `json` and `yaml` blocks in Markdown, and front matter parse; JSON Schemas among
 * them compile under their own `$schema`; files that are bound to a schema or name one satisfy it. Nothing is fetched.
 *
 * The rule ids are listed in the README; all begin with `schema/`.
 */
export function schemaCheck({ schemas = [], knownBroken }: SchemaCheckOptions = {}): Check {
  return {
    id: 'schema_check',
    needs: ['files'],
    failureAction: 'block',
    async run(input) {
      const { findings, details } = await checkSchemas(input, schemas);
      const softened = softenKnown(findings, input, knownBroken);
      return { findings: softened, details: [...countProblems(softened), details].join(', ') };
    },
  };
}

/** What the row says first, where there is something wrong. */
function countProblems(findings: readonly Finding[]): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const known = findings.filter(({ data }) => data?.['known'] === true).length;
  return [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(known > 0 ? [`${known} already broken in the source`] : []),
  ];
}

async function checkSchemas(
  input: CheckInput,
  bindings: readonly SchemaBinding[],
): Promise<CheckResult> {
  const findings: Finding[] = [];
  let templates = 0;
  const parts: DataPart[] = [];
  for (const file of input.files) {
    for (const part of dataPartsOf(file, input)) {
      if (part === 'template') templates += 1;
      else {
        parts.push(part);
        for (const problem of part.document.problems) findings.push(describeProblem(part, problem));
      }
    }
  }
  const validated = await validateParts(parts, bindings, input);
  const details = [
    `${count(validated.schemas, 'schema')} validated`,
    `${count(validated.instances, 'document')} checked against a schema`,
    `${count(parts.length, 'document')} parsed`,
    ...(templates > 0 ? [count(templates, 'template block')] : []),
  ];
  return { findings: [...findings, ...validated.findings], details: details.join(', ') };
}

const problemNouns = { file: 'the file', block: 'the block', 'front matter': 'the front matter' };

function describeProblem({ file, origin, rangeOf }: DataPart, problem: DataProblem): Finding {
  return {
    ruleId: `schema/${problem.code}`,
    severity: origin === 'front matter' ? 'warning' : 'error',
    message:
      problem.code === 'syntax'
        ? `${problemNouns[origin]} does not parse: ${problem.message}`
        : problem.message,
    path: file.path,
    range: rangeOf(problem),
    data: { origin },
  };
}

interface Validated {
  findings: Finding[];
  schemas: number;
  instances: number;
}

async function validateParts(
  parts: readonly DataPart[],
  bindings: readonly SchemaBinding[],
  input: CheckInput,
): Promise<Validated> {
  const items = parts.flatMap((part) =>
    part.document.values.map((value) => ({ part, value, $schema: schemaOf(part, value) })),
  );
  const isSchema = (item: SchemaItem) =>
    item.$schema !== undefined && dialectOf(item.$schema) !== undefined;
  const schemas = items.filter(isSchema);
  const others = items.filter((item) => !isSchema(item));
  const wanted = others.flatMap((item) => wantedSchemas(item, bindings));
  if (schemas.length === 0 && wanted.length === 0)
    return { findings: [], schemas: 0, instances: 0 };

  const library = await createSchemaLibrary(schemas, input);
  const found: Finding[][] = [];
  for (const item of schemas) found.push(await checkSchema(item, library));
  for (const want of wanted) found.push(await checkInstance(want, library));
  return { findings: found.flat(), schemas: schemas.length, instances: wanted.length };
}

/** The schema that a value names: by `$schema`, or in a comment for the language server. */
function schemaOf({ schemaComment }: DataPart, { value }: DataValue): string | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { $schema } = value as { $schema?: unknown };
    if (typeof $schema === 'string') return $schema;
  }
  return schemaComment;
}

function wantedSchemas(item: SchemaItem, bindings: readonly SchemaBinding[]): WantedSchema[] {
  const { file, origin } = item.part;
  const bound = origin === 'file' ? bindings.filter(({ files }) => files(file.path)) : [];
  return [
    ...bound.map((binding) => ({ item, reference: binding.schema, binding })),
    ...(item.$schema === undefined ? [] : [{ item, reference: item.$schema }]),
  ];
}

async function checkSchema(
  { part, value }: SchemaItem,
  library: SchemaLibrary,
): Promise<Finding[]> {
  const { problems } = await library.compile({ schema: value.value, uri: uriOf(part.file.path) });
  return problems.map((problem) => describeSchemaProblem(part, value, problem));
}

async function checkInstance(want: WantedSchema, library: SchemaLibrary): Promise<Finding[]> {
  const { part, value } = want.item;
  const found = await library.find(want);
  if (!found) return [describeMissingSchema(want)];
  const { compiled, problems } = await library.compile(found);
  if (!compiled) {
    const message = `the schema ${want.reference} cannot be used: ${problems[0]?.message}`;
    return [describeSchemaProblem(part, value, { rule: 'invalid-schema', pointer: '', message })];
  }
  return compiled
    .validate(value.value)
    .map((problem) => describeSchemaProblem(part, value, problem));
}

function describeMissingSchema({
  item: { part, value },
  reference,
  binding,
}: WantedSchema): Finding {
  const outside = !binding && (part.origin !== 'file' || /^[a-z][a-z0-9+.-]*:/i.test(reference));
  return {
    ruleId: outside ? 'schema/unknown-schema' : 'schema/missing-schema',
    severity: outside ? 'info' : 'error',
    message: outside
      ? `not validated: its schema ${reference} is not among the files, and nothing is fetched`
      : `its schema ${reference} is not there, or does not parse`,
    path: part.file.path,
    range: part.rangeOf(value.locate('/$schema')),
    data: { schema: reference },
  };
}

const warnings = new Set<SchemaProblem['rule']>(['unchecked-pattern', 'unsupported-dialect']);

function describeSchemaProblem(
  part: DataPart,
  value: DataValue,
  { rule, pointer, message }: SchemaProblem,
): Finding {
  return {
    ruleId: `schema/${rule}`,
    severity: warnings.has(rule) ? 'warning' : 'error',
    message,
    path: part.file.path,
    range: part.rangeOf(value.locate(pointer)),
    data: { pointer },
  };
}
