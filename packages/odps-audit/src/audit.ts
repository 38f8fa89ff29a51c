import { sortFindings } from '@holdfast/findings';
import {
  artifactNames,
  worstStatus,
  type ArtifactName,
  type ArtifactReport,
  type ArtifactStatus,
  type AuditFinding,
  type FileReport,
} from './artifact.js';
import { findContracts, readContractFile, type ContractFile } from './contract/find-contracts.js';
import { declaredModels } from './dbt/declared-models.js';
import type { ConnectionRequest, ConnectionSubject } from './git/connection-request.js';
import { connectionBranch, type GitFacts } from './git/git-facts.js';
import { normalizeRemote } from './git/normalize-remote.js';
import type { Issue, Judgement } from './issue.js';
import { judgeConnections } from './judge/judge-connections.js';
import { judgeInputContracts } from './judge/judge-input-contracts.js';
import { judgeLayout } from './judge/judge-layout.js';
import { findDataProduct, findOdpsFiles, judgeOdps } from './judge/judge-odps.js';
import { judgeOpenlineage } from './judge/judge-openlineage.js';
import { judgeOutputContracts } from './judge/judge-output-contracts.js';
import { judgeWorkflows } from './judge/judge-workflow.js';
import { member, textOf } from './mapping.js';
import type { PlatformState } from './platform/platform-state.js';
import type { Project } from './project.js';
import type { SourceFile } from './read/source-file.js';
import { rules, type RuleId } from './rules.js';
import { createSchemaLibrary, type SchemaLibrary, type SchemaSet } from './schema-set.js';

/** What each rule weighs: what it says itself, another severity, or nothing. */
export type RuleSettings = Readonly<Partial<Record<RuleId, 'error' | 'warning' | 'info' | 'off'>>>;

export interface AuditOptions {
  /** What the platform said; absent: nobody asked, and the git connections are deferred. */
  readonly platform?: PlatformState;
  /** The host of the platform, also where it is not asked. Default: that of `platform`. */
  readonly host?: string;
  /** The repository around the project. Default: there is none. */
  readonly git?: GitFacts;
  /** The contracts of an earlier commit, which those of now must not break. */
  readonly base?: readonly SourceFile[];
  /** Default: one of its own, whose schemas are compiled anew. */
  readonly schemas?: SchemaLibrary;
  /** Default: every rule as it is. */
  readonly rules?: RuleSettings;
  /** Findings that are let pass, by what they are; see `compareBaseline` of `@holdfast/findings`. Default: none. */
  readonly accept?: (findings: readonly AuditFinding[]) => ReadonlySet<AuditFinding>;
}

/** What the audit of one project came to. */
export interface Audit {
  /** The name of the dbt project. */
  readonly project: string;
  /** Seven, in the order of the specification. */
  readonly artifacts: readonly ArtifactReport[];
  /** Whether every artifact is present, or deferred. */
  readonly isWellIntegrated: boolean;
}

/** Audits a project that was read: pure but for loading the schemas that its files declare. */
export async function audit(project: Project, options: AuditOptions = {}): Promise<Audit> {
  const odpsFiles = findOdpsFiles(project);
  const product = findDataProduct(odpsFiles);
  const contracts = findContracts(project, product);
  const schemas = await schemasFor(
    odpsFiles,
    [...contracts.output, ...contracts.input],
    options.schemas,
  );
  const facts = { project, odpsFiles, product, contracts, schemas };
  const judgements = judge(facts, options);
  const artifacts = report(judgements, project, options);
  return {
    project: project.name,
    artifacts,
    isWellIntegrated: artifacts.every(isGood),
  };
}

function isGood({ status, files, findings }: ArtifactReport): boolean {
  const counts = [...findings, ...files.flatMap((file) => file.findings)].some(
    ({ severity }) => severity !== 'info',
  );
  return !counts && (status === 'present' || status === 'deferred');
}

interface Facts {
  readonly project: Project;
  readonly odpsFiles: readonly SourceFile[];
  readonly product: ReturnType<typeof findDataProduct>;
  readonly contracts: ReturnType<typeof findContracts>;
  readonly schemas: SchemaSet;
}

