import { lineEndingOf } from '@holdfast/text';
import type { ArtifactName } from '../artifact.js';
import { majorOf } from '../data-product.js';
import { inferTable } from '../dbt/infer-table.js';
import { connectionBranch } from '../git/git-facts.js';
import { findContracts, type ContractFile } from '../contract/find-contracts.js';
import { exposedContracts } from '../judge/judge-layout.js';
import { findDataProduct, findOdpsFiles } from '../judge/judge-odps.js';
import { member, scalarText, textOf } from '../mapping.js';
import type { Project } from '../project.js';
import { openVariablesOf } from '../templates/platforms.js';
import { writeContract } from '../templates/write-contract.js';
import { outputPort, writeOdps, type NewPort } from '../templates/write-odps.js';
import { writeOpenlineage } from '../templates/write-openlineage.js';
import { writeWorkflow, type PublishedContract } from '../templates/write-workflow.js';
import { applyInMemory } from './apply-in-memory.js';
import type { FileChange } from './file-change.js';
import type { FixFacts, Work } from './find-work.js';
import { addToYaml, ensureInYaml, type YamlAddition } from './patch-yaml.js';
import type { Values } from './placeholders.js';

export interface RefusedChange {
  readonly path: string;
  readonly reason: string;
}

export interface FilePlan {
  readonly changes: readonly FileChange[];
  readonly refused: readonly RefusedChange[];
}

/** The name of the server in new contracts. */
const SERVER = 'production';

/** The changes of files, in the order of the artifacts. */
export function planFiles(work: Work, facts: FixFacts, values: Values): FilePlan {
  const plan = new PlanBuilder(facts.project);
  planMoves(work, facts, plan);
  const ports = planOdps(work, facts, values, plan);
  planContracts(work, facts, values, { ports, plan });
  planLineage(work, facts, values, plan);
  planLayout(work, facts, plan);
  planWorkflow(work, facts, values, plan);
  return { changes: plan.changes, refused: plan.refused };
}

/** Collects changes; nothing that exists is overwritten, and two patches of one file are one. */
class PlanBuilder {
  readonly changes: FileChange[] = [];
  readonly refused: RefusedChange[] = [];
  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  isTaken(path: string): boolean {
    const { files, workflows, definition } = this.#project;
    return (
      files.has(path) ||
      workflows.has(path) ||
      path === definition.path ||
      this.changes.some((change) => change.path === path)
    );
  }

  create(artifact: ArtifactName, path: string, after: string): void {
    if (this.isTaken(path)) this.refuse(path, 'there is a file of this name already');
    else this.changes.push({ kind: 'create', artifact, path, after });
  }

  move(artifact: ArtifactName, from: string, path: string): void {
    if (this.isTaken(path))
      this.refuse(from, `it cannot be moved to ${path}: there is a file of this name already`);
    else this.changes.push({ kind: 'move', artifact, from, path });
  }

  patch(
    artifact: ArtifactName,
    path: string,
    before: string,
    edit: (text: string) => string | RefusedChange,
  ): void {
    const index = this.changes.findIndex(
      (change) => change.kind === 'patch' && change.path === path,
    );
    const earlier = this.changes[index];
    const text = earlier?.kind === 'patch' ? earlier.after : before;
    const after = edit(text);
    if (typeof after !== 'string') {
      this.refused.push(after);
    } else if (after !== text) {
      const change = { kind: 'patch', artifact, path, before, after } as const;
      if (index < 0) this.changes.push(change);
      else this.changes[index] = change;
    }
  }

  addToYaml(artifact: ArtifactName, path: string, before: string, addition: YamlAddition): void {
    this.patch(artifact, path, before, (text) => {
      const patched = addToYaml(text, addition);
      const where = [...addition.path, ...(addition.kind === 'member' ? [addition.key] : [])].join(
        '.',
      );
      return patched.kind === 'patched'
        ? patched.text
        : { path, reason: `${where} cannot be added: ${patched.reason}` };
    });
  }

  refuse(path: string, reason: string): void {
    this.refused.push({ path, reason });
  }
}

/** Where a contract of the old place belongs. */
function planMoves(
  { moves }: Work,
  { project, product, contracts }: FixFacts,
  plan: PlanBuilder,
): void {
  const renamed: [string, string][] = [];
  for (const contract of moves) {
    const isInput = contracts.input.includes(contract);
    const folder = isInput
      ? 'input_ports'
      : `output_ports/v${portMajor(contract, product?.outputPorts ?? [])}`;
    const name = contract.file.path.slice(contract.file.path.lastIndexOf('/') + 1);
    const target = `${project.modelPaths[0]}/${folder}/${name.replace(/(?:\.odcs)?\.ya?ml$/i, '.odcs.yaml')}`;
    plan.move(isInput ? 'input_contracts' : 'output_contracts', contract.file.path, target);
    renamed.push([contract.file.path, target]);
  }
  for (const [path, { text }] of renamed.length > 0 ? project.workflows : []) {
    plan.patch('workflow', path, text, (before) => renamed.reduce(replacePath, before));
  }
}

