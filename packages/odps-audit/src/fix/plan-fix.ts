import type { ArtifactName, AuditFinding } from '../artifact.js';
import { audit, connectionSubjects, type Audit, type AuditOptions } from '../audit.js';
import { findContracts } from '../contract/find-contracts.js';
import { declaredModels } from '../dbt/declared-models.js';
import {
  connectionDrift,
  type ConnectionRequest,
  type ConnectionSubject,
} from '../git/connection-request.js';
import type { GitConnectionType } from '../git/normalize-remote.js';
import { findDataProduct, findOdpsFiles } from '../judge/judge-odps.js';
import type { Project } from '../project.js';
import { createSchemaLibrary } from '../schema-set.js';
import { applyInMemory } from './apply-in-memory.js';
import type { FileChange } from './file-change.js';
import { findWork, placeholdersFor } from './find-work.js';
import { planFiles } from './plan-files.js';
import { placeholders, type PlaceholderName, type Values } from './placeholders.js';
import {
  resolveValues,
  type AnswerProblem,
  type Question,
  type ResolvedValues,
} from './resolve-values.js';

export interface PlanFixOptions extends AuditOptions {
  /** Answers to placeholders by name. Default: none. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** The URL that new products name as their builder. Default: that of the reference. */
  readonly builder?: string;
}

/** A git connection that is to be registered, or changed. */
export interface ConnectionChange {
  readonly kind: 'create' | 'update';
  readonly subject: ConnectionSubject;
  readonly request: ConnectionRequest;
  /** What the platform has now, of an update. */
  readonly drift: readonly {
    readonly field: string;
    readonly actual: string;
    readonly wanted: string;
  }[];
}

/** A git connection that cannot be registered yet. */
export interface DeferredConnection {
  readonly subject: ConnectionSubject;
  readonly reason: string;
  /** What is not known yet stands in it as the name of its placeholder: `<GIT_REPOSITORY_URL>`. */
  readonly request: ConnectionRequest;
}

export type FixPlan =
  | {
      readonly kind: 'unanswered';
      readonly questions: readonly Question[];
      readonly problems: readonly AnswerProblem[];
      readonly values: ResolvedValues;
    }
  | PlannedFix;

