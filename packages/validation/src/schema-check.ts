import type { Check, CheckInput, CheckResult } from './check.js';
import { count } from './count.js';
import { dataPartsOf, type DataPart } from './data-parts.js';
import type { Finding } from '@holdfast/findings';
import type { SchemaProblem } from '@holdfast/json-schema';
import { dialectOf } from '@holdfast/json-schema/uris';
import { parsePointer, type DataProblem, type DataValue } from '@holdfast/text';
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
  /** What becomes of what the source itself already has broken. Default: nothing is known. */
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
      const softened = softenKnown(findings, input, { knownBroken, check: 'schema_check' });
      return { findings: softened, details: [...countProblems(softened), details].join(', ') };
    },
  };
}

/** What the row says first, where there is something wrong. */
function countProblems(findings: readonly Finding[]): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const known = findings.filter(
    ({ severity, data }) => severity === 'warning' && data?.['known'] === true,
  ).length;
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
  const templates = { 'template block': 0, 'template file': 0 };
  const parts: DataPart[] = [];
  for (const file of input.files) {
    for (const part of dataPartsOf(file, input)) {
      if (typeof part === 'string') templates[part] += 1;
      else {
        parts.push(part);
        for (const problem of part.document.problems) {
          // A key that is no name is YAML: what uses it knows it.
          if (problem.code !== 'complex-key') findings.push(describeProblem(part, problem));
        }
      }
    }
  }
  const validated = await validateParts(parts, bindings, input);
  const details = [
    `${count(validated.schemas, 'schema')} validated`,
    `${count(validated.instances, 'document')} checked against a schema`,
    `${count(parts.length, 'document')} parsed`,
    ...(validated.undecided > 0 ? [`${validated.undecided} not decided`] : []),
    ...(['template block', 'template file'] as const).flatMap((kind) =>
      templates[kind] > 0 ? [`${count(templates[kind], kind)} not parsed`] : [],
    ),
  ];
  return { findings: [...findings, ...validated.findings], details: details.join(', ') };
}

const problemNouns = { file: 'the file', block: 'the block', 'front matter': 'the front matter' };

function describeProblem({ file, origin, rangeOf }: DataPart, problem: DataProblem): Finding {
  return {
    ruleId: `schema/${problem.code === 'alias' ? 'syntax' : problem.code}`,
    severity: origin === 'front matter' ? 'warning' : 'error',
    message:
      problem.code === 'syntax' || problem.code === 'alias'
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
  /** How many of the instances could be found neither valid nor invalid. */
  undecided: number;
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
    return { findings: [], schemas: 0, instances: 0, undecided: 0 };

  const library = await createSchemaLibrary(schemas, input);
  const findings: Finding[] = [];
  for (const item of schemas) {
    for (const finding of await checkSchema(item, library)) findings.push(finding);
  }
  let undecided = 0;
  for (const want of wanted) {
    for (const finding of await checkInstance(want, library)) {
      if (finding.ruleId === 'schema/undecided') undecided += 1;
      findings.push(finding);
    }
  }
  return { findings, schemas: schemas.length, instances: wanted.length, undecided };
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
  const compilation = await library.compile({
    schema: value.value,
    uri: uriOf(part.file.path),
  });
  if (compilation.kind === 'compiled') return [];
  return compilation.problems.map((problem) => describeSchemaProblem(part, value, problem));
}

async function checkInstance(want: WantedSchema, library: SchemaLibrary): Promise<Finding[]> {
  const { part, value } = want.item;
  const found = await library.find(want);
  if (!found) return [describeMissingSchema(want)];
  const compilation = await library.compile(found);
  if (compilation.kind === 'refused') {
    const [problem] = compilation.problems;
    const message = `the schema ${want.reference} cannot be used: ${problem?.message}`;
    return [
      describe(part, value, { rule: 'invalid-schema', severity: 'error', pointer: '', message }),
    ];
  }
  const verdict = compilation.schema.validate(value.value);
  switch (verdict.kind) {
    case 'valid':
      return [];
    case 'invalid':
      return verdict.errors.map(({ instancePath, message, keyword }) =>
        describe(part, value, {
          rule: 'invalid',
          severity: 'error',
          pointer: instancePath,
          message,
          keyword,
        }),
      );
    case 'undecided': {
      const message = `whether it satisfies the schema ${want.reference} is not decided: ${verdict.reason}`;
      const description = { pointer: '', message };
      return [
        verdict.cause === 'cost'
          ? describe(part, value, { ...description, rule: 'too-costly', severity: 'error' })
          : describe(part, value, { ...description, rule: 'undecided', severity: 'warning' }),
      ];
    }
  }
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
    range: part.rangeOf(value.closestSpan(['$schema'])),
    data: { origin: part.origin, schema: reference },
  };
}

const ruleOfProblem: Record<SchemaProblem['kind'], string> = {
  'invalid-schema': 'invalid-schema',
  'unsupported-dialect': 'unsupported-dialect',
  'missing-reference': 'external-ref',
  'too-large': 'too-costly',
  'too-costly': 'too-costly',
};

function describeSchemaProblem(
  part: DataPart,
  value: DataValue,
  { kind, pointer, message }: SchemaProblem,
): Finding {
  const severity = kind === 'unsupported-dialect' ? 'warning' : 'error';
  return describe(part, value, { rule: ruleOfProblem[kind], severity, pointer, message });
}

interface Description {
  rule: string;
  severity: Finding['severity'];
  pointer: string;
  message: string;
  keyword?: string;
}

function describe(
  part: DataPart,
  value: DataValue,
  { rule, severity, pointer, message, keyword }: Description,
): Finding {
  return {
    ruleId: `schema/${rule}`,
    severity,
    message,
    path: part.file.path,
    range: part.rangeOf(value.closestSpan(parsePointer(pointer))),
    data: { origin: part.origin, pointer, ...(keyword !== undefined && { keyword }) },
  };
}
