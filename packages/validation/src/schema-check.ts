import type { Check, CheckInput, CheckResult, ValidationFile } from './check.js';
import { isTemplateBlock } from './classify-block.js';
import { count } from './count.js';
import type { DataDocument, DataProblem, DataValue, Span } from './data-document.js';
import { parseData, type DataFormat } from './document-reader.js';
import type { Finding, Range } from './finding.js';
import { dialectOf, type Dialect } from './json-schema-dialect.js';
import type { CompiledSchema, SchemaProblem } from './json-schema.js';
import { softenKnown, type KnownBreakage } from './known-breakage.js';
import { referencesOf, treeRoot, withAbsoluteId } from './json-schema-references.js';
import { indexLines } from './line-index.js';
import type { FencedBlock } from './parse-markdown.js';
import { resolveLink } from './resolve-link.js';

/** Files that must satisfy a schema. */
export interface SchemaBinding {
  files: (path: string) => boolean;
  /** The schema's path: a delivered file's, its source's, or one in the target's tree. */
  schema: string;
  /** The schema's bytes, when it lies elsewhere. */
  content?: Uint8Array;
}

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
      return { findings: softenKnown(findings, input, knownBroken), details };
    },
  };
}

/** A JSON or YAML text somewhere in a file. */
interface DataPart {
  file: ValidationFile;
  origin: 'file' | 'block' | 'front matter';
  document: DataDocument;
  rangeOf(span: Span): Range;
  /** A schema named in a comment of the text. */
  schemaComment?: string;
}