/** Everything that a fix will do, as data; nothing is done. */
export interface PlannedFix {
  readonly kind: 'planned';
  readonly project: string;
  readonly before: Audit;
  /** What the audit will say when the changes are made, the git connections aside. */
  readonly after: Audit;
  readonly values: ResolvedValues;
  readonly changes: readonly FileChange[];
  readonly connections: readonly ConnectionChange[];
  readonly deferred: readonly DeferredConnection[];
  /** What is left for a person, by artifact. */
  readonly byHand: ReadonlyMap<ArtifactName, readonly AuditFinding[]>;
  /** Answers to what nobody asks for. */
  readonly ignored: readonly string[];
  /** Changes that were not possible, and why. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

const BUILDER = 'https://github.com/entropy-data/dataproduct-builder-dbt';

/** Plans what makes a project well-integrated; pure but for loading schemas. */
export async function planFix(project: Project, given: PlanFixOptions = {}): Promise<FixPlan> {
  const options = { ...given, schemas: given.schemas ?? createSchemaLibrary() };
  const { platform, git = { kind: 'none' as const }, answers = {}, builder = BUILDER } = options;
  const host = options.host ?? platform?.host;
  const odpsFiles = findOdpsFiles(project);
  const product = findDataProduct(odpsFiles);
  const contracts = findContracts(project, product);
  const models = declaredModels(project);
  const { values, problems, ignored } = resolveValues({
    project,
    product,
    contracts: contracts.output,
    models,
    git,
    host,
    answers,
  });
  const before = await audit(project, options);
  const facts = { project, audit: before, product, odpsFiles, contracts, models, git, builder };
  const work = findWork(facts);
  const needed = placeholdersFor(work);
  const unanswered = (names: readonly PlaceholderName[]): FixPlan | undefined => {
    const missing = names.filter((name) => !values.has(name));
    if (missing.length === 0 && problems.length === 0) return undefined;
    const teams = platform?.teams.map(({ id }) => id) ?? [];
    return {
      kind: 'unanswered',
      questions: missing.map((name) => questionOf(name, teams)),
      problems,
      values,
    };
  };
  const open = unanswered(needed);
  if (open) return open;
  const files = planFiles(work, facts, valuesOf(values));
  const changed = applyInMemory(project, files.changes);
  const connections = planConnections(changed, options, values);
  const openConnections = unanswered(connections.needed);
  if (openConnections) return openConnections;
  const after = await audit(changed, options);
  return {
    kind: 'planned',
    project: project.name,
    before,
    after,
    values,
    changes: files.changes,
    refused: files.refused,
    connections: connections.changes,
    deferred: connections.deferred,
    byHand: leftOver(after),
    ignored,
  };
}

/** In the order of the specification's table. */
function questionOf(name: PlaceholderName, teams: readonly string[]): Question {
  const { question, ...rest } = placeholders[name];
  const choices = 'choices' in rest ? rest.choices : [];
  return { name, question, choices: name === 'TEAM_NAME' ? teams : choices };
}

/** The values as the templates see them; what the work does not need may be missing. */
function valuesOf(values: ResolvedValues): Values {
  return Object.fromEntries(
    [...values].map(([name, { value }]) => [name, value]),
  ) as unknown as Values;
}

/** What is left for a person: what the audit will still find, git connections aside. */
function leftOver({ artifacts }: Audit): Map<ArtifactName, readonly AuditFinding[]> {
  const left = new Map<ArtifactName, readonly AuditFinding[]>();
  for (const { artifact, findings, files } of artifacts) {
    if (artifact === 'git_connections') continue;
    const all = [...findings, ...files.flatMap((file) => file.findings)].filter(
      ({ severity }) => severity !== 'info',
    );
    if (all.length > 0) left.set(artifact, all);
  }
  return left;
}

interface ConnectionPlan {
  readonly changes: readonly ConnectionChange[];
  readonly deferred: readonly DeferredConnection[];
  readonly needed: readonly PlaceholderName[];
}

/** What is to be registered, for the files as they will be; where the platform was not asked, everything waits. */
function planConnections(
  project: Project,
  { platform, git = { kind: 'none' } }: PlanFixOptions,
  values: ResolvedValues,
): ConnectionPlan {
  const odpsFiles = findOdpsFiles(project);
  const product = findDataProduct(odpsFiles);
  const subjects = connectionSubjects({
    odpsFiles,
    product,
    contracts: findContracts(project, product),
  });
  const changes: ConnectionChange[] = [];
  const deferred: DeferredConnection[] = [];
  const needed = new Set<PlaceholderName>();
  for (const subject of subjects) {
    const request = requestFor(subject, project, values);
    const state =
      subject.resource === 'dataproducts' ? platform?.product : platform?.contracts.get(subject.id);
    const reason = whyDeferred(subject, platform !== undefined, git, state?.kind);
    if (reason !== undefined || !state || state.kind === 'unpublished') {
      deferred.push({
        subject,
        reason: reason ?? 'not yet published — run the workflow first',
        request,
      });
      continue;
    }
    // Without a remote nothing can be said of what is connected.
    const isKnown = values.has('GIT_REPOSITORY_URL') && values.has('GIT_REPOSITORY_BRANCH');
    const drift =
      state.kind === 'connected' && isKnown ? connectionDrift(state.connection, request) : [];
    if (state.kind === 'connected' && drift.length === 0) continue;
    for (const name of neededFor(values)) needed.add(name);
    changes.push({
      kind: state.kind === 'connected' ? 'update' : 'create',
      subject,
      request,
      drift,
    });
  }
  return { changes, deferred, needed: [...needed] };
}

function whyDeferred(
  { resource }: ConnectionSubject,
  isAsked: boolean,
  git: NonNullable<PlanFixOptions['git']>,
  state: string | undefined,
): string | undefined {
  if (git.kind === 'none') return 'not a git repository — run git init and add a remote first';
  if (!isAsked) return 'the platform was not asked';
  if (state === 'unconnected' || state === 'connected') return undefined;
  return resource === 'dataproducts'
    ? 'data product not yet published — run the workflow first'
    : 'data contract not yet published — run the workflow first';
}

/** The platform finds credentials by their id, or by the kind of hosting. */
function neededFor(values: ResolvedValues): PlaceholderName[] {
  const kind = values.has('GIT_CREDENTIAL_EXTERNAL_ID') ? [] : (['GIT_CONNECTION_TYPE'] as const);
  return ['GIT_REPOSITORY_URL', 'GIT_REPOSITORY_BRANCH', ...kind];
}

/** What is not known stands in it as `<NAME>`, for a person to fill in. */
function requestFor(
  { file }: ConnectionSubject,
  { repositoryPath }: Project,
  values: ResolvedValues,
): ConnectionRequest {
  const get = (name: PlaceholderName) => values.get(name)?.value;
  const type = get('GIT_CONNECTION_TYPE');
  const host = get('GIT_HOST');
  const credential = get('GIT_CREDENTIAL_EXTERNAL_ID');
  const needsType = type === undefined && credential === undefined;
  return {
    repositoryUrl: get('GIT_REPOSITORY_URL') ?? '<GIT_REPOSITORY_URL>',
    repositoryPath: repositoryPath === '' ? file : `${repositoryPath}/${file}`,
    repositoryBranch: get('GIT_REPOSITORY_BRANCH') ?? '<GIT_REPOSITORY_BRANCH>',
    ...(type !== undefined && { gitConnectionType: type as GitConnectionType }),
    ...(needsType && { gitConnectionType: '<GIT_CONNECTION_TYPE>' as GitConnectionType }),
    ...(host !== undefined && { host }),
    ...(credential !== undefined && { gitCredentialExternalId: credential }),
  };
}
