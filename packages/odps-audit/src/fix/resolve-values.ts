import type { ContractFile } from '../contract/find-contracts.js';
import type { DataProduct } from '../data-product.js';
import type { DeclaredModels } from '../dbt/declared-models.js';
import { inferTable, lastSegment } from '../dbt/infer-table.js';
import { connectionBranch, type GitFacts } from '../git/git-facts.js';
import { normalizeRemote } from '../git/normalize-remote.js';
import { isMapping, member, textOf } from '../mapping.js';
import type { Project } from '../project.js';
import { platformOf } from '../templates/platforms.js';
import { checkValue, placeholderOf, type PlaceholderName } from './placeholders.js';

/** What answers a placeholder: given, read from the project, or a rule of the specification. */
export type ValueSource = 'answer' | 'project' | 'default';

export interface ResolvedValue {
  readonly value: string;
  readonly source: ValueSource;
}

export type ResolvedValues = ReadonlyMap<PlaceholderName, ResolvedValue>;

/** A placeholder that nobody has answered. */
export interface Question {
  readonly name: PlaceholderName;
  readonly question: string;
  /** What may be answered; for a team, the ids of the platform's teams. Empty: anything. */
  readonly choices: readonly string[];
}

/** An answer that cannot be. */
export interface AnswerProblem {
  readonly name: string;
  readonly message: string;
}

export interface ResolveContext {
  readonly project: Project;
  readonly product: DataProduct | undefined;
  readonly contracts: readonly ContractFile[];
  readonly models: DeclaredModels;
  readonly git: GitFacts;
  readonly host: string | undefined;
  /** By name, as a person wrote them. */
  readonly answers: Readonly<Record<string, unknown>>;
}

export interface Resolution {
  readonly values: ResolvedValues;
  readonly problems: readonly AnswerProblem[];
  /** Answers to what nobody asks for. */
  readonly ignored: readonly string[];
}

/** The public host of the platform. */
export const DEFAULT_HOST = 'https://api.entropy-data.com';

/** Answers first, then what the project says, then the defaults of the specification. */
export function resolveValues(context: ResolveContext): Resolution {
  const values = new Map<PlaceholderName, ResolvedValue>();
  const { problems, ignored } = readAnswers(context.answers, values);
  const set = (name: PlaceholderName, value: string | undefined, source: ValueSource) => {
    if (value === undefined || values.has(name) || checkValue(name, value) !== undefined) return;
    values.set(name, { value, source });
  };
  const get = (name: PlaceholderName) => values.get(name)?.value;
  fromProject(context, set);
  const name = context.project.name;
  // The place of a table on S3 names its bucket and prefix.
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/([^/]+)/.exec(get('LOCATION') ?? '') ?? [];
  set('CATALOG', bucket, 'project');
  set('SCHEMA', prefix, 'project');
  set('DATA_PRODUCT_ID', name, 'default');
  set('DATA_PRODUCT_NAME', titleCase(name), 'default');
  set('OUTPUT_PORT_NAME', name, 'default');
  set('CONTRACT_ID', `${get('DATA_PRODUCT_ID')}-v1`, 'default');
  set('CONTRACT_FILE', `${get('CONTRACT_ID')}.odcs.yaml`, 'default');
  set(
    'CONTRACT_PATH',
    `${context.project.modelPaths[0]}/output_ports/v1/${get('CONTRACT_FILE')}`,
    'default',
  );
  set('TABLE', lastSegment(name), 'default');
  set('DBT_PROFILE', name, 'default');
  set('ODPS_FILE', `${get('DATA_PRODUCT_ID')}.odps.yaml`, 'default');
  set('API_HOST', (context.host ?? DEFAULT_HOST).replace(/\/+$/, ''), 'default');
  return { values, problems, ignored };
}

function readAnswers(
  answers: ResolveContext['answers'],
  values: Map<PlaceholderName, ResolvedValue>,
): Pick<Resolution, 'problems' | 'ignored'> {
  const problems: AnswerProblem[] = [];
  const ignored: string[] = [];
  for (const [key, answer] of Object.entries(answers)) {
    const name = placeholderOf(key.toUpperCase());
    if (answer === null || answer === '') continue;
    if (!name) {
      ignored.push(key);
      continue;
    }
    if (typeof answer !== 'string' && typeof answer !== 'number') {
      problems.push({ name: key, message: 'must be a text' });
      continue;
    }
    const value = String(answer).trim();
    const wrong = checkValue(name, value);
    if (wrong === undefined) values.set(name, { value, source: 'answer' });
    else problems.push({ name: key, message: `${wrong}, got ${JSON.stringify(value)}` });
  }
  return { problems, ignored };
}

function titleCase(name: string): string {
  return name
    .split(/[_\s-]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(' ');
}

function fromProject(
  { project, product, contracts, models, git, host }: ResolveContext,
  set: (name: PlaceholderName, value: string | undefined, source: ValueSource) => void,
): void {
  const read = (name: PlaceholderName, value: string | undefined) => set(name, value, 'project');
  const [port] = product?.outputPorts ?? [];
  const [contract] = contracts;
  const server = contract?.contract.servers[0];
  read('DATA_PRODUCT_ID', product?.id);
  read('DATA_PRODUCT_NAME', product?.name);
  read('TEAM_NAME', product?.team);
  read('OUTPUT_PORT_NAME', port?.name);
  read('CONTRACT_ID', port?.contractId ?? contract?.contract.id);
  read('PLATFORM', platformOf(port?.type) ?? platformOf(server?.type) ?? profilePlatform(project));
  read('CATALOG', port?.catalog ?? firstText(server?.value, ['catalog', 'database', 'project']));
  read('SCHEMA', port?.schema ?? firstText(server?.value, ['schema', 'dataset']));
  read(
    'TABLE',
    port?.table ?? contract?.contract.tables[0]?.physicalName ?? inferTable(project, models),
  );
  read('DBT_PROFILE', textOf(member(project.definition.documents[0], 'profile')));
  read('API_HOST', host);
  if (git.kind === 'none') return;
  const remote = git.remote === undefined ? undefined : normalizeRemote(git.remote);
  read('GIT_REPOSITORY_URL', remote?.url);
  read('GIT_REPOSITORY_BRANCH', connectionBranch(git));
  read('GIT_CONNECTION_TYPE', remote?.type);
  read('GIT_HOST', remote?.host);
}

function firstText(value: unknown, keys: readonly string[]): string | undefined {
  return keys.map((key) => textOf(member(value, key))).find((text) => text !== undefined);
}

/** The database of the project's own profiles.yml, where it is one that is known. */
function profilePlatform({ files, definition }: Project): string | undefined {
  const [profiles] = files.get('profiles.yml')?.documents ?? [];
  const name = textOf(member(definition.documents[0], 'profile')) ?? '';
  const outputs = member(member(profiles, name), 'outputs');
  const types = (isMapping(outputs) ? Object.values(outputs) : []).map((output) =>
    platformOf(textOf(member(output, 'type'))),
  );
  return types.find((type) => type !== undefined);
}