function portMajor(
  { contract }: ContractFile,
  ports: readonly { contractId: string | undefined; major: string | undefined }[],
): string {
  return (
    ports.find(({ contractId }) => contractId !== undefined && contractId === contract.id)?.major ??
    '1'
  );
}

/** Replaces a path where it stands as a whole word. */
function replacePath(text: string, [from, to]: [string, string]): string {
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(
    new RegExp(`(?<![\\w./-])(\\./)?${escaped}(?![\\w/-]|\\.\\w)`, 'g'),
    (_match, dot: string | undefined) => `${dot ?? ''}${to}`,
  );
}

/** Writes or completes the ODPS file; gives the ports that it gets. */
function planOdps(
  work: Work,
  facts: FixFacts,
  values: Values,
  plan: PlanBuilder,
): readonly NewPort[] {
  const { builder } = facts;
  const ports = work.createsOdps || work.addsPorts ? newPorts(facts, values) : [];
  if (work.createsOdps) plan.create('odps', values.ODPS_FILE, writeOdps(values, ports, builder));
  const file = work.odpsFile;
  if (!file) return ports;
  const add = (addition: YamlAddition) => plan.addToYaml('odps', file.path, file.text, addition);
  const [value] = file.documents;
  if (work.addsTeam) {
    const team = member(value, 'team');
    if (team === undefined)
      add({ kind: 'member', path: [], key: 'team', value: { name: values.TEAM_NAME } });
    else if (textOf(member(team, 'name')) === undefined)
      add({ kind: 'member', path: ['team'], key: 'name', value: values.TEAM_NAME });
    else plan.refuse(file.path, 'team.name is empty, and nothing that is there is overwritten');
  }
  if (work.addsPorts) {
    const entries = ports.map((port) => outputPort(port, values));
    if (member(value, 'outputPorts') === undefined)
      add({ kind: 'member', path: [], key: 'outputPorts', value: entries });
    else entries.forEach((entry) => add({ kind: 'item', path: ['outputPorts'], value: entry }));
  }
  if (work.addsBuilder) {
    const entry = { property: 'dataProductBuilder', value: builder };
    if (member(value, 'customProperties') === undefined)
      add({ kind: 'member', path: [], key: 'customProperties', value: [entry] });
    else add({ kind: 'item', path: ['customProperties'], value: entry });
  }
  return ports;
}

/** One port for each contract that is there; else one, as the specification names it. */
function newPorts({ contracts }: FixFacts, values: Values): NewPort[] {
  const existing = contracts.output.flatMap(({ contract, file, folderVersion }) => {
    const { id, servers, tables } = contract;
    if (id === undefined) return [];
    const version =
      folderVersion ?? majorOf(scalarText(member(file.documents[0], 'version'))) ?? '1';
    return [
      {
        name: textOf(member(file.documents[0], 'name')) ?? id,
        version,
        contractId: id,
        table: tables[0]?.physicalName ?? values.TABLE,
        contractServer: servers[0]?.name ?? SERVER,
      },
    ];
  });
  if (existing.length > 0) return existing;
  return [
    {
      name: values.OUTPUT_PORT_NAME,
      version: folderMajor(values.CONTRACT_PATH),
      contractId: values.CONTRACT_ID,
      table: values.TABLE,
      contractServer: SERVER,
    },
  ];
}

function folderMajor(path: string): string {
  return /\/v(\d+)\//.exec(path)?.[1] ?? '1';
}

function planContracts(
  work: Work,
  facts: FixFacts,
  values: Values,
  { ports, plan }: { ports: readonly NewPort[]; plan: PlanBuilder },
): void {
  const { project } = facts;
  if (work.createsFirstContract) {
    const [port] = ports;
    if (port)
      createContract(
        { port, path: values.CONTRACT_PATH, name: values.DATA_PRODUCT_NAME, values },
        facts,
        plan,
      );
  }
  const fallback = inferTable(project, facts.models) ?? values.TABLE;
  for (const {
    name,
    version,
    major,
    contractId,
    contractServer,
    table,
  } of work.portsWithoutContract) {
    if (contractId === undefined) continue;
    if (!/^[\w~-][\w.~-]*$/.test(contractId)) {
      plan.refuse(contractId, 'the id of the contract cannot be the name of a file');
      continue;
    }
    const port: NewPort = {
      name: name ?? contractId,
      version: version ?? '1',
      contractId,
      table: table ?? fallback,
      contractServer: contractServer ?? SERVER,
    };
    const path = `${project.modelPaths[0]}/output_ports/v${major ?? '1'}/${contractId}.odcs.yaml`;
    createContract({ port, path, name: name ?? contractId, values }, facts, plan);
  }
}

