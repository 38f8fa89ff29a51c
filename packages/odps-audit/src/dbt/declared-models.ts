import type { Range } from '@holdfast/text';
import { listOf, member, textOf } from '../mapping.js';
import type { ModelColumn, Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import { columnsOf } from './model-columns.js';

/** A model that a YAML file describes. */
export interface DeclaredModel {
  readonly name: string;
  /** The name of its table, where it has another. */
  readonly alias?: string;
  readonly file: SourceFile;
  readonly columns: readonly ModelColumn[];
  /** `meta.data_contract` or `config.meta.data_contract`. */
  readonly contract?: { readonly id?: string; readonly file?: string; range(): Range };
}

/** Finds the YAML of models by name; a file is parsed when a name that was asked for stands in its text. */
export interface DeclaredModels {
  /** The model whose table has this name, without regard to case. */
  find(table: string): DeclaredModel | undefined;
  /** The models that say that they are under this contract. */
  underContract(id: string): readonly DeclaredModel[];
  /** The models of all files. */
  all(): readonly DeclaredModel[];
}

export function declaredModels(project: Project): DeclaredModels {
  const files = [...project.files.values()].filter(
    ({ path, text }) => isModelYaml(path, project) && /\bmodels\b/.test(text),
  );
  const known = new Map<SourceFile, DeclaredModel[]>();
  let index: Map<string, Set<SourceFile>> | undefined;

  function modelsIn(file: SourceFile): DeclaredModel[] {
    const models = known.get(file) ?? readModels(file);
    known.set(file, models);
    return models;
  }
  function candidates(text: string): DeclaredModel[] {
    index ??= indexNames(files);
    return [...(index.get(text.toLowerCase()) ?? [])].flatMap(modelsIn);
  }
  return {
    find(table) {
      const wanted = table.toLowerCase();
      const models = candidates(table);
      return (
        models.find(({ alias }) => alias?.toLowerCase() === wanted) ??
        models.find(({ name }) => name.toLowerCase() === wanted)
      );
    },
    underContract: (id) => candidates(id).filter(({ contract }) => contract?.id === id),
    all: () => files.flatMap(modelsIn),
  };
}

/** What stands behind a key that may name a model, its table or its contract; the text is not parsed for it. */
const NAMED =
  /\b(?:name|alias|id|data_contract)["']?\s*:\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"',}\]#]+))/g;

function indexNames(files: readonly SourceFile[]): Map<string, Set<SourceFile>> {
  const index = new Map<string, Set<SourceFile>>();
  for (const file of files) {
    for (const [, double, single, bare] of file.text.matchAll(NAMED)) {
      const name = (double ?? single ?? bare ?? '').toLowerCase();
      const own = index.get(name);
      if (own) own.add(file);
      else index.set(name, new Set([file]));
    }
  }
  return index;
}

function isModelYaml(path: string, { modelPaths }: Project): boolean {
  return (
    /\.ya?ml$/i.test(path) &&
    !/\.(?:odcs|odps|source)\.ya?ml$/i.test(path) &&
    modelPaths.some((folder) => path.startsWith(`${folder}/`))
  );
}

function readModels(file: SourceFile): DeclaredModel[] {
  const [document] = file.documents;
  return listOf(member(document, 'models')).flatMap((model, index) => {
    const name = textOf(member(model, 'name'));
    if (name === undefined) return [];
    const config = member(model, 'config');
    const alias = textOf(member(config, 'alias') ?? member(model, 'alias'));
    const contract = contractOf(model, file, index);
    return {
      name,
      ...(alias !== undefined && { alias }),
      file,
      columns: columnsOf(member(model, 'columns'), member(model, 'constraints')),
      ...(contract && { contract }),
    };
  });
}

function contractOf(
  model: unknown,
  file: SourceFile,
  index: number,
): DeclaredModel['contract'] | undefined {
  for (const holder of [['config', 'meta'], ['meta']]) {
    const meta = holder.reduce<unknown>((value, key) => member(value, key), model);
    const contract = member(meta, 'data_contract');
    if (contract === undefined) continue;
    const id = textOf(member(contract, 'id')) ?? textOf(contract);
    const path = textOf(member(contract, 'file'));
    return {
      ...(id !== undefined && { id }),
      ...(path !== undefined && { file: path }),
      range: () => file.range(['models', index, ...holder, 'data_contract'], 'key'),
    };
  }
  return undefined;
}
