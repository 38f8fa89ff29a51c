import { sortFindings } from '@holdfast/findings';
import {
  worstStatus,
  type ArtifactName,
  type ArtifactStatus,
  type AuditFinding,
} from './artifact.js';
import { rate, schemasFor, type RuleSettings } from './audit.js';
import { classifyDocument } from './classify.js';
import type { Issue } from './issue.js';
import { judgeContractFile } from './judge/judge-contract-file.js';
import { judgeOdpsFile } from './judge/judge-odps.js';
import { judgeLineageFile } from './judge/judge-openlineage.js';
import { judgeText } from './judge/judge-text.js';
import { judgeWorkflowFile } from './judge/judge-workflow.js';
import { member, textOf } from './mapping.js';
import type { SourceFile } from './read/source-file.js';
import type { SchemaLibrary, SchemaSet } from './schema-set.js';

/** What one file came to, judged without any other. */
export interface CheckedFile {
  readonly path: string;
  /** What the file is; null where neither its name nor its content says. */
  readonly artifact: ArtifactName | null;
  readonly status: ArtifactStatus;
  readonly findings: readonly AuditFinding[];
}

export interface CheckFilesOptions {
  /** Default: every rule as it is. */
  readonly rules?: RuleSettings;
  /** Default: one of its own. */
  readonly schemas?: SchemaLibrary;
}

/** Judges single files by content and name; what a file should agree with in others is not looked at. */
export async function checkFiles(
  files: readonly SourceFile[],
  { rules: settings = {}, schemas: library }: CheckFilesOptions = {},
): Promise<CheckedFile[]> {
  const schemas = await schemasFor(
    files,
    files.map((file) => ({ file })),
    library,
  );
  return files.map((file) => {
    const artifact = artifactOf(file);
    const rated = judge(file, artifact, schemas).flatMap((issue) =>
      rate(issue, settings, file.path),
    );
    return {
      path: file.path,
      artifact,
      status: worstStatus(rated.map(({ status }) => status)),
      findings: sortFindings(rated.map(({ finding }) => finding)),
    };
  });
}

function artifactOf({ path, documents }: SourceFile): ArtifactName | null {
  const contract = /(?:^|\/)input_ports\//.test(path) ? 'input_contracts' : 'output_contracts';
  switch (classifyDocument(documents[0]).kind) {
    case 'odps':
    case 'dps':
    case 'opendataproducts':
      return 'odps';
    case 'odcs':
    case 'dcs':
      return contract;
    case 'openlineage':
      return 'openlineage';
    case 'workflow':
      return 'workflow';
    case 'dbt-project':
      return 'layout';
    case 'unknown':
      return artifactOfName(path, contract);
  }
}

function artifactOfName(path: string, contract: ArtifactName): ArtifactName | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.odps\.ya?ml$/i.test(name)) return 'odps';
  if (/\.odcs\.ya?ml$/i.test(name)) return contract;
  if (/^openlineage\.ya?ml$/i.test(name)) return 'openlineage';
  if (name === 'dbt_project.yml') return 'layout';
  return /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i.test(path) ? 'workflow' : null;
}

function judge(file: SourceFile, artifact: ArtifactName | null, schemas: SchemaSet): Issue[] {
  switch (artifact) {
    case 'odps':
      return judgeOdpsFile(file, { schemas });
    case 'output_contracts':
    case 'input_contracts':
      return judgeContractFile(file, schemas);
    case 'openlineage':
      return judgeLineage(file);
    case 'workflow':
      return judgeWorkflowFile(file);
    case 'layout':
      return judgeDbtProject(file);
    case 'git_connections':
    case null:
      return [
        ...judgeText(file),
        {
          rule: 'file/unknown',
          path: file.path,
          message: 'neither its name nor its content says what it is',
        },
      ];
  }
}

function judgeLineage(file: SourceFile): Issue[] {
  const issues = judgeLineageFile(file, {});
  if (!/(?:^|\/)openlineage\.yaml$/i.test(file.path)) return issues;
  return [
    ...issues,
    {
      rule: 'lineage/wrong-name',
      path: file.path,
      message: 'the OpenLineage client does not find openlineage.yaml',
    },
  ];
}

function judgeDbtProject(file: SourceFile): Issue[] {
  const issues = judgeText(file);
  const isRead = file.documents.length > 0 || issues.length === 0;
  if (isRead && textOf(member(file.documents[0], 'name')) === undefined) {
    issues.push({
      rule: 'layout/invalid-project',
      path: file.path,
      range: file.range([]),
      message: 'dbt_project.yml names no project',
    });
  }
  return issues;
}