function createContract(
  { port, path, name, values }: { port: NewPort; path: string; name: string; values: Values },
  { models }: FixFacts,
  plan: PlanBuilder,
): void {
  const columns = models.find(port.table)?.columns ?? [];
  plan.create(
    'output_contracts',
    path,
    writeContract(
      {
        id: port.contractId,
        name,
        version: `${majorOf(port.version) ?? '1'}.0.0`,
        table: port.table,
        server: port.contractServer,
        columns,
      },
      values,
    ),
  );
}

function planLineage(work: Work, { product }: FixFacts, values: Values, plan: PlanBuilder): void {
  if (!work.createsLineage) return;
  const portName = product?.outputPorts[0]?.name ?? values.OUTPUT_PORT_NAME;
  plan.create(
    'openlineage',
    'openlineage.yml',
    writeOpenlineage({ host: values.API_HOST, productId: values.DATA_PRODUCT_ID, portName }),
  );
}

function planLayout(
  { folders, materializations }: Work,
  { project }: FixFacts,
  plan: PlanBuilder,
): void {
  const { definition, modelPaths, name } = project;
  for (const folder of folders)
    plan.create('layout', `${modelPaths[0]}/${folder}/_models.yml`, 'version: 2\n');
  for (const [folder, kind] of materializations) {
    plan.patch('layout', definition.path, definition.text, (text) => {
      const patched = ensureInYaml(text, ['models', name, folder, '+materialized'], kind);
      return patched.kind === 'patched'
        ? patched.text
        : {
            path: definition.path,
            reason: `models.${name}.${folder} cannot be added: ${patched.reason}`,
          };
    });
  }
  planIgnored(project, plan);
}

/** dbt reads every YAML file in its model paths, but for those that `.dbtignore` names. */
function planIgnored(project: Project, plan: PlanBuilder): void {
  const after = applyInMemory(project, plan.changes);
  const exposed = exposedContracts(after);
  if (exposed.length === 0) return;
  const patterns = [
    ...new Set(exposed.map((path) => `*.odcs.${path.slice(path.lastIndexOf('.') + 1)}`)),
  ];
  const file = project.files.get('.dbtignore');
  if (!file) {
    plan.create('layout', '.dbtignore', `${patterns.join('\n')}\n`);
    return;
  }
  plan.patch('layout', file.path, file.text, (text) => {
    const ending = lineEndingOf(text);
    const isClosed = text === '' || /[\r\n]$/.test(text);
    return `${text}${isClosed ? '' : ending}${patterns.join(ending)}${isClosed ? ending : ''}`;
  });
}

/** Publishes and tests the contracts as they will be. */
function planWorkflow(work: Work, facts: FixFacts, values: Values, plan: PlanBuilder): void {
  if (!work.createsWorkflow) return;
  const { project, git } = facts;
  const after = applyInMemory(project, plan.changes);
  const odpsFiles = findOdpsFiles(after);
  const product = findDataProduct(odpsFiles);
  const { output } = findContracts(after, product);
  const contracts = output.flatMap(({ contract: { id, servers }, file }): PublishedContract[] => {
    if (id === undefined) return [];
    const named = product?.outputPorts.find(({ contractId }) => contractId === id)?.contractServer;
    return [{ id, path: file.path, server: named ?? servers[0]?.name ?? SERVER }];
  });
  const openVariables = new Set(
    output.flatMap(({ contract: { servers } }) =>
      servers.flatMap(({ value }) => openVariablesOf(value)),
    ),
  );
  const path = workflowPath(project, values, plan);
  const defaultBranch =
    connectionBranch(git) ?? (git.kind === 'repository' ? git.branch : undefined) ?? 'main';
  const told = [
    product?.id,
    odpsFiles[0]?.path,
    defaultBranch,
    project.repositoryPath,
    ...contracts.flatMap(({ id, path: file, server }) => [id, file, server]),
  ];
  const unsafe = told.find(
    (text) => text !== undefined && /\$\{\{|[\p{Cc}\u2028\u2029]/u.test(text),
  );
  if (unsafe !== undefined) {
    // GitHub replaces expressions before a shell sees any quotes.
    plan.refuse(path, `${JSON.stringify(unsafe)} cannot stand in a workflow`);
    return;
  }
  const workflow = writeWorkflow({
    values: {
      ...values,
      DATA_PRODUCT_ID: product?.id ?? values.DATA_PRODUCT_ID,
      ODPS_FILE: odpsFiles[0]?.path ?? values.ODPS_FILE,
    },
    contracts,
    defaultBranch,
    repositoryPath: project.repositoryPath,
    openVariables: [...openVariables],
  });
  plan.create('workflow', path, workflow);
}

/** The name of the reference; in a repository of several projects, one for each. */
function workflowPath({ repositoryPath }: Project, values: Values, plan: PlanBuilder): string {
  const up = repositoryPath === '' ? '' : '../'.repeat(repositoryPath.split('/').length);
  const path = `${up}.github/workflows/data-product.yml`;
  return plan.isTaken(path) ? path.replace(/\.yml$/, `-${values.DATA_PRODUCT_ID}.yml`) : path;
}
