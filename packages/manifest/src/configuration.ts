import * as z from 'zod';
import { forgeOf } from './forge-of.js';
import { checkBranchName, checkLocation, checkName, checkRepositoryName } from './names.js';
import { checkedText, Glob, GlobOrExclusion, named, ShortText, Variables } from './schema-parts.js';

const Branch = checkedText(checkBranchName, 'unsafe-name');
const Location = checkedText(checkLocation, 'unsafe-location');

const Source = z.strictObject({
  name: z
    .exactOptional(checkedText(checkRepositoryName, 'wrong-value'))
    .describe('What manifests and change requests call the source; default owner/name of its URL.'),
  repo: Location.default('.').describe('The path or URL of the source repository.'),
  release_tags: Glob.default('v*').describe('The pattern of the tags that are releases.'),
  branch: z.exactOptional(Branch).describe('The branch that on_change rules follow.'),
  internal: z
    .array(Glob)
    .default([])
    .describe('Files that are never delivered and never linked to.'),
});

/** One target of the configuration. */
export type Target = z.output<typeof Target>;

const Target = z
  .strictObject({
    url: Location.describe('The path or URL of the target repository.'),
    branch: z
      .exactOptional(Branch)
      .describe('The branch to deliver to; default the default branch.'),
    forge: z
      .exactOptional(z.enum(['embedded', 'github', 'gitlab']))
      .describe('Where change requests live; default by the URL.'),
    variables: Variables.prefault({}).describe('Values for templates, before those of the rule.'),
    labels: z.array(ShortText).default([]).describe('More labels for each change request.'),
    method: z
      .exactOptional(z.enum(['merge', 'squash']))
      .describe('How change requests are merged.'),
  })
  .transform((target) => ({ ...target, forge: target.forge ?? forgeOf(target.url) }));

/**
 * The content of `holdfast.yaml`, with defaults applied; keys are those of the file. Every target has
 * its `forge`. `source.name`, `source.branch` and a target's `branch` and `method` are absent where
 * the file does not name them. Records have no prototype: a lookup finds only what was written.
 */
export type Configuration = z.output<typeof Configuration>;

/** Reads a configuration. */
export const Configuration = z.strictObject({
  version: z.literal(1).default(1).describe('The version of this format.'),
  namespace: checkedText(checkName, 'unsafe-name')
    .default('holdfast')
    .describe('The prefix of state and override folders, branches, labels and titles.'),
  source: Source.prefault({}).describe('The repository that owns the canonical files.'),
  rules: z.array(GlobOrExclusion).default(['rules/*.yaml']).describe('Where the rule files are.'),
  targets: named(checkRepositoryName, Target)
    .prefault({})
    .describe('The repositories that receive files.'),
});
