import type { KeyPath } from '@holdfast/text';
import { classifyDocument } from '../classify.js';
import { readDataProduct, type DataProduct } from '../data-product.js';
import type { Issue, Judgement } from '../issue.js';
import { customProperty, listOf, member, textOf } from '../mapping.js';
import type { Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import type { RuleId } from '../rules.js';
import { odpsVersions, type SchemaSet } from '../schema-set.js';
import { judgeText } from './judge-text.js';

const ODPS_NAME = /\.odps\.ya?ml$/i;
const LEGACY_NAME = /^data-?product\.ya?ml$/i;

/** The files that are, or should be, the ODPS file of a project. */
export function findOdpsFiles({ files }: Project): SourceFile[] {
  return [...files.values()].filter(
    ({ path, documents }) =>
      !path.includes('/') &&
      (ODPS_NAME.test(path) ||
        (LEGACY_NAME.test(path) && classifyDocument(documents[0]).kind !== 'unknown')),
  );
}

/** The product that the project describes: that of its ODPS file of version 1, else of any. */
export function findDataProduct(files: readonly SourceFile[]): DataProduct | undefined {
  const file =
    files.find(({ documents }) => classifyDocument(documents[0]).kind === 'odps') ??
    files.find(({ path }) => ODPS_NAME.test(path));
  return file?.documents.length ? readDataProduct(file.documents[0]) : undefined;
}

export interface OdpsContext {
  readonly schemas: SchemaSet;
  /** The ids of the contracts that lie in the project; absent: the file is judged alone. */
  readonly contractIds?: ReadonlySet<string>;
  readonly inputContractIds?: ReadonlySet<string>;
  /** The ids of the platform's teams, where it was asked. */
  readonly teams?: ReadonlySet<string>;
}

/** Judges the ODPS files of a project. */
export function judgeOdps(project: Project, context: OdpsContext): Judgement {
  const files = findOdpsFiles(project);
  if (files.length === 0) {
    return {
      files: [],
      issues: [{ rule: 'odps/missing', message: 'there is no *.odps.yaml' }],
      note: 'no *.odps.yaml',
    };
  }
  const issues = files.flatMap((file) => judgeOdpsFile(file, context));
  const [first, ...others] = files;
  for (const { path } of others) {
    issues.push({
      rule: 'odps/several-files',
      path,
      message: `beside ${first!.path}: a dbt project is one data product`,
    });
  }
  return { files: files.map(({ path }) => path), issues };
}

/** Judges one file as an ODPS file. */
export function judgeOdpsFile(file: SourceFile, context: OdpsContext): Issue[] {
  const issues = judgeText(file);
  const [value] = file.documents;
  if (value === undefined) {
    return issues.length > 0
      ? issues
      : [{ rule: 'odps/invalid', path: file.path, message: 'the file is empty' }];
  }
  const report = reporter(file, issues);
  const kind = classifyDocument(value);
  switch (kind.kind) {
    case 'opendataproducts':
      report(
        'odps/wrong-standard',
        [],
        'this is the Open Data Product Specification of the Linux Foundation',
      );
      return issues;
    case 'dps':
      report('odps/legacy', [], 'this is the Data Product Specification, which ODPS has replaced');
      return issues;
    case 'odcs':
    case 'dcs':
      report('odps/invalid', ['kind'], 'this is a data contract, not a data product');
      return issues;
    default:
      judgeAgainstSchema(value, context, report);
  }
  judgeContent(value, context, report);
  return issues;
}

export type Report = (
  rule: RuleId,
  path: KeyPath,
  message: string,
  more?: { readonly part?: 'key' | 'value'; readonly data?: Issue['data']; readonly hint?: string },
) => void;

/** Adds issues about places of a file. */
export function reporter(file: SourceFile, issues: Issue[]): Report {
  return (rule, path, message, { part = 'value', data, hint } = {}) => {
    issues.push({
      rule,
      path: file.path,
      range: file.range(path, part),
      message,
      ...(data && { data }),
      ...(hint !== undefined && { hint }),
    });
  };
}

function judgeAgainstSchema(value: unknown, { schemas }: OdpsContext, report: Report): void {
  const version = member(value, 'apiVersion');
  if (version === undefined) {
    report('odps/invalid', [], 'the file declares no apiVersion');
    return;
  }
  const validate = typeof version === 'string' ? schemas.odps(version) : undefined;
  if (!validate) {
    const known = odpsVersions.join(' and ');
    report(
      'odps/unknown-version',
      ['apiVersion'],
      `apiVersion is ${JSON.stringify(version)}, and the schemas of ${known} are known`,
    );
    return;
  }
  const problems = validate(value);
  // The schema of v1.0.0 takes documents that say v0.9.0, and the standard's own examples are such.
  const isNewer = version === 'v0.9.0' && schemas.odps('v1.0.0')?.(value).length === 0;
  for (const { path, message } of isNewer ? [] : problems) report('odps/invalid', path, message);
  if (version === 'v0.9.0') report('odps/legacy', ['apiVersion'], 'ODPS v0.9.0 is deprecated');
}

function judgeContent(value: unknown, context: OdpsContext, report: Report): void {
  const product = readDataProduct(value);
  judgeBuilder(value, report);
  if (product.team === undefined || product.team.trim() === '') {
    report('odps/team-missing', ['team', 'name'], 'the product names no team');
  } else if (context.teams && !context.teams.has(product.team)) {
    report(
      'odps/team-unknown',
      ['team', 'name'],
      `the platform has no team with the id ${JSON.stringify(product.team)}`,
    );
  }
  if (product.outputPorts.length === 0) {
    report('odps/no-output-port', ['outputPorts'], 'the product has no output port');
  }
  const seen = new Set<string>();
  for (const { index, name, version, contractId } of product.outputPorts) {
    const key = JSON.stringify([name, version]);
    if (name !== undefined && version !== undefined && seen.has(key)) {
      report(
        'odps/duplicate-port',
        ['outputPorts', index],
        `the output port ${name} has the version ${version} twice`,
      );
    }
    seen.add(key);
    if (contractId === undefined || contractId.trim() === '') {
      report(
        'odps/port-without-contract',
        ['outputPorts', index],
        `the output port ${name ?? index} names no contract`,
      );
    } else if (context.contractIds?.has(contractId) === false) {
      report(
        'odps/contract-missing',
        ['outputPorts', index, 'contractId'],
        `no contract of the project has the id ${JSON.stringify(contractId)}`,
        { data: { contractId } },
      );
    }
  }
  for (const { index, contractId } of product.inputPorts) {
    if (contractId === undefined || context.inputContractIds?.has(contractId) !== false) continue;
    report(
      'odps/input-contract-missing',
      ['inputPorts', index, 'contractId'],
      `there is no copy of the contract ${JSON.stringify(contractId)} under input_ports`,
      { data: { contractId } },
    );
  }
}

/** Any builder counts, for forks have their own; one on a port says nothing of the product. */
function judgeBuilder(value: unknown, report: Report): void {
  const builder = customProperty(value, 'dataProductBuilder');
  if (textOf(builder)?.trim()) return;
  const onPort = listOf(member(value, 'outputPorts')).findIndex(
    (port) => customProperty(port, 'dataProductBuilder') !== undefined,
  );
  const message =
    onPort < 0
      ? 'missing dataProductBuilder customProperty'
      : 'missing dataProductBuilder customProperty: it stands on an output port alone';
  report('odps/builder-missing', ['customProperties'], message, { part: 'key' });
}
