import * as z from 'zod';
import { Catalogue } from './catalogue.js';
import { closestName } from './closest-name.js';
import { forgeOf } from './forge-of.js';
import { LiveCheck } from './live-check.js';
import {
  checkBranchName,
  checkEndpoint,
  checkHost,
  checkLocation,
  checkName,
  checkRepositoryName,
  checkVariableName,
} from './names.js';
import { Rollout } from './rollout.js';
import {
  checkedText,
  FilePath,
  Glob,
  GlobOrExclusion,
  Globs,
  named,
  ShortText,
  TargetLabels,
  Variables,
} from './schema-parts.js';
import { isLiteral } from './target-choice.js';
import { ThresholdSettings } from './thresholds.js';
import { WorkerSettings } from './worker-settings.js';

const Host = checkedText(checkHost, 'wrong-value');
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

const ApiUrl = checkedText(checkEndpoint, 'unsafe-location').transform((url) =>
  url.replace(/\/+$/, ''),
);

/** How hard the forge of one host is asked. */
export type ForgeHost = z.output<typeof ForgeHost>;

const ForgeHost = z.strictObject({
  concurrency: z
    .exactOptional(z.int().min(1, 'must be 1 or more').max(64, 'must be 64 or less'))
    .describe('Calls under way at a time; default 8.'),
  write_interval_ms: z
    .exactOptional(z.int().min(0, 'must be 0 or more').max(60_000, 'must be 60000 or less'))
    .describe('The least time between two calls that write; default 1000 on github.com, else 0.'),
  requests_per_hour: z
    .exactOptional(z.int().min(1, 'must be 1 or more'))
    .describe('Calls that a run may make in an hour; default as many as the forge allows.'),
  open_requests_per_target: z
    .exactOptional(z.int().min(1, 'must be 1 or more'))
    .describe('Change requests that may be open in one target; default any number.'),
});

const selection = {
  topic: z.exactOptional(ShortText).describe('Only repositories with this topic.'),
  include: z
    .exactOptional(Globs)
    .describe('Only repositories whose names match; default all of them.'),
  exclude: z.array(Glob).default([]).describe('Not the repositories whose names match.'),
  archived: z.boolean().default(false).describe('Archived repositories too.'),
  forks: z.boolean().default(false).describe('Forks too.'),
  empty: z.boolean().default(false).describe('Repositories without a commit too.'),
  host: z.exactOptional(Host).describe("The forge's host; default its public one."),
  api_url: z.exactOptional(ApiUrl).describe("The URL of the forge's API; default by the host."),
  method: z
    .exactOptional(z.enum(['merge', 'squash']))
    .describe('How change requests are merged there.'),
};

const Owner = checkedText(checkRepositoryName, 'wrong-value');

/** Where targets are found, instead of being listed. */
export type TargetsFrom = z.output<typeof TargetsFrom>;

const TargetsFrom = z.strictObject({
  github: z
    .exactOptional(
      z.strictObject({
        org: Owner.describe('The organisation, or the user.'),
        team: z.exactOptional(Owner).describe("Only this team's repositories."),
        ...selection,
      }),
    )
    .describe('The repositories of an organisation on GitHub.'),
  gitlab: z
    .exactOptional(
      z.strictObject({
        group: Owner.describe('The group; those below it too.'),
        ...selection,
      }),
    )
    .describe('The projects of a group on GitLab.'),
  forgejo: z
    .exactOptional(
      z.strictObject({
        org: Owner.describe('The organisation, or the user.'),
        ...selection,
      }),
    )
    .describe('The repositories of an organisation on Forgejo.'),
});

const Pause = z.strictObject({
  reason: z.exactOptional(ShortText).describe('Why, for status.'),
  rules: z
    .exactOptional(z.array(ShortText).min(1, 'must hold one rule or more'))
    .describe('Only these rules; default all.'),
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
      .exactOptional(z.enum(['embedded', 'github', 'gitlab', 'forgejo']))
      .describe('Where change requests live; default by the URL.'),
    api_url: z
      .exactOptional(ApiUrl)
      .describe("The URL of the forge's API, where it is not in its usual place."),
    variables: Variables.prefault({}).describe('Values for templates, before those of the rule.'),
    labels: z
      .union([z.array(ShortText), TargetLabels])
      .prefault({})
      .describe('What rules choose targets by; a list are also labels of each change request.'),
    method: z
      .exactOptional(z.enum(['merge', 'squash']))
      .describe('How change requests are merged.'),
    thresholds: z
      .exactOptional(ThresholdSettings)
      .describe('From where on something is worth an alert; before those of the rule.'),
    paused: z
      .exactOptional(Pause)
      .describe('Nothing is delivered; written by holdfast registry pause.'),
    run_hooks: z
      .exactOptional(z.boolean())
      .describe('Whether hooks and filters of a repository on this machine run; default no.'),
  })
  .transform(({ labels, ...target }) => ({
    ...target,
    forge: target.forge ?? forgeOf(target.url),
    labels: Array.isArray(labels) ? asFlags(labels) : labels,
    request_labels: Array.isArray(labels) ? labels : [],
  }));

/** A list of labels as a mapping: each is true. */
function asFlags(labels: readonly string[]): Record<string, string | number | boolean> {
  const flags = Object.fromEntries(labels.map((label) => [label, true]));
  return Object.assign(Object.create(null), flags);
}

const SchemaUse = z.strictObject({
  files: Globs.describe('The files to validate.'),
  schema: FilePath.describe('The JSON Schema, by its path from this file.'),
});

const LocalValidation = z.strictObject({
  schemas: z.array(SchemaUse).default([]).describe('Files and the schemas they follow.'),
  live: z.exactOptional(LiveCheck).describe('The endpoint that validate --live asks.'),
});

