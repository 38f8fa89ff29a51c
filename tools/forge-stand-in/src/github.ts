import { schema as published } from '@octokit/graphql-schema';
import { buildSchema, parse, validate, type GraphQLSchema } from 'graphql';
import { findItem, paginate, text, words } from './handler.js';
import type { ApiAnswer, ApiRequest, Dialect, Handler } from './handler.js';
import type { StoredComment, StoredItem, StoredRepository } from './world.js';
import { mergeItem, mergeWaiting, nextNumber, settleRequests, standsAgainst } from './world.js';

const hour = 60 * 60 * 1000;

function refuse(status: number, message: string): ApiAnswer {
  const documentation = {
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  };
  return { status, body: { message, ...documentation } };
}

function invalid(message: string): ApiAnswer {
  const body = { message: 'Validation Failed', errors: [{ message, code: 'custom' }] };
  return { status: 422, body: { ...body, documentation_url: 'https://docs.github.com/rest' } };
}

function withRepository(
  handle: (repository: StoredRepository, request: ApiRequest) => ApiAnswer,
): Handler {
  return (request) => {
    const { owner, repo } = request.parameters;
    const name = `${owner}/${repo}`;
    const moved = request.world.renamed.get(name);
    if (moved !== undefined) {
      const location = request.url.href.replace(`/${name}`, `/${moved}`);
      return {
        status: 301,
        headers: { location },
        body: { message: 'Moved Permanently', url: location },
      };
    }
    const repository = request.world.repositories.get(name);
    if (!repository) return refuse(404, 'Not Found');
    settleRequests(repository, request.world.now);
    return handle(repository, request);
  };
}

/** A repository takes changes unless it is archived. */
function withChanges(
  handle: (repository: StoredRepository, request: ApiRequest) => ApiAnswer,
): Handler {
  return withRepository((repository, request) =>
    repository.archived
      ? refuse(403, 'Repository was archived so is read-only.')
      : handle(repository, request),
  );
}

function withPull(
  handle: (item: StoredItem, repository: StoredRepository, request: ApiRequest) => ApiAnswer,
): Handler {
  return withRepository((repository, request) => {
    const item = findItem(repository, request.parameters['pull_number'], 'request');
    return item ? handle(item, repository, request) : refuse(404, 'Not Found');
  });
}

const user = (login: string) => ({ login, type: 'User' });
const label = (name: string) => ({ name, color: 'ededed' });

function repositoryOf(repository: StoredRepository, { origin, user: login }: ApiRequest) {
  const [owner, name] = repository.name.split('/') as [string, string];
  return {
    id: repository.id,
    name,
    full_name: repository.name,
    owner: user(owner),
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    fork: repository.fork,
    size: repository.empty ? 0 : 100,
    topics: repository.topics,
    clone_url: `${origin}/${repository.name}.git`,
    allow_auto_merge: repository.allowAutoMerge,
    visibility: 'private',
    permissions: { admin: login === owner, push: true, pull: true },
  };
}

/**
 * A pull request. GitHub works out whether it can be merged in its own time: lists and the answer to a
 * create do not say.
 */
function pullOf(
  item: StoredItem,
  repository: StoredRepository,
  request: ApiRequest,
  { judged = true }: { judged?: boolean } = {},
) {
  const owner = repository.name.split('/')[0]!;
  const branch = (ref: string, sha: string) => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    repo: repositoryOf(repository, request),
    user: user(owner),
  });
  const isJudged = judged && item.state === 'open';
  const against = isJudged ? standsAgainst(repository, item) : undefined;
  const states: Record<string, string> = { conflict: 'dirty', draft: 'draft' };
  return {
    id: item.number,
    node_id: `PR_${repository.id}_${item.number}`,
    number: item.number,
    html_url: `${request.origin}/${repository.name}/pull/${item.number}`,
    state: item.state === 'open' ? 'open' : 'closed',
    title: item.title,
    body: item.body,
    draft: item.draft,
    locked: item.locked,
    labels: item.labels.map(label),
    requested_reviewers: item.reviewers.filter((name) => !name.includes('/')).map(user),
    requested_teams: item.reviewers
      .filter((name) => name.includes('/'))
      .map((name) => ({ slug: name.split('/')[1], name: name.split('/')[1] })),
    assignees: item.assignees.map(user),
    head: branch(item.head, item.headCommit),
    base: branch(item.base, repository.git.tip(item.base) ?? '0'.repeat(40)),
    auto_merge: item.autoMerge
      ? {
          enabled_by: user(item.author),
          merge_method: item.autoMerge.method,
          commit_title: '',
          commit_message: '',
        }
      : null,
    user: user(item.author),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    merged_at: item.state === 'merged' ? item.updatedAt : null,
    closed_at: item.state === 'open' ? null : item.updatedAt,
    merge_commit_sha: item.mergedCommit ?? null,
    merged: item.state === 'merged',
    merged_by: item.mergedBy === undefined ? null : user(item.mergedBy),
    mergeable: isJudged ? against !== 'conflict' : null,
    mergeable_state: !isJudged
      ? 'unknown'
      : against === undefined
        ? 'clean'
        : (states[against] ?? 'blocked'),
    author_association: 'CONTRIBUTOR',
  };
}

