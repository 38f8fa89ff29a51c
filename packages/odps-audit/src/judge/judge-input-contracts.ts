import { isDeepStrictEqual } from 'node:util';
import type { ContractFile } from '../contract/find-contracts.js';
import type { Issue, Judgement } from '../issue.js';
import type { PlatformState } from '../platform/platform-state.js';
import type { Project } from '../project.js';
import type { SchemaSet } from '../schema-set.js';
import { judgeContractFile } from './judge-contract-file.js';

export interface InputContractContext {
  readonly schemas: SchemaSet;
  readonly platform?: PlatformState;
}

/** Judges the copies of the contracts that the project relies on. */
export function judgeInputContracts(
  project: Project,
  contracts: readonly ContractFile[],
  { schemas, platform }: InputContractContext,
): Judgement {
  const issues = contracts.flatMap((one) => [
    ...judgeContractFile(one.file, schemas).filter(({ rule }) => rule !== 'contract/seed-only'),
    ...judgePlace(one, project),
    ...(platform ? judgeAgainstPlatform(one, platform) : []),
  ]);
  for (const issue of lonelySources(project)) issues.push(issue);
  for (const issue of missingContracts(contracts, project, platform)) issues.push(issue);
  const files = contracts.map(({ file }) => file.path);
  if (files.length > 0 || issues.some(({ rule }) => rule === 'input/missing'))
    return { files, issues };
  const deferred = 'none — populated by dataproduct-implement from access agreements';
  return { files, issues, deferred, note: deferred };
}

const CONTRACT_ENDING = /\.odcs\.ya?ml$/i;

/** The name of the port of the provider: that of the file. */
function portOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(CONTRACT_ENDING, '');
}

function sourceOf(path: string, { files }: Project): boolean {
  const base = path.replace(CONTRACT_ENDING, '');
  return files.has(`${base}.source.yaml`) || files.has(`${base}.source.yml`);
}

function judgePlace({ file: { path }, place }: ContractFile, project: Project): Issue[] {
  if (place === 'legacy') {
    const target = `${project.modelPaths[0]}/input_ports/${path.slice(path.lastIndexOf('/') + 1)}`;
    return [
      {
        rule: 'contract/legacy-place',
        path,
        message: 'migration needed: input contracts stand under input_ports',
        data: { target },
      },
    ];
  }
  if (sourceOf(path, project)) return [];
  return [
    { rule: 'input/orphan', path, message: `there is no ${portOf(path)}.source.yaml beside it` },
  ];
}

function judgeAgainstPlatform(
  { file, contract: { id } }: ContractFile,
  platform: PlatformState,
): Issue[] {
  const issues: Issue[] = [];
  const { path } = file;
  const port = portOf(path);
  const agreement = platform.access?.find(
    ({ outputPortId, contractId }) =>
      outputPortId === port || (id !== undefined && contractId === id),
  );
  if (platform.access && !agreement?.active) {
    const message = agreement
      ? `the access agreement on ${port} is not active`
      : `no access agreement covers ${port}`;
    issues.push({ rule: 'input/no-access', path, message });
  }
  const published = id === undefined ? undefined : platform.inputContracts.get(id);
  if (published !== undefined && !isDeepStrictEqual(plain(published), plain(file.documents[0]))) {
    issues.push({
      rule: 'input/drifted',
      path,
      message: `the copy differs from the contract ${JSON.stringify(id)} of the platform`,
      hint: `fetch it again: entropy-data datacontracts get ${id} -o yaml > ${path}`,
    });
  }
  return issues;
}

/** Without what no JSON has: the platform sends JSON, the file is YAML. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function lonelySources(project: Project): Issue[] {
  return [...project.files.keys()]
    .filter((path) => /\/input_ports\/.*\.source\.ya?ml$/i.test(`/${path}`))
    .map((path) => ({ path, base: path.replace(/\.source\.ya?ml$/i, '') }))
    .filter(
      ({ base }) =>
        !project.files.has(`${base}.odcs.yaml`) && !project.files.has(`${base}.odcs.yml`),
    )
    .map(({ path, base }) => ({
      rule: 'input/no-contract' as const,
      path,
      message: `there is no ${base.slice(base.lastIndexOf('/') + 1)}.odcs.yaml beside it`,
    }));
}

function missingContracts(
  contracts: readonly ContractFile[],
  project: Project,
  platform: PlatformState | undefined,
): Issue[] {
  const present = new Set(
    contracts.flatMap(({ file, contract: { id } }) => [
      portOf(file.path),
      ...(id === undefined ? [] : [id]),
    ]),
  );
  return (platform?.access ?? [])
    .filter(
      ({ active, outputPortId, contractId }) =>
        active &&
        !present.has(outputPortId) &&
        !(contractId !== undefined && present.has(contractId)),
    )
    .map(({ outputPortId, contractId }) => {
      const path = `${project.modelPaths[0]}/input_ports/${outputPortId}.odcs.yaml`;
      const id = contractId ?? outputPortId;
      return {
        rule: 'input/missing' as const,
        message: `there is an active access agreement on ${outputPortId}, and no ${path}`,
        hint: `fetch it: entropy-data datacontracts get ${id} -o yaml > ${path}`,
        data: { outputPortId, contractId: contractId ?? null },
      };
    });
}
