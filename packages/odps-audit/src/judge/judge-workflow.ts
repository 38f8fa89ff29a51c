import type { ContractFile } from '../contract/find-contracts.js';
import type { DataProduct } from '../data-product.js';
import type { Issue, Judgement } from '../issue.js';
import { isMapping, member } from '../mapping.js';
import type { Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import { runsOnPush } from './branch-filter.js';
import { reporter, type Report } from './judge-odps.js';
import { judgeText } from './judge-text.js';
import {
  cleanPath,
  readWorkflow,
  type WorkflowCommand,
  type WorkflowContent,
} from './workflow-commands.js';

export interface WorkflowContext {
  readonly product?: DataProduct;
  /** The ODPS files, by path. */
  readonly odpsFiles: readonly string[];
  readonly contracts: readonly ContractFile[];
  readonly defaultBranch?: string;
}

const ABOUT_US =
  /entropy-data|\bdbt-ol\b|\bdatacontract\s+test\b|\/api\/data(?:products|contracts)\b/;

/** Judges the workflows that publish the product. */
export function judgeWorkflows(project: Project, context: WorkflowContext): Judgement {
  const files = findWorkflows(project, context.product);
  if (files.length === 0) {
    const message = 'there is no workflow that publishes the data product';
    return { files: [], issues: [{ rule: 'workflow/missing', message }] };
  }
  const issues: Issue[] = [];
  const contents: [SourceFile, WorkflowContent][] = [];
  for (const file of files) {
    for (const one of judgeWorkflowFile(file)) issues.push(one);
    const [value] = file.documents;
    if (isMapping(value)) contents.push([file, readWorkflow(value)]);
    if (context.defaultBranch !== undefined && !runsOnPush(value, context.defaultBranch)) {
      reporter(file, issues)(
        'workflow/branch',
        ['on', 'push'],
        `a push to ${context.defaultBranch} does not start the workflow`,
        { data: { branch: context.defaultBranch } },
      );
    }
  }
  for (const one of judgeCommands(contents, project, context)) issues.push(one);
  return { files: files.map(({ path }) => path), issues };
}

/** The workflows that are about this project: in a repository of several, those that name its folder or id. */
export function findWorkflows(
  { workflows, repositoryPath }: Project,
  product: DataProduct | undefined,
): SourceFile[] {
  const ours = [...workflows.values()].filter(
    ({ path, text }) => ABOUT_US.test(text) || /(?:^|\/)data-product\.ya?ml$/.test(path),
  );
  if (repositoryPath === '') return ours;
  return ours.filter((file) => isAbout(file, repositoryPath, product?.id));
}

/** Names are short, and stand in other words: `dbt` in `dbt-ol`, `shop` in `jaffle_shop`. */
function isAbout({ text, documents }: SourceFile, folder: string, id: string | undefined): boolean {
  const { workingDirectories } = readWorkflow(documents[0]);
  if (workingDirectories.has(folder) || namesFolder(text, folder)) return true;
  const runsElsewhere = [...workingDirectories].some((place) => place !== '.' && !isAny(place));
  return !runsElsewhere && id !== undefined && wholeWord(id).test(text);
}

function namesFolder(text: string, folder: string): boolean {
  const before = String.raw`(?:(?<![\w./-])(?:\./)?|GITHUB_WORKSPACE\}?/|\}\}/)`;
  const option = String.raw`(?:\bcd|--project-dir|DBT_PROJECT_DIR)[\s:="']+(?:\./)?`;
  const name = escaped(folder);
  return new RegExp(String.raw`${before}${name}/|${option}${name}(?![\w.-])`).test(text);
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function wholeWord(word: string): RegExp {
  return new RegExp(String.raw`(?<![\w-])${escaped(word)}(?![\w-])`);
}

/** Judges one file as a workflow, without looking at what it should publish. */
export function judgeWorkflowFile(file: SourceFile): Issue[] {
  const issues = judgeText(file);
  const [value] = file.documents;
  const report = reporter(file, issues);
  if (value === undefined) {
    return issues.length > 0
      ? issues
      : [{ rule: 'workflow/invalid', path: file.path, message: 'the file is empty' }];
  }
  judgeShape(value, report);
  const content = readWorkflow(value);
  for (const { values, path } of content.environments) {
    for (const [name, set] of Object.entries(values)) {
      if (!isSecretName(name) || typeof set !== 'string' || set === '' || /\$\{\{|\$\w/.test(set))
        continue;
      report('workflow/secret-inside', [...path, name], `the value of ${name} stands in the file`);
    }
  }
  const curl = content.commands.find(({ kind }) => kind === 'curl-put');
  if (curl) report('workflow/legacy', curl.path, 'the workflow publishes with curl');
  for (const path of content.reusable)
    report(
      'workflow/reusable',
      path,
      'the job runs a workflow of another file, which is not looked at',
    );
  return issues;
}

function isSecretName(name: string): boolean {
  return /(?:TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|PRIVATE_KEY|ACCESS_KEY)$/i.test(name);
}

/** What GitHub asks of every workflow. */
function judgeShape(value: unknown, report: Report): void {
  const jobs = member(value, 'jobs');
  if (member(value, 'on') === undefined && member(value, 'true') === undefined) {
    report('workflow/invalid', [], 'the workflow has no on');
  }
  if (!isMapping(jobs) || Object.keys(jobs).length === 0) {
    report('workflow/invalid', ['jobs'], 'the workflow has no jobs');
    return;
  }
  for (const [name, job] of Object.entries(jobs)) {
    const runs =
      member(job, 'uses') !== undefined ||
      (member(job, 'runs-on') !== undefined && Array.isArray(member(job, 'steps')));
    if (!runs)
      report(
        'workflow/invalid',
        ['jobs', name],
        `the job ${name} has neither uses nor runs-on and steps`,
        { part: 'key' },
      );
  }
}

type Located = WorkflowCommand & { readonly source: SourceFile };

function judgeCommands(
  contents: readonly [SourceFile, WorkflowContent][],
  project: Project,
  context: WorkflowContext,
): Issue[] {
  const [first] = contents;
  if (!first) return [];
  const issues: Issue[] = [];
  const commands: Located[] = contents.flatMap(([source, content]) =>
    content.commands.map((command) => ({ ...command, source })),
  );
  const of = (kind: WorkflowCommand['kind']) => commands.filter((command) => command.kind === kind);
  const isLegacy = of('curl-put').length > 0 && of('product-put').length === 0;
  const isElsewhere = contents.some(([, { reusable }]) => reusable.length > 0);
  const reportMissing = isLegacy || isElsewhere ? () => undefined : reporter(first[0], issues);
  if (of('dbt-ol').length === 0)
    reportMissing('workflow/no-dbt-ol', ['jobs'], 'no step runs dbt-ol', { part: 'key' });
  if (of('product-put').length === 0)
    reportMissing('workflow/no-product-put', ['jobs'], 'no step publishes the data product', {
      part: 'key',
    });
  for (const {
    contract: { id },
    file,
  } of context.contracts) {
    const named = id ?? file.path;
    if (!of('contract-put').some((command) => isAny(command.id) || command.id === id)) {
      reportMissing(
        'workflow/no-contract-put',
        ['jobs'],
        `no step publishes the contract ${named}`,
        { part: 'key', data: { contract: named } },
      );
    }
    if (
      !of('contract-test').some(
        (command) => isAny(command.file) || isFile(command.file, file.path, project),
      )
    ) {
      reportMissing('workflow/no-contract-test', ['jobs'], `no step tests the contract ${named}`, {
        part: 'key',
        data: { contract: named, file: file.path },
      });
    }
  }
  if (context.contracts.length === 0) {
    for (const [kind, rule, does] of [
      ['contract-put', 'workflow/no-contract-put', 'publishes'],
      ['contract-test', 'workflow/no-contract-test', 'tests'],
    ] as const) {
      if (of(kind).length === 0)
        reportMissing(rule, ['jobs'], `no step ${does} a contract`, { part: 'key' });
    }
  }
  for (const issue of staleCommands(commands, project, context)) issues.push(issue);
  for (const issue of orderAndHost(contents, commands)) issues.push(issue);
  return issues;
}

/** A variable, a pattern or an expression may stand for whatever is there. */
function isAny(word: string | undefined): boolean {
  return word === undefined || /[$*`]/.test(word);
}

function isFile(named: string | undefined, path: string, { repositoryPath }: Project): boolean {
  const name = cleanPath(named ?? '');
  return name === path || name === `${repositoryPath}/${path}`;
}

function staleCommands(
  commands: readonly Located[],
  project: Project,
  { product, odpsFiles, contracts }: WorkflowContext,
): Issue[] {
  const issues: Issue[] = [];
  const contractFiles = contracts.map(({ file }) => file.path);
  const contractIds = contracts.map(({ contract: { id } }) => id);
  for (const { kind, id, file, path, source } of commands) {
    const report = reporter(source, issues);
    const files = kind === 'product-put' ? odpsFiles : contractFiles;
    const ids = kind === 'product-put' ? [product?.id] : contractIds;
    if (kind !== 'product-put' && kind !== 'contract-put' && kind !== 'contract-test') continue;
    if (files.length === 0) continue;
    if (!isAny(id) && !ids.includes(id)) {
      report(
        'workflow/stale',
        path,
        `the id ${JSON.stringify(id)} is none of this project: ${ids.join(', ')}`,
        { data: { id: id! } },
      );
    }
    if (!isAny(file) && !files.some((known) => isFile(file, known, project))) {
      report(
        'workflow/stale',
        path,
        `the file ${file} is none of this project: ${files.join(', ')}`,
        { data: { file: file! } },
      );
    }
  }
  return issues;
}

function orderAndHost(
  contents: readonly [SourceFile, WorkflowContent][],
  commands: readonly Located[],
): Issue[] {
  const issues: Issue[] = [];
  const run = commands.findIndex(({ kind }) => kind === 'dbt-ol');
  const put = commands.findIndex(({ kind }) => kind === 'product-put');
  if (run >= 0 && put >= 0 && run < put) {
    const { source, path } = commands[run]!;
    reporter(source, issues)('workflow/order', path, 'dbt-ol runs before the product is published');
  }
  const hasHost = contents.some(([{ text }]) => /ENTROPY_DATA_HOST|--host\b/.test(text));
  if (put >= 0 && !hasHost) {
    const { source, path } = commands[put]!;
    reporter(source, issues)('workflow/no-host', path, 'ENTROPY_DATA_HOST is not set');
  }
  return issues;
}