function issueOf(item: StoredItem, repository: StoredRepository, { origin }: ApiRequest) {
  return {
    id: item.number,
    number: item.number,
    html_url: `${origin}/${repository.name}/issues/${item.number}`,
    state: item.state === 'open' ? 'open' : 'closed',
    title: item.title,
    body: item.body,
    labels: item.labels.map(label),
    assignees: item.assignees.map(user),
    user: user(item.author),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    closed_at: item.state === 'open' ? null : item.updatedAt,
    locked: item.locked,
    comments: item.comments.length,
    author_association: 'CONTRIBUTOR',
    ...(item.kind === 'request'
      ? { pull_request: { diff_url: origin, html_url: origin, patch_url: origin, url: origin } }
      : {}),
  };
}

const commentOf = ({ id, author, createdAt, body }: StoredComment) => ({
  id,
  body,
  user: user(author),
  created_at: createdAt,
  updated_at: createdAt,
  author_association: 'CONTRIBUTOR',
});

function openItem(
  repository: StoredRepository,
  { world, user: author, body }: ApiRequest,
  fields: Partial<StoredItem>,
) {
  const now = world.now();
  const item: StoredItem = {
    number: nextNumber(repository),
    kind: 'issue',
    author,
    createdAt: now,
    updatedAt: now,
    state: 'open',
    title: text(body['title']),
    body: text(body['body']),
    labels: words(body['labels']),
    reviewers: [],
    assignees: words(body['assignees']),
    draft: body['draft'] === true,
    locked: false,
    head: '',
    base: '',
    headCommit: '',
    comments: [],
    ...fields,
  };
  repository.items.push(item);
  return item;
}

const createPull = withChanges((repository, request) => {
  const { body } = request;
  const head = text(body['head']).replace(/^[^:]*:/, '');
  const base = text(body['base']);
  const tip = repository.git.tip(head);
  const onto = repository.git.tip(base);
  if (tip === undefined) return invalid('head is invalid');
  if (onto === undefined) return invalid('base is invalid');
  if (text(body['body']).length > 65_536)
    return invalid('body is too long (maximum is 65536 characters)');
  const other = repository.items.find(
    (item) =>
      item.kind === 'request' && item.state === 'open' && item.head === head && item.base === base,
  );
  if (other)
    return invalid(`A pull request already exists for ${repository.name.split('/')[0]}:${head}.`);
  if (repository.git.isAncestor(tip, onto))
    return invalid(`No commits between ${base} and ${head}`);
  const item = openItem(repository, request, {
    kind: 'request',
    head,
    base,
    headCommit: tip,
    labels: [],
    assignees: [],
  });
  return { status: 201, body: pullOf(item, repository, request, { judged: false }) };
});

const editPull = withPull((item, repository, request) => {
  if (repository.archived) return refuse(403, 'Repository was archived so is read-only.');
  const { body, world } = request;
  if (
    body['state'] === 'open' &&
    item.state === 'closed' &&
    repository.git.tip(item.head) === undefined
  ) {
    return invalid(`state cannot be changed. The ${item.head} branch has been deleted.`);
  }
  if (typeof body['title'] === 'string') item.title = body['title'];
  if (typeof body['body'] === 'string') item.body = body['body'];
  if (item.state !== 'merged' && (body['state'] === 'open' || body['state'] === 'closed')) {
    item.state = body['state'];
  }
  item.updatedAt = world.now();
  return { status: 200, body: pullOf(item, repository, request) };
});

