import * as z from 'zod';
import type { Delivery, EventRepository, ForgeEvent } from './forge-event.js';

/**
 * The parts of webhook bodies that are read: GitHub's (https://docs.github.com/webhooks), which Gitea
 * and Forgejo follow, and GitLab's (https://docs.gitlab.com/user/project/integrations/webhook_events).
 */

const Text = z.string().max(4096);
const Oid = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
const Paths = z.array(Text).max(100_000).default([]);
const Commits = z
  .array(z.object({ added: Paths, modified: Paths, removed: Paths, id: z.optional(Text) }))
  .max(10_000)
  .default([]);

const Repository = z.object({
  full_name: Text,
  html_url: z.optional(Text),
  clone_url: z.optional(Text),
  ssh_url: z.optional(Text),
  default_branch: z.optional(Text),
});

const Push = z.object({
  ref: Text,
  after: Oid,
  deleted: z.optional(z.boolean()),
  commits: Commits,
  /** Gitea and Forgejo: how many commits there are; the list may be shorter. */
  total_commits: z.optional(z.number()),
  repository: Repository,
  head_commit: z.optional(z.nullable(z.object({ timestamp: z.optional(Text) }))),
});

const PullRequest = z.object({
  action: Text,
  number: z.int().positive(),
  pull_request: z.object({
    updated_at: z.optional(z.nullable(Text)),
    head: z.object({ ref: Text, sha: Oid }),
  }),
  repository: Repository,
});

const Release = z.object({
  action: Text,
  release: z.object({ tag_name: Text, published_at: z.optional(z.nullable(Text)) }),
  repository: Repository,
});

const Other = z.object({ repository: z.optional(Repository) });

/** GitHub lists at most this many commits of a push; Gitea and Forgejo say how many there are. */
const GITHUB_COMMITS = 2048;

/** Reads a body of GitHub, Gitea or Forgejo; `name` is that of the event's header. */
export function readHubPayload(
  forge: 'github' | 'forgejo',
  name: string,
  body: unknown,
): Delivery | undefined {
  const hub = (repository: z.output<typeof Repository>, event: ForgeEvent, at?: string | null) =>
    delivery(
      forge,
      event,
      {
        name: repository.full_name,
        urls: urlsOf([repository.html_url, repository.clone_url, repository.ssh_url]),
        ...branchOf(repository.default_branch),
      },
      at,
    );
  if (name === 'push') {
    const push = Push.safeParse(body);
    if (!push.success) return undefined;
    const { ref, after, deleted, commits, total_commits, repository } = push.data;
    const complete =
      total_commits === undefined
        ? forge === 'github' && commits.length < GITHUB_COMMITS
        : total_commits === commits.length;
    return hub(
      repository,
      pushEvent(ref, deleted ? undefined : after, complete ? pathsOf(commits) : undefined),
    );
  }
  if (name === 'pull_request') {
    const request = PullRequest.safeParse(body);
    if (!request.success) return undefined;
    const { action, number, pull_request, repository } = request.data;
    const { ref: head, sha: commit } = pull_request.head;
    return hub(
      repository,
      { kind: 'request', action, number, head, commit },
      pull_request.updated_at,
    );
  }
  if (name === 'release') {
    const release = Release.safeParse(body);
    if (!release.success) return undefined;
    const {
      action,
      release: { tag_name, published_at },
      repository,
    } = release.data;
    const event: ForgeEvent =
      action === 'published'
        ? { kind: 'tag', tag: tag_name, commit: '' }
        : { kind: 'none', reason: `a release was ${action}` };
    return hub(repository, event, published_at);
  }
  const other = Other.safeParse(body);
  const repository = other.success ? other.data.repository : undefined;
  return hub(repository ?? { full_name: '' }, {
    kind: 'none',
    reason: `nothing follows from ${name}`,
  });
}

