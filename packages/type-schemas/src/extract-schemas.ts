import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import fastGlob from 'fast-glob';
import type { ExtractedType, ExtractionAnswer, ExtractionProblem } from './extract-worker.js';
import { runExtraction } from './run-extraction.js';
import { SchemaError } from './schema-error.js';
import type { SchemaFinding } from './schema-error.js';
import { digestFiles, schemaFileName, serializeSchema } from './schema-file.js';

/** Far more than a catalogue has. */
const MAX_FILES = 5000;

export interface ExtractOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Patterns of source files, relative to `cwd`. */
  readonly types: readonly string[];
  /** Names of types; empty: all that the files export. */
  readonly names: readonly string[];
  /** The folder that the schemas are for; what they say of sources is relative to it. */
  readonly out: string;
  readonly tsconfig?: string;
  /** What `$id` begins with; default nothing, which makes it the name of the file. */
  readonly baseUrl?: string;
}

/** Schemas by the name of their file, and what is wrong with other types. */
export interface Extraction {
  readonly files: ReadonlyMap<string, string>;
  readonly findings: readonly SchemaFinding[];
}

/**
 * Derives the schemas of exported types. A type that has none (of functions, say) is a finding, and the
 * others come all the same.
 *
 * @throws SchemaError `bad-argument` where no file matches, `extraction-failed` with the complaints of
 * TypeScript, or where no type has a schema.
 */
export async function extractSchemas(options: ExtractOptions): Promise<Extraction> {
  const { cwd, tsconfig } = options;
  const request = {
    files: await findSources(options),
    types: options.names,
    ...(tsconfig === undefined ? {} : { tsconfig: resolve(cwd, tsconfig) }),
  };
  return describeTypes(await runExtraction(request, options), options);
}

/** Turns what the compiler found into files of schemas. */
export async function describeTypes(
  { schemas, problems }: ExtractionAnswer,
  { cwd, out, baseUrl = '' }: Pick<ExtractOptions, 'cwd' | 'out' | 'baseUrl'>,
): Promise<Extraction> {
  const findings = problems.map((problem) => describe(problem, cwd));
  if (schemas.length === 0) throw nothingExtracted(findings);
  const texts = new Map<string, string>();
  for (const type of schemas) {
    const name = schemaFileName(type.name);
    texts.set(name, await describeType(type, resolve(cwd, out), baseUrl + name));
  }
  return { files: texts, findings: [...findings, ...findSameNames(texts.keys())] };
}

async function findSources({ cwd, types }: ExtractOptions): Promise<string[]> {
  const found = await fastGlob([...types], {
    cwd,
    dot: true,
    absolute: true,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
  });
  const sources = found.filter((path) => /\.[cm]?tsx?$/.test(path)).sort();
  if (sources.length > 0 && sources.length <= MAX_FILES) return sources;
  const words = sources.length === 0 ? 'no TypeScript file' : `more than ${MAX_FILES} files`;
  throw new SchemaError('bad-argument', `--types ${types.join(' ')} matches ${words}`, {
    hint: "quote the pattern, like --types 'src/types/*.ts'",
  });
}

async function describeType(
  { schema, sources }: ExtractedType,
  folder: string,
  id: string,
): Promise<string> {
  const texts = new Map<string, string>();
  for (const source of sources) {
    texts.set(relative(folder, source).split(sep).join('/'), await readFile(source, 'utf8'));
  }
  const files = [...texts.keys()].sort();
  return serializeSchema(schema, { id, digest: digestFiles(texts), files });
}

/** Whether a file on the disk of many machines can hold both. */
function findSameNames(names: Iterable<string>): SchemaFinding[] {
  const groups = Map.groupBy(names, (name) => name.toLowerCase());
  return [...groups.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({
      ruleId: 'schemas/same-name',
      severity: 'error',
      path: same[0] ?? '',
      message: `differs in case only from ${same.slice(1).join(', ')}, which some file systems take for one; rename a type`,
    }));
}

function describe(
  { message, file, line, column, kind }: ExtractionProblem,
  cwd: string,
): SchemaFinding {
  const start = { line: line ?? 1, column: column ?? 1 };
  return {
    ruleId: kind === 'source' ? 'schemas/typescript' : 'schemas/no-schema',
    severity: 'error',
    path: file === undefined ? '--type' : relative(cwd, file).split(sep).join('/'),
    message: message.replaceAll(`${cwd}${sep}`, ''),
    ...(line === undefined ? {} : { range: { start, end: start } }),
  };
}

function nothingExtracted(findings: readonly SchemaFinding[]): SchemaError {
  const checked = findings.some(({ ruleId }) => ruleId === 'schemas/typescript');
  return new SchemaError(
    'extraction-failed',
    checked ? 'the sources have type errors; no schema was written' : 'no schema was extracted',
    {
      findings,
      hint: checked
        ? 'correct them, or name the tsconfig that they are written for with --tsconfig'
        : 'only exported interfaces, type aliases and enums without type parameters have schemas',
    },
  );
}
