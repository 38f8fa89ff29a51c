import { z } from 'zod';

const User = z.object({ login: z.string() });
const Label = z.union([z.string(), z.object({ name: z.string().nullish() })]);
const Branch = z.object({
  ref: z.string(),
  sha: z.string(),
  repo: z.object({ id: z.number() }).nullish(),
});

/** What is read of a pull request; lists and single answers have these alike. */
export const PullRequest = z.object({
  number: z.int(),
  node_id: z.string(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  locked: z.boolean().optional(),
  labels: z.array(Label),
  requested_reviewers: z.array(User).nullish(),
  requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
  assignees: z.array(User).nullish(),
  head: Branch,
  base: Branch,
  auto_merge: z.object({}).nullish(),
  user: User.nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  merged_by: User.nullish(),
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().optional(),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** What is read of a comment on an issue or a pull request. */
export const IssueComment = z.object({
  id: z.number(),
  user: User.nullable(),
  created_at: z.string(),
  body: z.string().nullish(),
});

/** What is read of an issue; a pull request among them has `pull_request`. */
export const GithubIssue = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(Label),
  created_at: z.string(),
  updated_at: z.string(),
  pull_request: z.object({}).optional(),
});

/** The answer to a merge. */
export const Merged = z.object({ sha: z.string(), merged: z.boolean() });

/** What is read of the check runs of a commit. */
export const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullish(),
    }),
  ),
});

/** What is read of the statuses of a commit. */
export const CombinedStatus = z.object({
  statuses: z.array(
    z.object({ context: z.string(), state: z.string(), target_url: z.string().nullish() }),
  ),
});

/** What is read of a release. */
export const GithubRelease = z.object({
  tag_name: z.string(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  published_at: z.string().nullish(),
  html_url: z.string(),
});

/** What is read of a repository. */
export const GithubRepository = z.object({
  id: z.number(),
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().optional(),
  disabled: z.boolean().optional(),
  fork: z.boolean().optional(),
  size: z.number().optional(),
  topics: z.array(z.string()).optional(),
  clone_url: z.string().optional(),
  allow_auto_merge: z.boolean().optional(),
  permissions: z
    .object({ admin: z.boolean(), push: z.boolean(), pull: z.boolean() })
    .partial()
    .optional(),
});
export type GithubRepository = z.infer<typeof GithubRepository>;

/** The answer of GraphQL: an error comes with status 200. */
export const GraphqlAnswer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string(), type: z.string().optional() })).optional(),
});