const Project = z.object({
  path_with_namespace: Text,
  web_url: z.optional(Text),
  git_http_url: z.optional(Text),
  git_ssh_url: z.optional(Text),
  default_branch: z.optional(Text),
});

const GitLabPush = z.object({
  object_kind: z.enum(['push', 'tag_push']),
  ref: Text,
  after: Oid,
  commits: Commits,
  total_commits_count: z.optional(z.number()),
  project: Project,
});

const GitLabMergeRequest = z.object({
  object_kind: z.literal('merge_request'),
  project: Project,
  object_attributes: z.object({
    iid: z.int().positive(),
    action: z.optional(Text),
    state: z.optional(Text),
    source_branch: Text,
    updated_at: z.optional(Text),
    last_commit: z.optional(z.nullable(z.object({ id: Oid }))),
  }),
});

const GitLabOther = z.object({ object_kind: z.optional(Text), project: z.optional(Project) });

/** Reads a body of GitLab. */
export function readGitLabPayload(body: unknown): Delivery | undefined {
  const lab = (project: z.output<typeof Project>, event: ForgeEvent, at?: string) =>
    delivery(
      'gitlab',
      event,
      {
        name: project.path_with_namespace,
        urls: urlsOf([project.web_url, project.git_http_url, project.git_ssh_url]),
        ...branchOf(project.default_branch),
      },
      at,
    );
  const push = GitLabPush.safeParse(body);
  if (push.success) {
    const { ref, after, commits, total_commits_count, project } = push.data;
    const complete = (total_commits_count ?? commits.length) === commits.length;
    const gone = /^0+$/.test(after);
    return lab(
      project,
      pushEvent(ref, gone ? undefined : after, complete ? pathsOf(commits) : undefined),
    );
  }
  const request = GitLabMergeRequest.safeParse(body);
  if (request.success) {
    const { project, object_attributes: at } = request.data;
    return lab(
      project,
      {
        kind: 'request',
        action: at.action ?? at.state ?? 'update',
        number: at.iid,
        head: at.source_branch,
        commit: at.last_commit?.id ?? '',
      },
      at.updated_at,
    );
  }
  const other = GitLabOther.safeParse(body);
  if (!other.success) return undefined;
  const { object_kind = 'this', project } = other.data;
  return lab(project ?? { path_with_namespace: '' }, {
    kind: 'none',
    reason: `nothing follows from ${object_kind}`,
  });
}

function pushEvent(
  ref: string,
  commit: string | undefined,
  paths: readonly string[] | undefined,
): ForgeEvent {
  if (commit === undefined) return { kind: 'none', reason: 'a branch or tag was deleted' };
  if (ref.startsWith('refs/tags/'))
    return { kind: 'tag', tag: ref.slice('refs/tags/'.length), commit };
  if (!ref.startsWith('refs/heads/')) return { kind: 'none', reason: 'neither a branch nor a tag' };
  const branch = ref.slice('refs/heads/'.length);
  return { kind: 'push', branch, commit, ...(paths && paths.length > 0 ? { paths } : {}) };
}

function pathsOf(commits: z.output<typeof Commits>): string[] {
  const paths = new Set<string>();
  for (const { added, modified, removed } of commits) {
    for (const list of [added, modified, removed]) for (const path of list) paths.add(path);
  }
  return [...paths];
}

function branchOf(name: string | undefined): Pick<EventRepository, 'defaultBranch'> {
  return name ? { defaultBranch: name } : {};
}

function urlsOf(urls: readonly (string | undefined)[]): string[] {
  return urls.flatMap((url) => (url ? [url] : []));
}

function delivery(
  forge: Delivery['forge'],
  event: ForgeEvent,
  repository: EventRepository,
  at?: string | null,
): Delivery {
  const time = at
    ? new Date(at.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/, '$1T$2Z'))
    : undefined;
  const known = time !== undefined && !Number.isNaN(time.getTime());
  return { forge, event, repository, ...(known ? { at: time } : {}) };
}
