import type { Audit } from '../audit.js';
import type { ContractFile, ProjectContracts } from '../contract/find-contracts.js';
import type { DataProduct, OutputPort } from '../data-product.js';
import type { DeclaredModels } from '../dbt/declared-models.js';
import type { GitFacts } from '../git/git-facts.js';
import { classifyDocument } from '../classify.js';
import { missingFolders, missingMaterializations } from '../judge/judge-layout.js';
import { customProperty } from '../mapping.js';
import type { Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import type { RuleId } from '../rules.js';
import type { PlaceholderName } from './placeholders.js';

/** What the files of a project say, read once for the whole plan. */
export interface FixFacts {
  readonly project: Project;
  readonly audit: Audit;
  readonly product: DataProduct | undefined;
  readonly odpsFiles: readonly SourceFile[];
  readonly contracts: ProjectContracts;
  readonly models: DeclaredModels;
  readonly git: GitFacts;
  readonly builder: string;
}

/** What is to be done, before it is known with which values. */
export interface Work {
  readonly createsOdps: boolean;
  /** The ODPS file that takes additions. */
  readonly odpsFile: SourceFile | undefined;
  readonly addsBuilder: boolean;
  readonly addsTeam: boolean;
  readonly addsPorts: boolean;
  /** Ports of the ODPS file whose contracts are not in the project. */
  readonly portsWithoutContract: readonly OutputPort[];
  /** A contract for the port that the product will have, where there is no contract at all. */
  readonly createsFirstContract: boolean;
  readonly moves: readonly ContractFile[];
  readonly createsLineage: boolean;
  readonly createsWorkflow: boolean;
  readonly folders: readonly string[];
  readonly materializations: readonly (readonly [string, string])[];
}

export function findWork(facts: FixFacts): Work {
  const { project, audit, product, odpsFiles, contracts } = facts;
  const found = new Set(
    audit.artifacts
      .flatMap(({ findings, files }) => [...findings, ...files.flatMap((file) => file.findings)])
      .map(({ ruleId }) => ruleId as RuleId),
  );
  const odpsFile = odpsFiles.length === 1 && isOdps(odpsFiles[0]!) ? odpsFiles[0] : undefined;
  const ports = product?.outputPorts ?? [];
  const known = new Set(contracts.output.map(({ contract: { id } }) => id));
  const createsOdps = found.has('odps/missing');
  const addsPorts = odpsFile !== undefined && found.has('odps/no-output-port');
  return {
    createsOdps,
    odpsFile,
    // An entry that says nothing is for a person to fill in: a second one would not be the first.
    addsBuilder:
      odpsFile !== undefined &&
      found.has('odps/builder-missing') &&
      customProperty(odpsFile.documents[0], 'dataProductBuilder') === undefined,
    addsTeam: odpsFile !== undefined && found.has('odps/team-missing'),
    addsPorts,
    portsWithoutContract: odpsFile
      ? ports.filter(({ contractId }) => contractId !== undefined && !known.has(contractId))
      : [],
    createsFirstContract: (createsOdps || addsPorts) && contracts.output.length === 0,
    moves: [...contracts.output, ...contracts.input].filter(
      ({ place, file }) =>
        place === 'legacy' && classifyDocument(file.documents[0]).kind === 'odcs',
    ),
    createsLineage: found.has('lineage/missing'),
    createsWorkflow: found.has('workflow/missing'),
    folders: missingFolders(project),
    materializations: missingMaterializations(project),
  };
}

/** Whether additions to the file make sense: it is an ODPS file of version 1. */
function isOdps({ documents }: SourceFile): boolean {
  const kind = classifyDocument(documents[0]);
  return kind.kind === 'odps' && kind.version === 'v1.0.0';
}

/** The placeholders that the work needs. */
export function placeholdersFor(work: Work): PlaceholderName[] {
  const names = new Set<PlaceholderName>();
  const need = (...more: PlaceholderName[]) => more.forEach((name) => names.add(name));
  const createsContract = work.createsFirstContract || work.portsWithoutContract.length > 0;
  if (work.createsOdps)
    need('DATA_PRODUCT_ID', 'DATA_PRODUCT_NAME', 'PURPOSE', 'TEAM_NAME', 'TAG', 'ODPS_FILE');
  if (work.createsOdps || work.addsPorts)
    need('OUTPUT_PORT_NAME', 'CONTRACT_ID', 'TABLE', 'PLATFORM', 'CATALOG', 'SCHEMA');
  if (createsContract) need('PURPOSE', 'TEAM_NAME', 'PLATFORM', 'CATALOG', 'SCHEMA');
  if (work.addsTeam) need('TEAM_NAME');
  if (work.createsLineage) need('DATA_PRODUCT_ID', 'OUTPUT_PORT_NAME', 'API_HOST');
  if (work.createsWorkflow)
    need(
      'DATA_PRODUCT_ID',
      'DATA_PRODUCT_NAME',
      'PLATFORM',
      'CATALOG',
      'SCHEMA',
      'DBT_PROFILE',
      'API_HOST',
    );
  return [...names];
}
