import * as z from 'zod';
import { checkBranchName, checkName, checkRepositoryName } from './names.js';
import {
  checkedText,
  FilePath,
  FolderPath,
  Glob,
  Globs,
  named,
  ShortText,
  Variables,
} from './schema-parts.js';
import { TargetChoice } from './target-choice.js';
import { ThresholdSettings } from './thresholds.js';
import { TransformStep } from './transform-step.js';

const Filters = z.strictObject({
  include: z.array(Glob).default([]).describe('Of the source files, take these; default all.'),
  exclude: z.array(Glob).default([]).describe('Of the source files, leave these out.'),
});

const SourceFinding = z.enum(['block', 'warn']);

/** What becomes of what the source itself has broken already, by check. */
const SourceFindings = z.strictObject({
  link_check: z
    .exactOptional(SourceFinding)
    .describe('Of a link that is broken in the source already; default warn.'),
  schema_check: z
    .exactOptional(SourceFinding)
    .describe(
      'Of JSON and YAML that the source has broken already; default: a whole file blocks, a fenced block warns.',
    ),
});

const Validation = z.strictObject({
  checksum: z.boolean().default(true).describe('Verify the delivered bytes.'),
  link_check: z.boolean().default(true).describe('Resolve every relative link.'),
  schema_check: z.boolean().default(true).describe('Validate JSON and YAML against their schemas.'),
  secret_scan: z.boolean().default(true).describe('Look for secrets and internal content.'),
  version_tag: z.boolean().default(true).describe('Compare the version tag with the release.'),
  source_findings: SourceFindings.prefault({}),
  deny: z
    .array(ShortText)
    .default([])
    .describe('Regular expressions (RE2 syntax) that must match nowhere in what is delivered.'),
  allow_secrets: z
    .array(ShortText)
    .default([])
    .describe('What the secret scan found that is none: fingerprints, private paths and hosts.'),
  secret_rules: named(checkSecretRule, z.enum(['error', 'warning', 'info', 'off']))
    .prefault({})
    .describe('What findings of the secret scan weigh, by rule id or by secret and private.'),
});

/** A family of rules, or one of its rules: `private`, `secret/json-web-token`. */
function checkSecretRule(id: string): string | undefined {
  return /^(?:secret|private)(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)?$/.test(id)
    ? undefined
    : 'must be secret, private, or one of their rules, like private/home-directory';
}

/** How links between documents are written: by the files of the repository, or by the pages of a generated site. */
const LinkStyle = z.enum(['files', 'mkdocs', 'docusaurus', 'vitepress', 'hugo', 'jekyll']);

const Merge = z.strictObject({
  by: z
    .enum(['auto', 'line'])
    .default('auto')
    .describe('Merge JSON and YAML by key and all else by line, or everything by line.'),
  style: z
    .enum(['merge', 'diff3', 'zdiff3'])
    .default('merge')
    .describe('What conflict markers show: both sides, or the common ancestor as well.'),
  identity_keys: z
    .array(ShortText)
    .default(['id', 'name', 'key'])
    .describe('Members that tell the items of a sequence apart, the first that all items have.'),
  document_keys: z
    .array(ShortText)
    .default(['apiVersion', 'kind', 'metadata.namespace', 'metadata.name'])
    .describe('Places that together tell the documents of a YAML file apart.'),
  encoding: z
    .enum(['bytes', 'utf-8'])
    .default('bytes')
    .describe('What is merged by line: files of any encoding, or valid UTF-8 only.'),
});

const SchemaUse = z.strictObject({
  files: Globs.describe('The delivered files to validate.'),
  schema: FilePath.describe('The JSON Schema, as a file of the source repository.'),
});

/**
 * What goes from the source to one target, and how: the `sync_rule` of a rule file, with defaults
 * applied. Keys are those of the file.
 *
 * - `source` and all patterns are relative to the source repository's root.
 * - `target_path` is `''` or ends in `/`.
 * - `filters.include` is empty where everything that `source` matches is meant.
 * - One of `target_repo` and `targets` is there.
 * - `override_root`, `direction`, `group`, `thresholds` and `target_branch` are absent where the rule does not name them.
 */
