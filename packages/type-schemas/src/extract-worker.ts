// Runs in a worker, for a compiler takes seconds, memory and sometimes for ever. It is a bundle entry of
// its own, and imports nothing of ours at run time; the compiler is the one that the generator brings.
import { createRequire } from 'node:module';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type * as Generator from 'ts-json-schema-generator';
import type ts from 'typescript';

/** What the worker is asked. Paths are absolute. */
export interface ExtractionRequest {
  /** The main module of ts-json-schema-generator. */
  readonly generator: string;
  readonly files: readonly string[];
  /** Names of exported types; empty: all. */
  readonly types: readonly string[];
  readonly tsconfig?: string;
  /** Nothing outside of this folder is read, but for what TypeScript brings. */
  readonly within?: string;
}

/** What the worker answers. */
export interface ExtractionAnswer {
  readonly schemas: readonly ExtractedType[];
  readonly problems: readonly ExtractionProblem[];
}

/** One exported type. */
export interface ExtractedType {
  readonly name: string;
  readonly schema: object;
  /** The files that the type is made of: its own, and what it imports, without packages. */
  readonly sources: readonly string[];
}

/** What is wrong with the sources, or with a type. */
export interface ExtractionProblem {
  /** `source`: TypeScript itself complains. */
  readonly kind: 'source' | 'type';
  readonly message: string;
  readonly file?: string;
  /** Both count from 1. */
  readonly line?: number;
  readonly column?: number;
}

const request = workerData as ExtractionRequest;
const requireBesideGenerator = createRequire(request.generator);
const { SchemaGenerator, DEFAULT_CONFIG, createFormatter, createParser } = requireBesideGenerator(
  request.generator,
) as typeof Generator;
const typescript = requireBesideGenerator('typescript') as typeof ts;

parentPort?.postMessage(extract(request));

function extract({ files, types, tsconfig, within }: ExtractionRequest): ExtractionAnswer {
  const { options, problems } = readOptions(tsconfig);
  const host = within === undefined ? undefined : confinedHost(options, within);
  const program = typescript.createProgram([...files], options, host);
  const complaints = [...problems, ...diagnose(program)];
  if (complaints.length > 0) return { schemas: [], problems: complaints };
  const found = findTypes(program, files);
  const unknown = types.filter((name) => !found.has(name));
  if (unknown.length > 0) {
    return { schemas: [], problems: unknown.map((name) => unknownType(name, found)) };
  }
  const wanted = [...found].filter(([name]) => types.length === 0 || types.includes(name));
  return describeTypes(program, wanted);
}

/** Sees one folder and the declarations of the language: sources of others may name any path. */
function confinedHost(options: ts.CompilerOptions, folder: string): ts.CompilerHost {
  const host = typescript.createCompilerHost(options);
  const library = dirname(host.getDefaultLibLocation?.() ?? folder);
  const isSeen = (path: string) =>
    [folder, library].some((root) => {
      const way = relative(root, resolve(folder, path));
      return !way.startsWith('..') && !isAbsolute(way);
    });
  return {
    ...host,
    getCurrentDirectory: () => folder,
    fileExists: (path) => isSeen(path) && host.fileExists(path),
    directoryExists: (path) => isSeen(path) && (host.directoryExists?.(path) ?? false),
    getDirectories: (path) => (isSeen(path) ? (host.getDirectories?.(path) ?? []) : []),
    readFile: (path) => (isSeen(path) ? host.readFile(path) : undefined),
    getSourceFile: (path, ...rest) =>
      isSeen(path) ? host.getSourceFile(path, ...rest) : undefined,
    realpath: (path) => path,
  };
}