/** The schemas that files declare. */
export async function schemasFor(
  odpsFiles: readonly SourceFile[],
  contracts: readonly { readonly file: SourceFile }[],
  library: SchemaLibrary = createSchemaLibrary(),
): Promise<SchemaSet> {
  const version = ({ documents }: SourceFile) => textOf(member(documents[0], 'apiVersion')) ?? '';
  return library.load({
    odps: ['v1.0.0', ...odpsFiles.map(version)],
    odcs: contracts.map(({ file }) => version(file)),
  });
}

function judge(
  { project, odpsFiles, product, contracts, schemas }: Facts,
  options: AuditOptions,
): Record<ArtifactName, Judgement> {
  const { platform, git = { kind: 'none' }, base } = options;
  const host = options.host ?? platform?.host;
  const models = declaredModels(project);
  const idsOf = (files: readonly ContractFile[]) =>
    new Set(files.flatMap(({ contract: { id } }) => id ?? []));
  const { defaultBranch } = git.kind === 'repository' ? git : { defaultBranch: undefined };
  return {
    odps: judgeOdps(project, {
      schemas,
      contractIds: idsOf(contracts.output),
      inputContractIds: idsOf(contracts.input),
      ...(platform && { teams: new Set(platform.teams.map(({ id }) => id)) }),
    }),
    output_contracts: judgeOutputContracts(project, contracts.output, {
      schemas,
      product,
      models,
      ...(base && {
        base: base
          .flatMap((file) => readContractFile(file, project.modelPaths))
          .filter(({ place }) => place !== 'input_ports'),
      }),
    }),
    input_contracts: judgeInputContracts(project, contracts.input, {
      schemas,
      ...(platform && { platform }),
    }),
    openlineage: judgeOpenlineage(project, {
      ...(product && { product }),
      ...(host !== undefined && { host }),
    }),
    layout: judgeLayout(project),
    workflow: judgeWorkflows(project, {
      ...(product && { product }),
      odpsFiles: odpsFiles.map(({ path }) => path),
      contracts: contracts.output,
      ...(defaultBranch !== undefined && { defaultBranch }),
    }),
    git_connections: judgeConnections({
      subjects: connectionSubjects({ odpsFiles, product, contracts }),
      requestFor: (subject) => connectionRequest(subject, project, git),
      ...blockedBy(git),
      ...(platform && { platform }),
    }),
  };
}

/** What should have a git connection: the product, and each contract that it commits itself to. */
export function connectionSubjects({
  odpsFiles,
  product,
  contracts,
}: Pick<Facts, 'odpsFiles' | 'product' | 'contracts'>): ConnectionSubject[] {
  const [odpsFile] = odpsFiles;
  if (!odpsFile || product?.id === undefined) return [];
  return [
    { resource: 'dataproducts', id: product.id, file: odpsFile.path },
    ...contracts.output.flatMap(({ contract: { id }, file }) =>
      id === undefined ? [] : [{ resource: 'datacontracts' as const, id, file: file.path }],
    ),
  ];
}

/** What a connection should say, as far as the repository says it. */
export function connectionRequest(
  { file }: ConnectionSubject,
  { repositoryPath }: Project,
  git: GitFacts,
): ConnectionRequest | undefined {
  const remote =
    git.kind === 'repository' && git.remote !== undefined ? normalizeRemote(git.remote) : undefined;
  const branch = connectionBranch(git);
  if (!remote || branch === undefined) return undefined;
  return {
    repositoryUrl: remote.url,
    repositoryPath: repositoryPath === '' ? file : `${repositoryPath}/${file}`,
    repositoryBranch: branch,
    ...(remote.type && { gitConnectionType: remote.type }),
    ...(remote.host !== undefined && { host: remote.host }),
  };
}

function blockedBy(git: GitFacts): { blocked?: string } {
  if (git.kind === 'none')
    return { blocked: 'not a git repository — run git init and add a remote first' };
  if (git.remote === undefined)
    return { blocked: 'the git repository has no remote — add one first' };
  if (!normalizeRemote(git.remote))
    return { blocked: 'the git remote leads to no host that the platform could reach' };
  if (connectionBranch(git) === undefined)
    return { blocked: 'the default branch is not known — run git remote set-head origin --auto' };
  return {};
}

