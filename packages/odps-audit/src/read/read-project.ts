import { checkPath, compareText, decodeText } from '@holdfast/text';
import { isMapping, listOf, member, textOf } from '../mapping.js';
import type { ManifestFile, Project } from '../project.js';
import { columnsOf } from '../dbt/model-columns.js';
import { readBytes, readSourceFile } from './read-bytes.js';
import type { SourceFile } from './source-file.js';
import { unreadableFile } from './source-file.js';
import { walkFolder } from './walk-folder.js';

export interface ReadProjectOptions {
  /** The folder of the project inside its repository, `''` for its root. Default: there is no repository. */
  readonly repositoryPath?: string;
  /** Whether SQL files are read too, which {@link planFix} looks at for references. Default false. */
  readonly withSql?: boolean;
}

/** Files at the root of a project that the audit knows by name. */
const ROOT_FILES =
  /^(?:[^/]+\.odps\.ya?ml|openlineage\.ya?ml|\.dbtignore|profiles\.yml|packages\.yml|data-?product\.ya?ml|datacontract[^/]*\.ya?ml)$/i;
const YAML = /\.ya?ml$/i;
/** The manifest of a large project has tens of megabytes. */
const MAX_MANIFEST_BYTES = 128 * 1_048_576;
const READERS = 32;

/** The project in a folder, each file read once; undefined where there is no `dbt_project.yml`. */
export async function readProject(
  folder: string,
  { repositoryPath, withSql = false }: ReadProjectOptions = {},
): Promise<Project | undefined> {
  const definition = await readSourceFile(folder, 'dbt_project.yml');
  if (!definition) return undefined;
  const settings = definition.documents[0];
  const modelPaths = pathsOf(member(settings, 'model-paths') ?? member(settings, 'source-paths'));
  const [root, legacy, ...models] = await Promise.all([
    walkFolder(folder, { maxDepth: 0 }),
    walkFolder(`${folder}/datacontracts`),
    ...modelPaths.map((path) => walkFolder(`${folder}/${path}`)),
  ]);
  const modelFiles = models.flatMap(({ files }, index) =>
    files.map((file) => `${modelPaths[index]}/${file}`),
  );
  const links = [
    ...root.others.filter((path) => ROOT_FILES.test(path)),
    ...legacy.others.filter((path) => YAML.test(path)).map((path) => `datacontracts/${path}`),
    ...models.flatMap(({ others }, index) =>
      others.filter((path) => YAML.test(path)).map((path) => `${modelPaths[index]}/${path}`),
    ),
  ];
  const wanted = [
    ...root.files.filter((path) => ROOT_FILES.test(path)),
    ...legacy.files.filter((path) => YAML.test(path)).map((path) => `datacontracts/${path}`),
    ...modelFiles.filter((path) => YAML.test(path) || (withSql && path.endsWith('.sql'))),
  ];
  const files = await readAll(folder, wanted);
  for (const path of links) files.set(path, unreadableFile(path, 'it is no regular file'));
  const manifest = await readManifest(folder, textOf(member(settings, 'target-path')) ?? 'target');
  return {
    name: textOf(member(settings, 'name')) ?? '',
    repositoryPath: repositoryPath ?? '',
    definition,
    modelPaths,
    files,
    models: modelsOf(modelFiles),
    folders: foldersOf(modelPaths, models),
    workflows: await readWorkflows(folder, repositoryPath ?? ''),
    ...(manifest && { manifest }),
  };
}

/** The paths of a list that stay inside the project; `models` where there is none. */
function pathsOf(value: unknown): string[] {
  const paths = listOf(value)
    .map((path) => textOf(path)?.replace(/^\.\//, '').replace(/\/+$/, '') ?? '')
    .filter((path) => checkPath(path) === undefined);
  return paths.length > 0 ? [...new Set(paths)] : ['models'];
}

async function readAll(folder: string, paths: readonly string[]): Promise<Map<string, SourceFile>> {
  const files = new Map<string, SourceFile>();
  const pending = paths.values();
  async function work(): Promise<void> {
    for (const path of pending) {
      const file = await readSourceFile(folder, path);
      if (file) files.set(path, file);
    }
  }
  await Promise.all(Array.from({ length: READERS }, work));
  return new Map([...files].sort(([a], [b]) => compareText(a, b)));
}

function modelsOf(paths: readonly string[]): Map<string, string> {
  const models = paths
    .filter((path) => /\.(?:sql|py)$/i.test(path))
    .map((path) => [path, path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')] as const);
  return new Map(models);
}

function foldersOf(
  modelPaths: readonly string[],
  walks: readonly { files: string[]; folders: string[] }[],
): Set<string> {
  const folders = new Set<string>();
  for (const [index, { files, folders: inside }] of walks.entries()) {
    const path = modelPaths[index]!;
    if (files.length + inside.length > 0) folders.add(path);
    for (const folder of inside) folders.add(`${path}/${folder}`);
  }
  return folders;
}

/** GitHub reads workflows at the root of the repository alone. */
async function readWorkflows(
  folder: string,
  repositoryPath: string,
): Promise<Map<string, SourceFile>> {
  const depth = repositoryPath === '' ? 0 : repositoryPath.split('/').length;
  const prefix = `${'../'.repeat(depth)}.github/workflows`;
  const { files, others } = await walkFolder(`${folder}/${prefix}`, { maxDepth: 0 });
  const read = await readAll(
    folder,
    files.filter((path) => YAML.test(path)).map((path) => `${prefix}/${path}`),
  );
  for (const path of others.filter((name) => YAML.test(name))) {
    read.set(`${prefix}/${path}`, unreadableFile(`${prefix}/${path}`, 'it is no regular file'));
  }
  return read;
}

/** What the manifest says of models; undefined where there is none, or none that can be read. */
async function readManifest(folder: string, targetPath: string): Promise<ManifestFile | undefined> {
  if (checkPath(targetPath) !== undefined) return undefined;
  const path = `${targetPath}/manifest.json`;
  const read = await readBytes(`${folder}/${path}`, MAX_MANIFEST_BYTES);
  const text = read.kind === 'read' ? decodeText(read.content) : undefined;
  if (text === undefined) return undefined;
  const manifest = parseJson(text);
  const nodes = member(manifest, 'nodes');
  if (!isMapping(nodes)) return undefined;
  const models = new Map<string, ReturnType<typeof columnsOf>>();
  for (const node of Object.values(nodes)) {
    if (member(node, 'resource_type') !== 'model') continue;
    const columns = member(node, 'columns');
    const declared = columnsOf(
      isMapping(columns) ? Object.values(columns) : [],
      member(node, 'constraints'),
    );
    for (const key of ['name', 'alias']) {
      const name = textOf(member(node, key));
      if (name !== undefined) models.set(name, declared);
    }
  }
  return { path, models };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
