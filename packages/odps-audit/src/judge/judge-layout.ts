import ignore from 'ignore';
import type { Issue, Judgement } from '../issue.js';
import { member, textOf } from '../mapping.js';
import type { Project } from '../project.js';
import { reporter } from './judge-odps.js';
import { judgeText } from './judge-text.js';

/** The folders under the first model path; of the last one any `v<N>` counts. */
export const layoutFolders = ['input_ports', 'staging', 'intermediate', 'output_ports/v1'] as const;

/** How the models of a folder are materialised in the reference. */
export const materializations = [
  ['output_ports', 'table'],
  ['staging', 'view'],
  ['intermediate', 'view'],
] as const;

/** Judges the folders of the models, `dbt_project.yml` and `.dbtignore`. */
export function judgeLayout(project: Project): Judgement {
  const { definition } = project;
  const issues = judgeText(definition);
  const report = reporter(definition, issues);
  const isRead = definition.documents.length > 0 || issues.length === 0;
  if (isRead && project.name === '') {
    report('layout/invalid-project', ['name'], 'dbt_project.yml names no project');
  }
  const missing = missingFolders(project);
  const [models] = project.modelPaths;
  for (const folder of missing) {
    issues.push({
      rule: 'layout/folder-missing',
      path: `${models}/${folder}`,
      message: `there is no folder ${models}/${folder}`,
      data: { folder: `${models}/${folder}` },
      ...(missing.includes('output_ports/v1') && { status: 'missing' as const }),
    });
  }
  for (const [folder, kind] of missingMaterializations(project)) {
    report(
      'layout/materialized',
      ['models'],
      `nothing says that the models of ${folder} are built as ${kind}`,
      { part: 'key' },
    );
  }
  for (const one of judgeIgnored(project)) issues.push(one);
  const note =
    missing.length === 0
      ? undefined
      : `no ${missing.map((folder) => `${models}/${folder === 'output_ports/v1' ? 'output_ports' : folder}`).join(', ')}`;
  return { files: [definition.path], issues, ...(note !== undefined && { note }) };
}

/** The folders of the layout that are not there, as they would be made. */
export function missingFolders({ modelPaths, folders }: Project): string[] {
  const has = (folder: string) => modelPaths.some((path) => folders.has(`${path}/${folder}`));
  const hasPort = modelPaths.some((path) =>
    [...folders].some((folder) => folder.startsWith(`${path}/output_ports/v`)),
  );
  return layoutFolders.filter((folder) => (folder === 'output_ports/v1' ? !hasPort : !has(folder)));
}

/**
 * The materialisations that `dbt_project.yml` says nothing about. Models that stand in staging or intermediate already,
 * and are built as the project says, stay as they are.
 */
export function missingMaterializations(project: Project): (readonly [string, string])[] {
  const { definition, name } = project;
  const root = member(definition.documents[0], 'models');
  const models = member(root, name);
  const isSettled = isMaterialized(models) || isMaterialized(root);
  return materializations.filter(([folder]) => {
    if (isMaterialized(member(models, folder))) return false;
    return folder === 'output_ports' || !isSettled || !hasModels(folder, project);
  });
}

function isMaterialized(settings: unknown): boolean {
  return (
    textOf(member(settings, '+materialized') ?? member(settings, 'materialized')) !== undefined
  );
}

function hasModels(folder: string, { models, modelPaths }: Project): boolean {
  return modelPaths.some((path) =>
    [...models.keys()].some((model) => model.startsWith(`${path}/${folder}/`)),
  );
}

/** Contracts that dbt would read as its own files. */
function judgeIgnored(project: Project): Issue[] {
  const exposed = exposedContracts(project);
  if (exposed.length === 0) return [];
  const [first] = exposed;
  const message =
    exposed.length === 1
      ? `dbt reads ${first} as its own file`
      : `dbt reads ${first} and ${exposed.length - 1} other contracts as its own files`;
  return [{ rule: 'layout/dbtignore', message, data: { files: exposed } }];
}

/** The contracts under the model paths that `.dbtignore` does not name. */
export function exposedContracts({ files, modelPaths }: Project): string[] {
  const patterns = ignore().add(files.get('.dbtignore')?.text.replace(/^\ufeff/, '') ?? '');
  return [...files.keys()].filter(
    (path) =>
      /\.odcs\.ya?ml$/i.test(path) &&
      modelPaths.some((folder) => path.startsWith(`${folder}/`)) &&
      !patterns.ignores(path),
  );
}
