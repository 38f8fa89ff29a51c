import { z } from 'zod';

const User = z.object({ login: z.string() });
const Branch = z.object({ ref: z.string(), sha: z.string(), repo_id: z.number().nullish() });
const Label = z.object({ id: z.number(), name: z.string() });

/** What is read of a pull request; lists and single answers have these alike. */
export const PullRequest = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  is_locked: z.boolean().optional(),
  labels: z.array(Label).nullish(),
  requested_reviewers: z.array(User).nullish(),
  requested_reviewers_teams: z.array(z.object({ name: z.string() })).nullish(),
  assignees: z.array(User).nullish(),
  head: Branch,
  base: Branch,
  user: User,
  merged: z.boolean().optional(),
  merge_commit_sha: z.string().nullish(),
  merged_by: User.nullish(),
  mergeable: z.boolean().optional(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** What is read of a review; one that was asked for is `REQUEST_REVIEW`. */
export const Review = z.object({
  state: z.string(),
  user: User.nullish(),
  team: z.object({ name: z.string() }).nullish(),
});

/** A label of the repository, by its number. */
export const RepositoryLabel = Label;

/** What is read of a comment. */
export const IssueComment = z.object({
  id: z.number(),
  user: User,
  created_at: z.string(),
  body: z.string(),
});

/** What is read of an issue. */
export const ForgejoIssue = z.object({
  number: z.int(),
  html_url: z.string(),
  state: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(Label).nullish(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** What is read of the statuses of a commit; the empty one has no list. */
export const CombinedStatus = z.object({
  statuses: z
    .array(z.object({ context: z.string(), status: z.string(), target_url: z.string().nullish() }))
    .nullish(),
});

/** What is read of a release. */
export const ForgejoRelease = z.object({
  tag_name: z.string(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  published_at: z.string().nullish(),
  html_url: z.string().optional(),
});

/** What is read of a repository. */
export const ForgejoRepository = z.object({
  id: z.number(),
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().optional(),
  fork: z.boolean().optional(),
  empty: z.boolean().optional(),
  topics: z.array(z.string()).nullish(),
  clone_url: z.string().optional(),
  permissions: z
    .object({ admin: z.boolean(), push: z.boolean(), pull: z.boolean() })
    .partial()
    .optional(),
});
