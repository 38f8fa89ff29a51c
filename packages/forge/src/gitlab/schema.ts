import { z } from 'zod';

const User = z.object({ username: z.string() });

/** What is read of a merge request; lists and single answers have these alike. */
export const MergeRequest = z.object({
  iid: z.int(),
  web_url: z.string(),
  state: z.enum(['opened', 'closed', 'merged', 'locked']),
  title: z.string(),
  description: z.string().nullish(),
  labels: z.array(z.string()),
  reviewers: z.array(User).nullish(),
  assignees: z.array(User).nullish(),
  author: User,
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: z.number().nullish(),
  target_project_id: z.number(),
  sha: z.string().nullish(),
  draft: z.boolean().optional(),
  discussion_locked: z.boolean().nullish(),
  merge_when_pipeline_succeeds: z.boolean().optional(),
  merge_commit_sha: z.string().nullish(),
  squash_commit_sha: z.string().nullish(),
  merge_user: User.nullish(),
  closed_by: User.nullish(),
  has_conflicts: z.boolean().optional(),
  detailed_merge_status: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type MergeRequest = z.infer<typeof MergeRequest>;

/** What is read of a note; those that GitLab itself writes are `system`. */
export const GitlabNote = z.object({
  id: z.number(),
  body: z.string(),
  author: User,
  created_at: z.string(),
  system: z.boolean(),
});

/** What is read of an issue. */
export const GitlabIssue = z.object({
  iid: z.int(),
  web_url: z.string(),
  state: z.string(),
  title: z.string(),
  description: z.string().nullish(),
  labels: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
});

/** What is read of a person. */
export const GitlabUser = z.object({ id: z.number(), username: z.string() });

/** What is read of a commit's status. */
export const GitlabStatus = z.object({
  name: z.string(),
  status: z.string(),
  target_url: z.string().nullish(),
  allow_failure: z.boolean().optional(),
});

/** What is read of a release. */
export const GitlabRelease = z.object({
  tag_name: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  released_at: z.string().nullish(),
  upcoming_release: z.boolean().optional(),
});

/** What is read of a project. */
export const GitlabProject = z.object({
  id: z.number(),
  path_with_namespace: z.string(),
  default_branch: z.string().nullish(),
  archived: z.boolean().optional(),
  empty_repo: z.boolean().optional(),
  forked_from_project: z.object({ id: z.number() }).nullish(),
  topics: z.array(z.string()).optional(),
  http_url_to_repo: z.string().optional(),
  permissions: z
    .object({
      project_access: z.object({ access_level: z.number() }).nullish(),
      group_access: z.object({ access_level: z.number() }).nullish(),
    })
    .nullish(),
});