export type SyncRule = z.output<typeof SyncRule>;

/** These checks are made also where something else is wrong with a rule. */
const HERE = { when: () => true } as const;

/** Reads a rule. */
export const SyncRule = z
  .strictObject({
    id: checkedText(checkName, 'unsafe-name').describe(
      'The name of the rule, unique among all rules.',
    ),
    source: Glob.describe('A glob pattern for the source files, like core/**/*.md.'),
    target_repo: z
      .exactOptional(checkedText(checkRepositoryName, 'wrong-value'))
      .describe('A target of holdfast.yaml, like org/webapp.'),
    targets: z
      .exactOptional(TargetChoice)
      .describe(
        'Several targets of holdfast.yaml, in place of target_repo: names, patterns, labels.',
      ),
    target_path: FolderPath.describe(
      'The folder that files are delivered to; {target}, {org}, {repo} and variables of the target may stand in it.',
    ),
    group: z
      .exactOptional(checkedText(checkName, 'unsafe-name'))
      .describe('Rules of one group and target share a branch and a change request.'),

    strategy: z
      .enum(['copy', 'template', 'reference'])
      .describe('Deliver the file, the file with variables filled in, or a stub that links to it.'),
    frequency: z
      .enum(['on_release', 'on_change', 'manual'])
      .describe('Run at each release, at each change of the source branch, or only when named.'),
    filters: Filters.prefault({}),
    transforms: z
      .array(TransformStep)
      .default([])
      .describe('Steps that change content or path, in order.'),
    validation: Validation.prefault({}),
    variables: Variables.prefault({}).describe('Values for templates.'),
    override_root: z
      .exactOptional(FolderPath)
      .describe('The part of a delivered path that its override leaves out.'),
    links: LinkStyle.default('files').describe(
      'How the documents write links: by files, or as a site generator resolves them.',
    ),
    protect: z.array(Glob).default([]).describe('Delivered paths that are never touched.'),
    on_drift: z
      .enum(['merge', 'block', 'overwrite'])
      .default('merge')
      .describe('What becomes of a delivered file that the downstream changed.'),
    merge: Merge.prefault({}).describe('How changes of both sides are merged.'),
    on_existing: z
      .enum(['adopt', 'block', 'overwrite'])
      .default('adopt')
      .describe('What becomes of a file that was there before the first sync.'),
    recreate: z
      .enum(['next_release', 'always', 'never'])
      .default('next_release')
      .describe('When a delivered file that the downstream deleted comes back.'),
    auto_merge: z
      .boolean()
      .default(false)
      .describe('Merge the change request when all checks pass.'),
    direction: z
      .exactOptional(z.enum(['one_way', 'both']))
      .describe(
        'Whether holdfast push brings edits of a target back to the source; default one_way.',
      ),
    labels: z.array(ShortText).default([]).describe('More labels for the change request.'),
    reviewers: z.array(ShortText).default([]).describe('Reviewers of the change request.'),
    schemas: z
      .array(SchemaUse)
      .default([])
      .describe('Delivered files and the schemas they follow.'),
    thresholds: z
      .exactOptional(ThresholdSettings)
      .describe('From where on something is worth an alert; before those of the configuration.'),
    target_branch: z
      .exactOptional(checkedText(checkBranchName, 'unsafe-name'))
      .describe('The branch to deliver to; default that of the target.'),
  })
  .refine((rule) => !isObject(rule) || 'target_repo' in rule || 'targets' in rule, {
    ...HERE,
    path: ['target_repo'],
    message: 'is required: a target of the configuration, or targets for several',
    params: { ruleId: 'missing-key' },
  })
  .refine((rule) => !isObject(rule) || !('target_repo' in rule && 'targets' in rule), {
    ...HERE,
    path: ['targets'],
    message: 'must not stand beside target_repo: name that target in targets, too',
    params: { ruleId: 'wrong-value' },
  });

/** Reads one document of a rule file. */
export const RuleDocument = z.strictObject({ sync_rule: SyncRule });

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