function readOptions(tsconfig: string | undefined): {
  options: ts.CompilerOptions;
  problems: ExtractionProblem[];
} {
  const { ScriptTarget, ModuleKind, ModuleResolutionKind } = typescript;
  if (tsconfig === undefined) {
    const options = {
      noEmit: true,
      strict: true,
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      skipLibCheck: true,
      types: [],
    };
    return { options, problems: [] };
  }
  const host = { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const parsed = typescript.getParsedCommandLineOfConfigFile(tsconfig, { noEmit: true }, host);
  const problems: ExtractionProblem[] = parsed
    ? []
    : [{ kind: 'source', message: 'it is no tsconfig that can be read', file: tsconfig }];
  const { composite: _composite, incremental: _incremental, ...options } = parsed?.options ?? {};
  return { options: { ...options, declaration: false }, problems };
}

/** Where types do not check, schemas would allow anything: better none. */
function diagnose(program: ts.Program): ExtractionProblem[] {
  const own = program.getSourceFiles().filter((file) => isOwn(program, file));
  return own
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map(({ messageText, file, start }) => ({
      kind: 'source',
      message: typescript.flattenDiagnosticMessageText(messageText, ' '),
      ...(file ? { file: file.fileName, ...placeIn(file, start ?? 0) } : {}),
    }));
}

function isOwn(program: ts.Program, file: ts.SourceFile): boolean {
  return (
    !program.isSourceFileDefaultLibrary(file) && !program.isSourceFileFromExternalLibrary(file)
  );
}

function placeIn(file: ts.SourceFile, offset: number): { line: number; column: number } {
  const { line, character } = file.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

type TypeDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.EnumDeclaration;

/** The exported types of the given files by name; generic ones are no types yet. */
function findTypes(
  program: ts.Program,
  files: readonly string[],
): Map<string, readonly TypeDeclaration[]> {
  const checker = program.getTypeChecker();
  const found = new Map<string, Set<TypeDeclaration>>();
  for (const name of files) {
    const file = program.getSourceFile(name);
    const module = file && checker.getSymbolAtLocation(file);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const isAlias = (exported.flags & typescript.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      const declaration = symbol.declarations?.find(isType);
      if (!declaration || !isOwn(program, declaration.getSourceFile())) continue;
      if (!isIdentifier(exported.name)) continue;
      const declarations = found.get(exported.name) ?? new Set();
      found.set(exported.name, declarations.add(declaration));
    }
  }
  return new Map(
    [...found]
      .map(([name, declarations]) => [name, [...declarations]] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A module may export under any text, also one that is no name of a file. */
function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

function isType(node: ts.Declaration): node is TypeDeclaration {
  if (typescript.isEnumDeclaration(node)) return true;
  const named = typescript.isInterfaceDeclaration(node) || typescript.isTypeAliasDeclaration(node);
  return named && (node.typeParameters?.length ?? 0) === 0;
}

function unknownType(name: string, found: ReadonlyMap<string, unknown>): ExtractionProblem {
  const known = [...found.keys()].slice(0, 20).join(', ');
  return {
    kind: 'type',
    message: `no file exports a type ${name}; exported are ${known === '' ? 'none' : known}`,
  };
}

function describeTypes(
  program: ts.Program,
  wanted: readonly (readonly [string, readonly TypeDeclaration[]])[],
): ExtractionAnswer {
  const schemas: ExtractedType[] = [];
  const problems: ExtractionProblem[] = [];
  for (const [name, [declaration, other]] of wanted) {
    if (!declaration) continue;
    const file = declaration.getSourceFile();
    const place = { file: file.fileName, ...placeIn(file, declaration.getStart()) };
    if (other) {
      const message = `${name} is exported by ${other.getSourceFile().fileName} too, as another type`;
      problems.push({ kind: 'type', message, ...place });
      continue;
    }
    try {
      const schema = describeType(program, declaration);
      schemas.push({ name, schema, sources: sourcesOf(program, file) });
    } catch (error) {
      problems.push({ kind: 'type', ...place, ...explain(name, error) });
    }
  }
  return { schemas, problems };
}

/** Each type gets a parser of its own: one that failed leaves a broken state behind. */
function describeType(program: ts.Program, declaration: TypeDeclaration): object {
  const config = { ...DEFAULT_CONFIG, topRef: false, skipTypeCheck: true };
  // The generator's types are those of its own compiler.
  const tsProgram = program as unknown as Parameters<typeof createParser>[0];
  const parser = createParser(tsProgram, config);
  const generator = new SchemaGenerator(tsProgram, parser, createFormatter(config), config);
  const nodes = [declaration] as unknown as Parameters<typeof generator.createSchemaFromNodes>[0];
  return generator.createSchemaFromNodes(nodes);
}

/** Why a type has no schema, at the very place where the generator knows it. */
function explain(
  name: string,
  error: unknown,
): Pick<ExtractionProblem, 'message' | 'file' | 'line' | 'column'> {
  const message = `${name} has no schema: ${error instanceof Error ? error.message : String(error)}`;
  const { diagnostic } = error as { diagnostic?: ts.Diagnostic };
  if (!diagnostic?.file) return { message };
  const { file, start = 0 } = diagnostic;
  return { message, file: file.fileName, ...placeIn(file, start) };
}

/** A file, and all that it imports from the project; files that are no modules count for every one. */
function sourcesOf(program: ts.Program, start: ts.SourceFile): string[] {
  const checker = program.getTypeChecker();
  const ambient = program
    .getSourceFiles()
    .filter((file) => isOwn(program, file) && !typescript.isExternalModule(file));
  const seen = new Set([start, ...ambient]);
  for (const file of seen) {
    for (const specifier of specifiersOf(file)) {
      for (const declaration of checker.getSymbolAtLocation(specifier)?.declarations ?? []) {
        if (typescript.isSourceFile(declaration) && isOwn(program, declaration)) {
          seen.add(declaration);
        }
      }
    }
  }
  return [...seen].map(({ fileName }) => fileName).sort();
}

/** The names of the modules that a file imports, wherever they stand. */
function specifiersOf(file: ts.SourceFile): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isImportDeclaration(node) || typescript.isExportDeclaration(node)) {
      if (node.moduleSpecifier) found.push(node.moduleSpecifier);
    } else if (typescript.isImportTypeNode(node) && typescript.isLiteralTypeNode(node.argument)) {
      if (typescript.isStringLiteral(node.argument.literal)) found.push(node.argument.literal);
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
