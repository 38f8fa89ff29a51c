import { classifyDocument } from '../classify.js';
import { readDataContract } from '../contract/data-contract.js';
import type { Issue } from '../issue.js';
import { isMapping, member } from '../mapping.js';
import type { SourceFile } from '../read/source-file.js';
import { odcsVersions, type SchemaSet } from '../schema-set.js';
import { reporter, type Report } from './judge-odps.js';
import { judgeText } from './judge-text.js';

/** Judges one file as a data contract, without looking at any other. */
export function judgeContractFile(file: SourceFile, schemas: SchemaSet): Issue[] {
  const issues = judgeText(file);
  const [value] = file.documents;
  if (value === undefined) {
    return issues.length > 0
      ? issues
      : [{ rule: 'contract/invalid', path: file.path, message: 'the file is empty' }];
  }
  const report = reporter(file, issues);
  switch (classifyDocument(value).kind) {
    case 'dcs':
      report(
        'contract/legacy',
        [],
        'this is the Data Contract Specification, which ODCS has replaced',
      );
      return issues;
    case 'odps':
    case 'dps':
    case 'opendataproducts':
      report('contract/invalid', ['kind'], 'this is a data product, not a data contract');
      return issues;
    default:
      judgeVersion(value, schemas, report);
      judgeSeed(value, report);
  }
  return issues;
}

function judgeVersion(value: unknown, schemas: SchemaSet, report: Report): void {
  const version = member(value, 'apiVersion');
  if (version === undefined) {
    report('contract/invalid', [], 'the contract declares no apiVersion');
    return;
  }
  const validate = typeof version === 'string' ? schemas.odcs(version) : undefined;
  if (!validate) {
    const draft = /^v3\.2/.test(String(version)) ? ', which is a draft' : '';
    const known = odcsVersions.join(', ');
    report(
      'contract/unknown-version',
      ['apiVersion'],
      `apiVersion is ${JSON.stringify(version)}${draft}; the schemas of ${known} are known`,
    );
    return;
  }
  for (const { path, message } of validate(value)) report('contract/invalid', path, message);
  if (version === 'v3.1.0') judgeDeprecated(value, report);
}

/** What v3.1.0 still takes, and calls deprecated; in the versions before it there was nothing else. */
function judgeDeprecated(value: unknown, report: Report): void {
  if (Array.isArray(member(value, 'team'))) {
    report(
      'contract/legacy',
      ['team'],
      'team is a list of members; since v3.1.0 it is an object with members',
      { part: 'key' },
    );
  }
  if (member(value, 'dataProduct') !== undefined) {
    report('contract/legacy', ['dataProduct'], 'the field dataProduct is deprecated since v3.1.0', {
      part: 'key',
    });
  }
}

/** The columns that a template begins with. */
const SEED = new Set(['id', 'updated_at']);

function judgeSeed(value: unknown, report: Report): void {
  const { tables } = readDataContract(value);
  for (const { columns, name, path } of tables) {
    const isSeed = columns.length === SEED.size && columns.every((column) => SEED.has(column.name));
    if (isSeed && isMapping(value)) {
      report(
        'contract/seed-only',
        path,
        `the table ${name} has the columns of the template alone: id, updated_at`,
      );
    }
  }
}