const merge = withPull((item, repository, { body, user: by, world }) => {
  if (item.state !== 'open') return refuse(405, 'Pull Request is not mergeable');
  if (text(body['sha']) !== item.headCommit)
    return refuse(409, 'Head branch was modified. Review and try the merge again.');
  const against = standsAgainst(repository, item);
  if (against !== undefined) {
    const said: Record<string, string> = {
      conflict: 'Pull Request is not mergeable',
      checks: 'Required status check "ci" is expected.',
      review: 'At least 1 approving review is required by reviewers with write access.',
      draft: 'Pull Request is still a draft',
    };
    return refuse(405, said[against]!);
  }
  if (repository.mergeQueue) return refuse(405, 'Changes must be made through the merge queue');
  mergeItem(repository, item, { squash: body['merge_method'] === 'squash', by, now: world.now });
  return {
    status: 200,
    body: { sha: item.mergedCommit, merged: true, message: 'Pull Request successfully merged' },
  };
});

const askReviewers = withPull((item, repository, request) => {
  const owner = repository.name.split('/')[0]!;
  const wanted = [
    ...words(request.body['reviewers']),
    ...words(request.body['team_reviewers']).map((team) => `${owner}/${team}`),
  ];
  if (wanted.includes(item.author))
    return invalid('Review cannot be requested from pull request author.');
  if (!wanted.every((name) => repository.collaborators.includes(name))) {
    return invalid(
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
    );
  }
  item.reviewers = [...new Set([...item.reviewers, ...wanted])];
  return { status: 201, body: pullOf(item, repository, request) };
});

const editIssue = withChanges((repository, request) => {
  const item = findItem(repository, request.parameters['issue_number']);
  if (!item) return refuse(404, 'Not Found');
  const { body, world } = request;
  if (typeof body['title'] === 'string') item.title = body['title'];
  if (typeof body['body'] === 'string') item.body = body['body'];
  if (body['labels'] !== undefined) item.labels = words(body['labels']);
  if (body['assignees'] !== undefined) item.assignees = words(body['assignees']);
  if (body['state'] === 'closed') item.state = 'closed';
  item.updatedAt = world.now();
  return { status: 200, body: issueOf(item, repository, request) };
});

const createComment = withChanges((repository, request) => {
  const item = findItem(repository, request.parameters['issue_number']);
  if (!item) return refuse(404, 'Not Found');
  if (item.locked) return refuse(403, 'Unable to create comment because issue is locked.');
  const { world, user: author, body } = request;
  const comment = { id: world.nextId(), author, createdAt: world.now(), body: text(body['body']) };
  item.comments.push(comment);
  return { status: 201, body: commentOf(comment) };
});

const editComment = withRepository((repository, { parameters, body, user: by }) => {
  const comments = repository.items.flatMap((item) => item.comments);
  const comment = comments.find(({ id }) => String(id) === parameters['comment_id']);
  if (!comment) return refuse(404, 'Not Found');
  if (comment.author !== by) return refuse(403, 'You cannot edit this comment.');
  comment.body = text(body['body']);
  return { status: 200, body: commentOf(comment) };
});

const checkRuns = withRepository((repository, { parameters, origin }) => {
  const checks = repository.checks.get(parameters['ref']!) ?? [];
  return {
    status: 200,
    body: {
      total_count: checks.length,
      check_runs: checks.map(({ name, status }, id) => ({
        id,
        name,
        head_sha: parameters['ref'],
        html_url: `${origin}/checks/${id}`,
        status: status === 'pending' ? 'in_progress' : 'completed',
        conclusion: status === 'passed' ? 'success' : status === 'failed' ? 'failure' : null,
      })),
    },
  };
});

function inWorld(request: ApiRequest, owner: string | undefined) {
  return [...request.world.repositories.values()]
    .filter(({ name }) => name.startsWith(`${owner}/`))
    .map((repository) => repositoryOf(repository, request));
}

let schema: GraphQLSchema | undefined;