/** Where an artifact would be, for findings that belong to no file. */
function expectedPath(
  artifact: ArtifactName,
  { name, modelPaths, repositoryPath, definition }: Project,
): string {
  const up = repositoryPath === '' ? '' : '../'.repeat(repositoryPath.split('/').length);
  switch (artifact) {
    case 'odps':
      return `${name}.odps.yaml`;
    case 'output_contracts':
      return `${modelPaths[0]}/output_ports`;
    case 'input_contracts':
      return `${modelPaths[0]}/input_ports`;
    case 'openlineage':
      return 'openlineage.yml';
    case 'workflow':
      return `${up}.github/workflows/data-product.yml`;
    case 'layout':
    case 'git_connections':
      return definition.path;
  }
}

/** Applies configuration and baseline, and tells the statuses. */
function report(
  judgements: Record<ArtifactName, Judgement>,
  project: Project,
  options: AuditOptions,
): ArtifactReport[] {
  const settings = options.rules ?? {};
  const rated = artifactNames.map((artifact) => ({
    artifact,
    judgement: judgements[artifact],
    findings: judgements[artifact].issues.flatMap((issue) =>
      rate(issue, settings, expectedPath(artifact, project)),
    ),
  }));
  const accepted =
    options.accept?.(rated.flatMap(({ findings }) => findings.map(({ finding }) => finding))) ??
    new Set();
  return rated.map(({ artifact, judgement, findings }) =>
    reportArtifact(
      artifact,
      judgement,
      findings.filter(({ finding }) => !accepted.has(finding)),
    ),
  );
}

interface RatedFinding {
  readonly finding: AuditFinding;
  /** What it makes of its file, where it counts. */
  readonly status: ArtifactStatus;
}

/** A finding as configured; none for a rule that is off. An info makes nothing of its file. */
export function rate(issue: Issue, settings: RuleSettings, fallbackPath: string): RatedFinding[] {
  const { rule, path = fallbackPath, message, range, data, hint, status } = issue;
  const {
    severity: own,
    status: ownStatus,
    hint: ownHint,
  } = rules[rule] as (typeof rules)[RuleId] & { status?: ArtifactStatus };
  const severity = settings[rule] ?? own;
  if (severity === 'off') return [];
  const finding: AuditFinding = {
    ruleId: rule,
    severity,
    message,
    path,
    ...(range && { range }),
    ...(data && { data }),
    hint: hint ?? ownHint,
  };
  return [
    { finding, status: severity === 'info' ? 'present' : (status ?? ownStatus ?? 'present') },
  ];
}

function reportArtifact(
  artifact: ArtifactName,
  judgement: Judgement,
  rated: readonly RatedFinding[],
): ArtifactReport {
  const { deferred, deferredFiles, note = '' } = judgement;
  const paths = new Set(judgement.files);
  const files = [...paths].map((path): FileReport => {
    const own = rated.filter(({ finding }) => finding.path === path);
    const statuses = [
      ...own.map(({ status }) => status),
      ...(deferredFiles?.has(path) ? (['deferred'] as const) : []),
    ];
    return {
      path,
      status: worstStatus(statuses),
      findings: sortFindings(own.map(({ finding }) => finding)),
    };
  });
  const others = rated.filter(({ finding }) => !paths.has(finding.path));
  const status = worstStatus([
    ...files.map((file) => file.status),
    ...others.map((other) => other.status),
    ...(deferred === undefined ? [] : (['deferred'] as const)),
  ]);
  const findings = sortFindings(others.map(({ finding }) => finding));
  return { artifact, status, files, findings, note: noteOf(status, note, files, findings) };
}

function noteOf(
  status: ArtifactStatus,
  note: string,
  files: readonly FileReport[],
  findings: readonly AuditFinding[],
): string {
  if (status === 'present') return '';
  if (note !== '') return note;
  const [first] = [...findings, ...files.flatMap((file) => file.findings)].filter(
    ({ severity }) => severity !== 'info',
  );
  return first ? first.message : '';
}