async function checkSchemas(
  input: CheckInput,
  bindings: readonly SchemaBinding[],
): Promise<CheckResult> {
  const findings: Finding[] = [];
  let templates = 0;
  const parts: DataPart[] = [];
  for (const file of input.files) {
    for (const part of partsOf(file, input)) {
      if (part === 'template') templates += 1;
      else {
        parts.push(part);
        findings.push(...part.document.problems.map((problem) => describeProblem(part, problem)));
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

function* partsOf(
  file: ValidationFile,
  { documents, limits }: CheckInput,
): Generator<DataPart | 'template'> {
  const data = documents.data(file);
  const text = documents.text(file);
  if (!text) return;
  if (data) {
    const named = /^#[ \t]*yaml-language-server:[ \t]*\$schema=(\S+)/m.exec(
      text.text.slice(0, 4096),
    )?.[1];
    const rangeOf = ({ start, end }: Span) => text.lines.rangeAt(start, end);
    yield {
      file,
      origin: 'file',
      document: data,
      rangeOf,
      ...(named !== undefined && { schemaComment: named }),
    };
    return;
  }
  const markdown = documents.markdown(file);
  if (!markdown) return;
  if (markdown.frontMatter) {
    const { start, end } = markdown.frontMatter;
    const document = parseData(
      text.text.slice(start, end).replace(/(?:---|\.\.\.)[ \t]*$/, ''),
      'yaml',
      limits,
    );
    yield {
      file,
      origin: 'front matter',
      document,
      rangeOf: (span) => text.lines.rangeAt(start + span.start, start + span.end),
    };
  }
  for (const block of markdown.blocks) {
    const format = blockFormats.get(block.language);
    if (!format) continue;
    const document = parseData(block.content, format, limits);
    const broken = document.problems.some(
      ({ code }) => code === 'syntax' || code === 'duplicate-key',
    );
    if (broken && isTemplateBlock(block.content, format, limits)) yield 'template';
    else yield { file, origin: 'block', document, rangeOf: rangeInBlock(block, text.text) };
  }
}

const blockFormats: ReadonlyMap<string, DataFormat> = new Map([
  ['json', 'json'],
  ['jsonc', 'jsonc'],
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
]);

/** Places in a block's content become places in the file: its lines may have lost the indentation of a list or quote. */
function rangeInBlock(block: FencedBlock, text: string): (span: Span) => Range {
  const content = indexLines(block.content);
  const contentLines = block.content.split('\n');
  const first = indexLines(text).positionAt(block.start).line + 1;
  const fileLines = text
    .slice(block.start, block.end)
    .split(/\r\n?|\n/)
    .slice(1);
  return ({ start, end }) => {
    const range = content.rangeAt(start, end);
    return { start: shift(range.start), end: shift(range.end) };
  };

  function shift({ line, column }: Range['start']): Range['start'] {
    const lost = (fileLines[line - 1]?.length ?? 0) - (contentLines[line - 1]?.length ?? 0);
    return { line: first + line - 1, column: column + Math.max(0, lost) };
  }
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

/** A value of a part, with what it says of its schema. */
interface Item {
  part: DataPart;
  value: DataValue;
  $schema: string | undefined;
}

async function validateParts(
  parts: readonly DataPart[],
  bindings: readonly SchemaBinding[],
  input: CheckInput,
): Promise<Validated> {
  const items = parts.flatMap((part) =>
    part.document.values.map((value) => ({ part, value, $schema: schemaOf(part, value) })),
  );
  const isSchema = (item: Item) =>
    item.$schema !== undefined && dialectOf(item.$schema) !== undefined;
  const schemas = items.filter(isSchema);
  const others = items.filter((item) => !isSchema(item));
  const wanted = others.flatMap((item) => wantedSchemas(item, bindings));
  if (schemas.length === 0 && wanted.length === 0)
    return { findings: [], schemas: 0, instances: 0 };

  const library = await createSchemaLibrary(schemas, input);
  const findings: Finding[] = [];
  for (const item of schemas) findings.push(...(await checkSchema(item, library)));
  for (const want of wanted) findings.push(...(await checkInstance(want, library)));
  return { findings, schemas: schemas.length, instances: wanted.length };
}

/** The schema that a value names: by `$schema`, or in a comment for the language server. */
function schemaOf({ schemaComment }: DataPart, { value }: DataValue): string | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { $schema } = value as { $schema?: unknown };
    if (typeof $schema === 'string') return $schema;
  }
  return schemaComment;
}

/** A value and the schema that it must satisfy. */
interface WantedSchema {
  item: Item;
  reference: string;
  binding?: SchemaBinding;
}

function wantedSchemas(item: Item, bindings: readonly SchemaBinding[]): WantedSchema[] {
  const { file, origin } = item.part;
  const bound = origin === 'file' ? bindings.filter(({ files }) => files(file.path)) : [];
  return [
    ...bound.map((binding) => ({ item, reference: binding.schema, binding })),
    ...(item.$schema === undefined ? [] : [{ item, reference: item.$schema }]),
  ];
}

/** Finds schemas among the files, the tree and the bindings, and compiles each once. */
interface SchemaLibrary {
  compile(source: {
    schema: unknown;
    uri: string;
  }): Promise<{ compiled?: CompiledSchema; problems: SchemaProblem[] }>;
  find(want: WantedSchema): Promise<{ schema: unknown; uri: string } | undefined>;
}

async function createSchemaLibrary(
  schemas: readonly Item[],
  input: CheckInput,
): Promise<SchemaLibrary> {
  const { createSchemaCompiler } = await import('./json-schema.js');
  const compile = createSchemaCompiler(input.limits.schemaTimeoutMs);
  const byUri = indexSchemas(schemas);
  const sources = new Map(input.files.map((file) => [file.sourcePath ?? file.path, file]));
  const compiled = new Map<unknown, ReturnType<typeof compile>>();

  async function load(uri: string): Promise<unknown> {
    if (byUri.has(uri) || !uri.startsWith(treeRoot)) return byUri.get(uri);
    const path = decodeURI(uri.slice(treeRoot.length));
    const file = input.tree.file(path) ?? sources.get(path);
    const value = file ? input.documents.data(file) : await readFromTree(path);
    byUri.set(uri, value?.values[0]?.value);
    return byUri.get(uri);
  }

  async function readFromTree(path: string): Promise<DataDocument | undefined> {
    const content = input.tree.kind(path) === 'file' ? await input.tree.read(path) : undefined;
    return content && input.documents.data({ path, content, mode: '100644' });
  }

  /** Brings in what the schema refers to, for ajv cannot wait. */
  async function loadReferences(schema: object, uri: string, dialect: Dialect): Promise<void> {
    const seen = new Set<string>();
    const pending = [withAbsoluteId(schema, uri, dialect)];
    for (let next = pending.pop(); next; next = pending.pop()) {
      for (const { target } of referencesOf(next)) {
        if (seen.has(target)) continue;
        seen.add(target);
        const found = await load(target);
        if (typeof found === 'object' && found !== null)
          pending.push(withAbsoluteId(found, target, dialect));
      }
    }
  }

  return {
    async compile({ schema, uri }) {
      const known = compiled.get(schema);
      if (known) return known;
      const named = (schema as { $schema?: unknown } | null)?.$schema;
      const dialect = typeof named === 'string' ? dialectOf(named) : '2020-12';
      if (dialect === undefined || dialect === 'unsupported') {
        const message = `its $schema ${String(named)} is not a version of JSON Schema that can be checked`;
        return { problems: [{ rule: 'unsupported-dialect', pointer: '/$schema', message }] };
      }
      if (typeof schema === 'object' && schema !== null) await loadReferences(schema, uri, dialect);
      const result = compile({ schema, dialect, uri, lookUp: (target) => byUri.get(target) });
      compiled.set(schema, result);
      return result;
    },
    async find({ item, reference, binding }) {
      if (binding?.content) return findBound(binding, binding.content, input);
      const uri = binding
        ? uriOf(binding.schema)
        : resolveReference(reference, item.part.file.path);
      const schema = uri === undefined ? undefined : await load(uri);
      return schema === undefined ? undefined : { schema, uri: uri! };
    },
  };
}

function indexSchemas(schemas: readonly Item[]): Map<string, unknown> {
  const byUri = new Map<string, unknown>();
  for (const { part, value } of schemas) {
    const { $id, id } = value.value as { $id?: unknown; id?: unknown };
    const named = typeof $id === 'string' ? $id : id;
    if (typeof named === 'string' && URL.canParse(named))
      byUri.set(named.replace(/#.*$/s, ''), value.value);
    if (part.origin === 'file') byUri.set(uriOf(part.file.path), value.value);
  }
  return byUri;
}

function findBound(binding: SchemaBinding, content: Uint8Array, { documents }: CheckInput) {
  const document = documents.data({ path: binding.schema, content, mode: '100644' });
  const schema = document?.values[0]?.value;
  return schema === undefined ? undefined : { schema, uri: uriOf(binding.schema) };
}

function uriOf(path: string): string {
  return treeRoot + encodeURI(path);
}

function resolveReference(reference: string, fromPath: string): string | undefined {
  const target = resolveLink(reference, fromPath);
  if (target.kind === 'path') return uriOf(target.path);
  return target.kind === 'external' ? reference.replace(/#.*$/s, '') : undefined;
}

async function checkSchema({ part, value }: Item, library: SchemaLibrary): Promise<Finding[]> {
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
