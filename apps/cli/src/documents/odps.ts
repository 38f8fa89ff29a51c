import { z } from 'zod';
import { findingDocument } from './error.js';

const artifactName = z.enum([
  'odps',
  'output_contracts',
  'input_contracts',
  'openlineage',
  'layout',
  'workflow',
  'git_connections',
]);

const status = z.enum([
  'present',
  'missing',
  'incomplete',
  'invalid',
  'legacy',
  'drifted',
  'orphan',
  'deferred',
  'wrong-standard',
]);

const finding = findingDocument.extend({ hint: z.string().describe('what to do about it') });

const file = z.object({ path: z.string(), status, findings: z.array(finding) });

const artifact = z.object({
  artifact: artifactName,
  status,
  files: z.array(file),
  findings: z.array(finding).describe('what belongs to none of the files'),
  note: z.string().describe('why the status is what it is, in a few words'),
});

const project = z.object({
  project: z.string().describe('the name of the dbt project'),
  folder: z.string(),
  artifacts: z.array(artifact).describe('seven, in the order of the specification'),
});

/** What `holdfast odps audit --json` prints: the first project, and all where there are several. */
export const odpsAuditDocument = project
  .partial()
  .extend({ projects: z.array(project).optional() });

/** What `holdfast odps check --json` prints. */
export const odpsCheckDocument = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      artifact: artifactName.nullable().describe('null: neither name nor content says'),
      status,
      findings: z.array(finding),
    }),
  ),
});

const subject = z.object({
  resource: z.enum(['dataproducts', 'datacontracts']),
  id: z.string(),
  file: z.string(),
});

/** What `holdfast odps fix --json` prints. */
export const odpsFixDocument = z.object({
  project: z.string(),
  values: z.record(
    z.string(),
    z.object({ value: z.string(), source: z.enum(['answer', 'project', 'default']) }),
  ),
  changes: z.array(
    z.object({
      kind: z.enum(['create', 'patch', 'move']),
      artifact: artifactName,
      path: z.string(),
      from: z.string().optional(),
      content: z.string().optional(),
    }),
  ),
  connections: z.array(
    subject.extend({
      kind: z.enum(['create', 'update']),
      request: z.record(z.string(), z.string()),
      drift: z.array(z.object({ field: z.string(), actual: z.string(), wanted: z.string() })),
    }),
  ),
  deferred: z.array(
    subject.extend({ reason: z.string(), request: z.record(z.string(), z.string()) }),
  ),
  refused: z.array(z.object({ path: z.string(), reason: z.string() })),
  applied: z.boolean(),
  rows: z
    .array(
      z.object({
        artifact: artifactName,
        status: z.enum(['created', 'updated', 'already present', 'deferred', 'skipped']),
        details: z.string(),
      }),
    )
    .optional(),
  nextSteps: z.array(z.string()).optional(),
  failed: z
    .array(z.object({ path: z.string(), reason: z.string(), hint: z.string().optional() }))
    .optional(),
});