/** GitHub's GraphQL: a query is held to the published schema, and three mutations are played. */
const graphql: Handler = (request) => {
  schema ??= buildSchema(published.idl, { assumeValidSDL: true });
  const query = text(request.body['query']);
  const errors = validate(schema, parse(query));
  if (errors.length > 0) {
    return {
      status: 200,
      body: { errors: errors.map(({ message }) => ({ message, type: 'VIOLATION' })) },
    };
  }
  const variables = (request.body['variables'] ?? {}) as Record<string, string>;
  const said = carryOut(query, variables, request);
  return {
    status: 200,
    body: said === undefined ? { data: {} } : { data: null, errors: [{ message: said }] },
  };
};

function carryOut(
  query: string,
  variables: Record<string, string>,
  { world }: ApiRequest,
): string | undefined {
  const [, repositoryId, number] = (variables['id'] ?? '').split('_');
  const repository = [...world.repositories.values()].find(({ id }) => String(id) === repositoryId);
  const item = repository && findItem(repository, number, 'request');
  if (!repository || !item) return 'Could not resolve to a node with the global id';
  settleRequests(repository, world.now);
  if (query.includes('convertPullRequestToDraft')) item.draft = true;
  else if (query.includes('markPullRequestReadyForReview')) item.draft = false;
  else if (query.includes('disablePullRequestAutoMerge')) delete item.autoMerge;
  else if (query.includes('enqueuePullRequest')) {
    if (!repository.mergeQueue) return 'The base branch has no merge queue';
    if (variables['head'] !== item.headCommit) return 'Head sha does not match the expected head';
    if (item.autoMerge) return 'Pull request is already in the queue';
    item.autoMerge = { method: 'merge', head: item.headCommit };
  } else {
    if (!repository.allowAutoMerge) return 'Auto merge is not allowed for this repository';
    if (variables['head'] !== item.headCommit) return 'Head sha does not match the expected head';
    const against = standsAgainst(repository, item);
    if (against === undefined) return 'Pull request Pull request is in clean status';
    if (against === 'draft') return 'Pull request is a draft';
    item.autoMerge = {
      method: variables['method'] === 'SQUASH' ? 'squash' : 'merge',
      head: item.headCommit,
    };
  }
  return undefined;
}