/** Where alerts are told beside issues. */
export type AlertSettings = z.output<typeof AlertSettings>;

const AlertSettings = z.strictObject({
  webhook: z
    .exactOptional(
      z.strictObject({
        url: checkedText(checkEndpoint, 'unsafe-location').describe('Where alerts are posted to.'),
        secret_from_env: checkedText(checkVariableName, 'wrong-value').describe(
          'The environment variable with the secret that each message is signed with.',
        ),
        timeout_seconds: z
          .number()
          .min(1, 'must be 1 or more')
          .max(600, 'must be 600 or less')
          .default(30)
          .describe('How long one answer may take.'),
      }),
    )
    .describe('A signed message when alerts begin and end.'),
});

/** What git takes in a name or an address. */
const AuthorText = ShortText.refine((text) => text.trim() !== '' && !/[<>]/.test(text), {
  error: 'must have text, and neither < nor >',
});

const Seconds = z.number().positive().max(86_400);
const Count = z.int().positive();

/** How long a remote is waited for; what is not named has the default of the git library. */
const Timeouts = z.strictObject({
  connect_seconds: z.exactOptional(Seconds).describe('Until a connection stands; default 30.'),
  idle_seconds: z.exactOptional(Seconds).describe('Without a sign of life; default 60.'),
  total_seconds: z.exactOptional(Seconds).describe('For one exchange; default 600.'),
});

/** What one repository may ask of a run; what is not named has the default of the git library. */
const Limits = z.strictObject({
  blob_bytes: z.exactOptional(Count).describe('Of one file; default 104857600.'),
  object_bytes: z.exactOptional(Count).describe('Of one tree, commit or tag; default 33554432.'),
  entries: z.exactOptional(Count).describe('Files of one commit; default 1000000.'),
  depth: z.exactOptional(Count).describe('Folders within folders; default 2048.'),
  refs: z.exactOptional(Count).describe('Refs of one repository; default 100000.'),
  answer_bytes: z.exactOptional(Count).describe('From a remote at once; default 2147483648.'),
  memory_bytes: z.exactOptional(Count).describe('Of one git program; default 2147483648.'),
});

/**
 * The content of `holdfast.yaml`, with defaults applied; keys are those of the file. Every target has
 * its `forge`; its `labels` are a mapping, and `request_labels` what was written as a list. `source.name`, `source.branch`, a target's `branch`, `method` and `run_hooks`, `thresholds`, `paused`, `rollout`, `alerts`, `deciders`, `timeouts`, `limits`, `worker`, and `validation`, its
 * `live` and the `files` of that are absent where the file does not name them. Records have no
 * prototype: a lookup finds only what was written.
 */
export type Configuration = z.output<typeof Configuration>;

/** Reads a configuration. */
export const Configuration = z
  .strictObject({
    version: z.literal(1).default(1).describe('The version of this format.'),
    namespace: checkedText(checkName, 'unsafe-name')
      .default('holdfast')
      .describe('The prefix of state and override folders, branches, labels and titles.'),
    source: Source.prefault({}).describe('The repository that owns the canonical files.'),
    rules: z.array(GlobOrExclusion).default(['rules/*.yaml']).describe('Where the rule files are.'),
    targets: named(checkRepositoryName, Target)
      .prefault({})
      .describe('The repositories that receive files.'),
    targets_from: z
      .exactOptional(TargetsFrom)
      .describe('Repositories that a forge lists, as targets beside those named here.'),
    rollout: z
      .exactOptional(Rollout)
      .describe('Deliver a release to one part of the targets after the other.'),
    thresholds: z
      .exactOptional(ThresholdSettings)
      .describe(
        'From where on something is worth an alert; those of a rule or a target go before.',
      ),
    alerts: z.exactOptional(AlertSettings).describe('Where alerts are told beside issues.'),
    author: z
      .exactOptional(
        z.strictObject({
          name: AuthorText.describe('The name that commits bear.'),
          email: AuthorText.describe('The address that commits bear.'),
        }),
      )
      .describe('Who the commits of a sync are by; default Holdfast.'),
    deciders: z
      .exactOptional(z.array(ShortText))
      .describe('Targets whose decided conflicts are proposed to the others; default none.'),
    forges: named(checkHost, ForgeHost)
      .prefault({})
      .describe('How hard each host is asked, by its name.'),
    timeouts: z.exactOptional(Timeouts).describe('How long a remote is waited for.'),
    limits: z.exactOptional(Limits).describe('What one repository may ask of a run.'),
    catalogues: named(checkName, Catalogue)
      .prefault({})
      .describe('Catalogues that are pulled into this repository, edited and pushed back.'),
    worker: z
      .exactOptional(WorkerSettings)
      .describe('What holdfast-worker does by itself: schedules, jobs, alerts, comments.'),
    validation: z
      .exactOptional(LocalValidation)
      .describe('What holdfast validate does in the work tree of this file, beside its rules.'),
  })
  .superRefine(({ rollout, targets, targets_from: found }, context) => {
    const names = Object.keys(targets);
    for (const [index, { targets: choice }] of (rollout?.waves ?? []).entries()) {
      const written = [...(choice.match ?? []), ...(choice.except ?? [])];
      const stray = found ? undefined : written.find((name) => isLiteral(name) && !targets[name]);
      if (stray === undefined) continue;
      const suggestion = closestName(stray, names);
      context.addIssue({
        code: 'custom',
        path: ['rollout', 'waves', index, 'targets'],
        message: `must name targets of the configuration, got ${JSON.stringify(stray)}; ${suggestion ? `did you mean ${suggestion}?` : 'add it to targets'}`,
        params: { ruleId: 'unknown-target' },
      });
    }
  });
