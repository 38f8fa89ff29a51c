import type { KeyPath } from '@holdfast/text';
import { compareContracts } from '../contract/compare-contracts.js';
import { baseType, isSameFamily, typeFamily, type TypeFamily } from '../contract/column-type.js';
import type { ContractColumn, ContractTable } from '../contract/data-contract.js';
import type { ContractFile } from '../contract/find-contracts.js';
import type { DataProduct, OutputPort } from '../data-product.js';
import { majorOf } from '../data-product.js';
import type { DeclaredModel, DeclaredModels } from '../dbt/declared-models.js';
import type { Issue, Judgement } from '../issue.js';
import { scalarText, member } from '../mapping.js';
import type { ModelColumn, Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import type { SchemaSet } from '../schema-set.js';
import { judgeContractFile } from './judge-contract-file.js';
import { reporter, type Report } from './judge-odps.js';

export interface OutputContractContext {
  readonly schemas: SchemaSet;
  readonly product: DataProduct | undefined;
  readonly models: DeclaredModels;
  /** The output contracts of an earlier commit, to compare with. */
  readonly base?: readonly ContractFile[];
}

/** Judges the contracts of the output ports, alone and against product, models, manifest and an earlier commit. */
export function judgeOutputContracts(
  project: Project,
  contracts: readonly ContractFile[],
  context: OutputContractContext,
): Judgement {
  const issues: Issue[] = contracts.flatMap((one) => judgeOne(one, project, context));
  for (const issue of duplicateIds(contracts)) issues.push(issue);
  for (const issue of removedContracts(contracts, context.base ?? [])) issues.push(issue);
  const files = contracts.map(({ file }) => file.path);
  if (files.length > 0) return { files, issues };
  const note = `no *.odcs.yaml under ${project.modelPaths[0]}/output_ports/`;
  issues.push({ rule: 'contract/missing', message: `there is ${note}` });
  return { files, issues, note };
}

function judgeOne(one: ContractFile, project: Project, context: OutputContractContext): Issue[] {
  const { file, contract, place } = one;
  const issues = judgeContractFile(file, context.schemas);
  if (file.documents.length === 0) return issues;
  const report = reporter(file, issues);
  if (place === 'legacy') {
    report(
      'contract/legacy-place',
      [],
      'migration needed: contracts stand beside the models that implement them',
      {
        data: {
          target: `${project.modelPaths[0]}/output_ports/v1/${file.path.slice(file.path.lastIndexOf('/') + 1)}`,
        },
      },
    );
  }
  if (place === 'elsewhere') {
    report(
      'contract/version-differs',
      [],
      `the contract stands outside ${project.modelPaths[0]}/output_ports/v<N>/`,
    );
  }
  judgePorts(one, context.product, report);
  if (contract.tables.length === 0)
    report('contract/no-schema', ['schema'], 'the contract describes no table');
  for (const table of contract.tables) {
    if (table.columns.length === 0)
      report('contract/no-schema', table.path, `the table ${table.name} has no columns`);
    else judgeTable(table, one, { project, context, report });
  }
  for (const change of breakingChanges(one, context.base ?? [])) {
    const { path, message, ...data } = change;
    report('contract/breaking-change', path, `${message}, under the same ${versionName(one)}`, {
      data: { ...data, contract: contract.id },
    });
  }
  return dropSeedOfRealTable(issues, one, context.models);
}

/** A table may really have these two columns: then its model says so. */
function dropSeedOfRealTable(
  issues: Issue[],
  { contract }: ContractFile,
  models: DeclaredModels,
): Issue[] {
  if (!issues.some(({ rule }) => rule === 'contract/seed-only')) return issues;
  const isReal = contract.tables.every((table) => {
    const names =
      findModel(table, contract.id, models)?.columns.map(({ name }) => name.toLowerCase()) ?? [];
    return names.length === 2 && names.includes('id') && names.includes('updated_at');
  });
  return isReal ? issues.filter(({ rule }) => rule !== 'contract/seed-only') : issues;
}

function judgePorts(
  { contract, folderVersion, place }: ContractFile,
  product: DataProduct | undefined,
  report: Report,
): void {
  if (!product || contract.id === undefined) return;
  const ports = product.outputPorts.filter(({ contractId }) => contractId === contract.id);
  if (ports.length === 0) {
    report(
      'contract/no-port',
      ['id'],
      `no output port of the product names the contract ${JSON.stringify(contract.id)}`,
    );
  }
  for (const port of ports) {
    judgeServer(
      port,
      contract.servers.map(({ name }) => name),
      report,
    );
    if (place !== 'output_ports') continue;
    if (folderVersion === undefined) {
      report(
        'contract/version-differs',
        [],
        `the contract stands in no folder v<N>; its port ${port.name} has the version ${port.version}`,
      );
    } else if (port.major !== undefined && port.major !== folderVersion) {
      report(
        'contract/version-differs',
        [],
        `the contract stands in v${folderVersion}, and its port ${port.name} has the version ${port.version}`,
      );
    }
  }
}

function judgeServer(
  { contractServer, name }: OutputPort,
  servers: readonly (string | undefined)[],
  report: Report,
): void {
  if (contractServer === undefined || servers.includes(contractServer)) return;
  const known = servers.length === 0 ? 'it has none' : `it has ${servers.join(', ')}`;
  report(
    'contract/server-missing',
    ['servers'],
    `the port ${name} names the server ${contractServer}, which the contract does not have: ${known}`,
    { part: 'key', data: { server: contractServer } },
  );
}

interface TableContext {
  readonly project: Project;
  readonly context: OutputContractContext;
  readonly report: Report;
}

function judgeTable(
  table: ContractTable,
  { contract, file }: ContractFile,
  { project, context, report }: TableContext,
): void {
  const model = findModel(table, contract.id, context.models);
  const names = new Set([table.physicalName.toLowerCase(), table.name.toLowerCase()]);
  if (!model && ![...project.models.values()].some((name) => names.has(name.toLowerCase()))) {
    report('contract/no-model', table.path, `no dbt model is called ${table.physicalName}`);
  }
  if (model) {
    judgeMeta(model, { id: contract.id, file, project, report });
    judgeColumns(table, model, report);
  }
  judgeManifest(table, project, report, Boolean(model && model.columns.length > 0));
}

function findModel(
  table: ContractTable,
  id: string | undefined,
  models: DeclaredModels,
): DeclaredModel | undefined {
  const named = models.find(table.physicalName) ?? models.find(table.name);
  return named ?? (id === undefined ? undefined : models.underContract(id)[0]);
}

function judgeMeta(
  { contract, name, file: modelFile }: DeclaredModel,
  {
    id,
    file,
    project,
    report,
  }: { id: string | undefined; file: SourceFile; project: Project; report: Report },
): void {
  if (!contract) return;
  const where = `in ${modelFile.path}:${contract.range().start.line}`;
  if (contract.id !== undefined && contract.id !== id) {
    report(
      'contract/meta-differs',
      ['id'],
      `the model ${name} says that it is under the contract ${JSON.stringify(contract.id)}, ${where}`,
      { data: { model: name, id: contract.id } },
    );
  }
  if (
    contract.file !== undefined &&
    !isSamePath(contract.file, file.path, project.repositoryPath)
  ) {
    report(
      'contract/meta-differs',
      [],
      `the model ${name} says that its contract is ${contract.file}, ${where}`,
      { data: { model: name, file: contract.file } },
    );
  }
}

/** A file is named from the project, from the repository, or by its name alone. */
function isSamePath(named: string, path: string, repositoryPath: string): boolean {
  const name = named.replace(/^\.\//, '');
  return (
    name === path ||
    name === `${repositoryPath}/${path}` ||
    name === path.slice(path.lastIndexOf('/') + 1)
  );
}

function judgeColumns(table: ContractTable, model: DeclaredModel, report: Report): void {
  if (model.columns.length === 0) return;
  const declared = byName(model.columns);
  const columns = table.columns.filter(({ isTopLevel }) => isTopLevel);
  for (const column of columns) {
    const own =
      declared.get(column.physicalName.toLowerCase()) ?? declared.get(column.name.toLowerCase());
    if (own) judgeColumn(column, own, { table, model, report });
    else {
      report(
        'contract/columns-differ',
        column.path,
        `the column ${column.name} is not among the columns of the model ${model.name} in ${model.file.path}`,
        { data: { column: column.name, model: model.name, missing: 'model' } },
      );
    }
  }
  const named = new Set(
    columns.flatMap(({ name, physicalName }) => [name.toLowerCase(), physicalName.toLowerCase()]),
  );
  for (const { name } of model.columns) {
    if (named.has(name.toLowerCase())) continue;
    report(
      'contract/columns-differ',
      table.path,
      `the model ${model.name} in ${model.file.path} has the column ${name}, which the contract has not`,
      { data: { column: name, model: model.name, missing: 'contract' } },
    );
  }
}

function byName(columns: readonly ModelColumn[]): Map<string, ModelColumn> {
  return new Map(columns.map((column) => [column.name.toLowerCase(), column]));
}

function judgeColumn(
  column: ContractColumn,
  own: ModelColumn,
  { model, report }: { table: ContractTable; model: DeclaredModel; report: Report },
): void {
  if (own.dataType !== undefined && !isSameType(column, own.dataType)) {
    const promised = column.physicalType ?? column.logicalType;
    report(
      'contract/type-differs',
      typePath(column),
      `the column ${column.name} is ${promised} here, and ${own.dataType} in the model ${model.name}`,
      { data: { column: column.name, contract: promised, model: own.dataType } },
    );
  }
  const untested = [
    column.isRequired && !own.isRequired ? 'not_null' : '',
    column.isUnique && !own.isUnique ? 'unique' : '',
  ].filter((test) => test !== '');
  for (const test of untested) {
    report(
      'contract/untested',
      column.path,
      `the model ${model.name} has no test ${test} on ${column.name}`,
      { data: { column: column.name, test } },
    );
  }
}

function typePath({ path, physicalType }: ContractColumn): KeyPath {
  return [...path, physicalType === undefined ? 'logicalType' : 'physicalType'];
}

/** ODCS called every date and time a date until v3.1.0 knew timestamps. */
function isSameType({ physicalType, logicalType }: ContractColumn, dataType: string): boolean {
  const declared = typeFamily(dataType);
  const promised = physicalType ?? logicalType;
  const family = promised === undefined ? undefined : typeFamily(promised);
  if (declared === undefined || family === undefined) return true;
  if (physicalType === undefined && family === 'date' && declared === 'timestamp') return true;
  if ([promised!, dataType].some(isSemiStructured) && [family, declared].some(isNested))
    return true;
  return isSameFamily(family, declared);
}

/** JSON holds objects and arrays, where a database has no type of its own for them. */
function isSemiStructured(type: string): boolean {
  return ['json', 'jsonb', 'variant'].includes(baseType(type));
}

function isNested(family: TypeFamily): boolean {
  return family === 'object' || family === 'array';
}

/** The manifest repeats what the YAML of the models says: it is looked at for what that leaves out. */
function judgeManifest(
  table: ContractTable,
  { manifest }: Project,
  report: Report,
  isJudged: boolean,
): void {
  const built = manifest?.models.get(table.physicalName) ?? manifest?.models.get(table.name);
  if (!manifest || !built || built.length === 0) return;
  const columns = byName(built);
  for (const column of table.columns) {
    if (!column.isTopLevel) continue;
    const own =
      columns.get(column.physicalName.toLowerCase()) ?? columns.get(column.name.toLowerCase());
    if (!own) {
      report(
        'contract/manifest-differs',
        column.path,
        `${manifest.path} knows no column ${column.name} of ${table.physicalName}`,
        { data: { column: column.name } },
      );
    } else if (!isJudged && own.dataType !== undefined && !isSameType(column, own.dataType)) {
      report(
        'contract/manifest-differs',
        typePath(column),
        `${manifest.path} has ${own.dataType} for the column ${column.name}`,
        { data: { column: column.name, manifest: own.dataType } },
      );
    }
  }
}

function duplicateIds(contracts: readonly ContractFile[]): Issue[] {
  const first = new Map<string, string>();
  const issues: Issue[] = [];
  for (const {
    contract: { id },
    file,
  } of contracts) {
    if (id === undefined) continue;
    const other = first.get(id);
    if (other === undefined) first.set(id, file.path);
    else {
      issues.push({
        rule: 'contract/duplicate-id',
        path: file.path,
        range: file.range(['id']),
        message: `the id ${JSON.stringify(id)} is that of ${other}, too`,
      });
    }
  }
  return issues;
}

/** The major version that a contract is under: its folder, else its own version. */
function majorVersion({ folderVersion, file, place }: ContractFile): string | undefined {
  if (folderVersion !== undefined) return folderVersion;
  return place === 'legacy' ? undefined : majorOf(scalarText(member(file.documents[0], 'version')));
}

function versionName(contract: ContractFile): string {
  const major = majorVersion(contract);
  return major === undefined ? 'version' : `v${major}`;
}

function breakingChanges(head: ContractFile, base: readonly ContractFile[]) {
  const before = base.find((one) => isSamePromise(one, head));
  return before ? compareContracts(before.contract, head.contract) : [];
}

/** One contract under one major version; one of the old place is of every version. */
function isSamePromise(base: ContractFile, head: ContractFile): boolean {
  if (base.contract.id === undefined || base.contract.id !== head.contract.id) return false;
  const [before, after] = [majorVersion(base), majorVersion(head)];
  return before === undefined || after === undefined || before === after;
}

function removedContracts(
  contracts: readonly ContractFile[],
  base: readonly ContractFile[],
): Issue[] {
  return base
    .filter(({ contract: { id } }) => id !== undefined)
    .filter((before) => !contracts.some((head) => isSamePromise(before, head)))
    .map((before) => ({
      rule: 'contract/breaking-change' as const,
      message: `the contract ${JSON.stringify(before.contract.id)} (${before.file.path}) is gone, under the same ${versionName(before)}`,
      data: { change: 'contract-removed', contract: before.contract.id },
    }));
}