/** GitHub's REST API, as far as its description was cut, and its GraphQL. */
export const github: Dialect = {
  prefix: '/api/v3',
  refuse,
  tokenOf: ({ authorization }) => /^(?:bearer|token) (.+)$/i.exec(String(authorization))?.[1],
  others: { '/api/graphql': graphql },
  handlers: {
    'get /repos/{owner}/{repo}': withRepository((repository, request) => ({
      status: 200,
      body: repositoryOf(repository, request),
    })),
    'get /repos/{owner}/{repo}/pulls': withRepository((repository, request) => {
      mergeWaiting(repository, request.world.now);
      const { query } = request;
      const state = query.get('state') ?? 'open';
      const head = query.get('head')?.replace(/^[^:]*:/, '');
      const pulls = repository.items.filter(
        (item) =>
          item.kind === 'request' &&
          (state === 'all' || (item.state === 'open') === (state === 'open')) &&
          (head === undefined || item.head === head) &&
          (query.get('base') === null || item.base === query.get('base')),
      );
      const page = paginate(request, pulls.toReversed(), 'per_page');
      return {
        ...page,
        body: (page.body as StoredItem[]).map((item) =>
          pullOf(item, repository, request, { judged: false }),
        ),
      };
    }),
    'post /repos/{owner}/{repo}/pulls': createPull,
    'get /repos/{owner}/{repo}/pulls/{pull_number}': withPull((item, repository, request) => {
      mergeWaiting(repository, request.world.now);
      return { status: 200, body: pullOf(item, repository, request) };
    }),
    'patch /repos/{owner}/{repo}/pulls/{pull_number}': editPull,
    'put /repos/{owner}/{repo}/pulls/{pull_number}/merge': merge,
    'post /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': askReviewers,
    'get /repos/{owner}/{repo}/issues/{issue_number}/comments': withRepository(
      (repository, request) => {
        const item = findItem(repository, request.parameters['issue_number']);
        return item
          ? paginate(request, item.comments.map(commentOf), 'per_page')
          : refuse(404, 'Not Found');
      },
    ),
    'post /repos/{owner}/{repo}/issues/{issue_number}/comments': createComment,
    'patch /repos/{owner}/{repo}/issues/comments/{comment_id}': editComment,
    'get /repos/{owner}/{repo}/issues': withRepository((repository, request) => {
      const wanted = request.query.get('labels')?.split(',') ?? [];
      const state = request.query.get('state') ?? 'open';
      const issues = repository.items.filter(
        (item) =>
          (state === 'all' || (item.state === 'open') === (state === 'open')) &&
          wanted.every((name) => item.labels.includes(name)),
      );
      return paginate(
        request,
        issues.map((item) => issueOf(item, repository, request)),
        'per_page',
      );
    }),
    'post /repos/{owner}/{repo}/issues': withChanges((repository, request) => ({
      status: 201,
      body: issueOf(openItem(repository, request, {}), repository, request),
    })),
    'patch /repos/{owner}/{repo}/issues/{issue_number}': editIssue,
    'post /repos/{owner}/{repo}/issues/{issue_number}/labels': withChanges(
      (repository, request) => {
        const item = findItem(repository, request.parameters['issue_number']);
        if (!item) return refuse(404, 'Not Found');
        item.labels = [...new Set([...item.labels, ...words(request.body['labels'])])];
        return { status: 200, body: item.labels.map(label) };
      },
    ),
    'get /repos/{owner}/{repo}/branches/{branch}': withRepository(
      (repository, { parameters, origin }) => {
        const tip = repository.git.tip(parameters['branch']!);
        if (tip === undefined) return refuse(404, 'Branch not found');
        return {
          status: 200,
          body: { name: parameters['branch'], commit: { sha: tip, url: origin } },
        };
      },
    ),
    'delete /repos/{owner}/{repo}/git/refs/{ref}': withRepository((repository, { parameters }) => {
      const branch = parameters['ref']!.replace(/^heads\//, '');
      if (repository.git.tip(branch) === undefined) return invalid('Reference does not exist');
      repository.git.deleteBranch(branch);
      return { status: 204 };
    }),
    'get /repos/{owner}/{repo}/commits/{ref}/check-runs': checkRuns,
    'get /repos/{owner}/{repo}/commits/{ref}/status': withRepository(
      (_repository, { parameters }) => ({
        status: 200,
        body: { state: 'pending', statuses: [], sha: parameters['ref'], total_count: 0 },
      }),
    ),
    'get /repos/{owner}/{repo}/releases': withRepository((repository, request) =>
      paginate(
        request,
        repository.releases.map(({ tag, name, body, draft }, id) => ({
          id,
          tag_name: tag,
          name,
          body,
          draft,
          prerelease: tag.includes('-'),
          html_url: `${request.origin}/${repository.name}/releases/${tag}`,
          published_at: '2026-01-30T12:00:00Z',
        })),
        'per_page',
      ),
    ),
    'get /repos/{owner}/{repo}/installation': withRepository((repository) => ({
      status: 200,
      body: { id: 100, account: user(repository.name.split('/')[0]!), repository_selection: 'all' },
    })),
    'post /app/installations/{installation_id}/access_tokens': ({ world }) => {
      const token = `ghs_${world.nextId()}`;
      world.tokens.set(token, 'holdfast[bot]');
      const expires = new Date(Date.now() + hour).toISOString();
      return {
        status: 201,
        body: {
          token,
          expires_at: expires,
          permissions: { contents: 'write', pull_requests: 'write' },
        },
      };
    },
    'get /app': () => ({ status: 200, body: { id: 1, slug: 'holdfast', name: 'Holdfast' } }),
    'get /user': ({ user: login }) => ({
      status: 200,
      body: user(login),
      headers: { 'x-oauth-scopes': 'repo' },
    }),
    'get /rate_limit': () => {
      const rate = { limit: 5000, remaining: 4999, reset: 1_800_000_000, used: 1 };
      return { status: 200, body: { rate, resources: { core: rate, search: rate } } };
    },
    'get /orgs/{org}/repos': (request) =>
      paginate(request, inWorld(request, request.parameters['org']), 'per_page'),
    'get /users/{username}/repos': (request) =>
      paginate(request, inWorld(request, request.parameters['username']), 'per_page'),
    'get /orgs/{org}/teams/{team_slug}/repos': (request) => {
      const { org, team_slug: team } = request.parameters;
      const theirs = [...request.world.repositories.values()].filter(({ collaborators }) =>
        collaborators.includes(`${org}/${team}`),
      );
      return paginate(
        request,
        theirs.map((repository) => repositoryOf(repository, request)),
        'per_page',
      );
    },
  },
};
