import { findItem, paginate, text, words } from './handler.js';
import type { ApiAnswer, ApiRequest, Dialect, Handler } from './handler.js';
import type { StoredComment, StoredItem, StoredRepository, World } from './world.js';
import { mergeItem, mergeWaiting, nextNumber, settleRequests, standsAgainst } from './world.js';

function refuse(status: number, message: string): ApiAnswer {
  return { status, body: { message, url: 'https://forgejo.example/api/swagger' } };
}

type RepositoryHandler = (repository: StoredRepository, request: ApiRequest) => ApiAnswer;
type PullHandler = (
  item: StoredItem,
  repository: StoredRepository,
  request: ApiRequest,
) => ApiAnswer;

function withRepository(handle: RepositoryHandler): Handler {
  return (request) => {
    const { owner, repo } = request.parameters;
    const name = `${owner}/${repo}`;
    const moved = request.world.renamed.get(name);
    if (moved !== undefined) {
      return {
        status: 301,
        headers: { location: request.url.href.replace(`/${name}`, `/${moved}`) },
      };
    }
    const repository = request.world.repositories.get(name);
    if (!repository) return refuse(404, "The target couldn't be found.");
    settleRequests(repository, request.world.now);
    mergeWaiting(repository, request.world.now);
    return handle(repository, request);
  };
}

function withChanges(handle: RepositoryHandler): Handler {
  return withRepository((repository, request) =>
    repository.archived ? refuse(423, 'Repo is archived') : handle(repository, request),
  );
}

function withPull(handle: PullHandler): Handler {
  return withRepository((repository, request) => {
    const item = findItem(repository, request.parameters['index'], 'request');
    return item ? handle(item, repository, request) : refuse(404, 'Not Found');
  });
}

const user = (login: string) => ({ id: 1, login });

function labelsOf(repository: StoredRepository, names: readonly string[]) {
  return repository.labels
    .filter(({ name }) => names.includes(name))
    .map((label) => ({ ...label, color: 'ededed' }));
}

function namesOf(repository: StoredRepository, ids: unknown): string[] {
  const numbers = Array.isArray(ids) ? ids : [];
  return repository.labels.filter(({ id }) => numbers.includes(id)).map(({ name }) => name);
}

function repositoryOf(repository: StoredRepository, { origin }: ApiRequest) {
  return {
    id: repository.id,
    name: repository.name.split('/')[1],
    full_name: repository.name,
    owner: user(repository.name.split('/')[0]!),
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    fork: repository.fork,
    empty: repository.empty,
    topics: repository.topics,
    clone_url: `${origin}/${repository.name}.git`,
    permissions: { admin: false, push: true, pull: true },
  };
}

function pullOf(item: StoredItem, repository: StoredRepository, { origin }: ApiRequest) {
  const branch = (ref: string, sha: string) => ({ label: ref, ref, sha, repo_id: repository.id });
  return {
    id: item.number,
    number: item.number,
    html_url: `${origin}/${repository.name}/pulls/${item.number}`,
    state: item.state === 'open' ? 'open' : 'closed',
    title: item.title,
    body: item.body,
    is_locked: item.locked,
    labels: labelsOf(repository, item.labels),
    assignees: item.assignees.map(user),
    head: branch(item.head, item.headCommit),
    base: branch(item.base, repository.git.tip(item.base) ?? ''),
    user: user(item.author),
    merged: item.state === 'merged',
    ...(item.mergedCommit === undefined ? {} : { merge_commit_sha: item.mergedCommit }),
    ...(item.mergedBy === undefined ? {} : { merged_by: user(item.mergedBy) }),
    mergeable: item.state === 'open' && standsAgainst(repository, item) !== 'conflict',
    created_at: item.createdAt,
    updated_at: item.updatedAt,
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
    labels: labelsOf(repository, item.labels),
    user: user(item.author),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
  };
}

const commentOf = ({ id, author, createdAt, body }: StoredComment) => ({
  id,
  body,
  user: user(author),
  created_at: createdAt,
  updated_at: createdAt,
});

function openItem(
  repository: StoredRepository,
  { world, user: author, body }: ApiRequest,
  fields: Partial<StoredItem>,
): StoredItem {
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
    labels: namesOf(repository, body['labels']),
    reviewers: [],
    assignees: words(body['assignees']),
    draft: text(body['title']).startsWith('WIP:'),
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
  const head = text(request.body['head']);
  const base = text(request.body['base']);
  const tip = repository.git.tip(head);
  if (tip === undefined || repository.git.tip(base) === undefined) return refuse(404, 'Not Found');
  const other = repository.items.find(
    (item) =>
      item.kind === 'request' && item.state === 'open' && item.head === head && item.base === base,
  );
  if (other)
    return refuse(409, `pull request already exists for these targets [id: ${other.number}]`);
  const item = openItem(repository, request, { kind: 'request', head, base, headCommit: tip });
  return { status: 201, body: pullOf(item, repository, request) };
});

function change(
  item: StoredItem,
  repository: StoredRepository,
  body: ApiRequest['body'],
  world: World,
): void {
  if (typeof body['title'] === 'string') {
    item.title = body['title'];
    item.draft = item.title.startsWith('WIP:');
  }
  if (typeof body['body'] === 'string') item.body = body['body'];
  if (body['labels'] !== undefined) item.labels = namesOf(repository, body['labels']);
  if (body['assignees'] !== undefined) item.assignees = words(body['assignees']);
  if (item.state !== 'merged' && (body['state'] === 'open' || body['state'] === 'closed')) {
    item.state = body['state'];
  }
  item.updatedAt = world.now();
}

const mergePull = withPull((item, repository, { body, user: by, world }) => {
  if (item.state !== 'open') return refuse(405, 'The PR is already merged or closed');
  if (text(body['head_commit_id']) !== item.headCommit) {
    return refuse(409, 'head out of date');
  }
  const against = standsAgainst(repository, item);
  const method = body['Do'] === 'squash' ? ('squash' as const) : ('merge' as const);
  if (
    body['merge_when_checks_succeed'] === true &&
    (against === 'checks' || against === 'review')
  ) {
    if (!repository.allowAutoMerge) return refuse(405, 'this repository does not merge by itself');
    item.autoMerge = { method, head: item.headCommit };
    return { status: 200 };
  }
  if (against !== undefined) return refuse(405, `not mergeable: ${against}`);
  mergeItem(repository, item, { squash: method === 'squash', by, now: world.now });
  if (body['delete_branch_after_merge'] === true) repository.git.deleteBranch(item.head);
  return { status: 200 };
});

const askReviewers = withPull((item, repository, { body }) => {
  const owner = repository.name.split('/')[0]!;
  const wanted = [
    ...words(body['reviewers']),
    ...words(body['team_reviewers']).map((team) => `${owner}/${team}`),
  ];
  const bad = wanted.find(
    (name) => name === item.author || !repository.collaborators.includes(name),
  );
  if (bad !== undefined) return refuse(422, `user ${bad} cannot be asked to review`);
  item.reviewers = [...new Set([...item.reviewers, ...wanted])];
  return { status: 201, body: [] };
});

const statusWords = { passed: 'success', failed: 'failure', pending: 'pending' };

function below(request: ApiRequest, owner: string | undefined) {
  return [...request.world.repositories.values()]
    .filter(({ name }) => name.startsWith(`${owner}/`))
    .map((repository) => repositoryOf(repository, request));
}

/** Forgejo's and Gitea's API, as far as its description was cut. */
export const forgejo: Dialect = {
  prefix: '/api/v1',
  refuse,
  undescribed: ['post /repos/{owner}/{repo}/pulls 404'], // a branch is not there
  tokenOf: ({ authorization }) => /^(?:bearer|token) (.+)$/i.exec(String(authorization))?.[1],
  handlers: {
    'get /repos/{owner}/{repo}': withRepository((repository, request) => ({
      status: 200,
      body: repositoryOf(repository, request),
    })),
    'get /repos/{owner}/{repo}/pulls': withRepository((repository, request) => {
      const state = request.query.get('state') ?? 'open';
      const pulls = repository.items.filter(
        (item) =>
          item.kind === 'request' &&
          (state === 'all' || (item.state === 'open') === (state === 'open')),
      );
      const newest = pulls.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
      return paginate(
        request,
        newest.map((item) => pullOf(item, repository, request)),
        'limit',
      );
    }),
    'post /repos/{owner}/{repo}/pulls': createPull,
    'get /repos/{owner}/{repo}/pulls/{index}': withPull((item, repository, request) => ({
      status: 200,
      body: pullOf(item, repository, request),
    })),
    'patch /repos/{owner}/{repo}/pulls/{index}': withPull((item, repository, request) => {
      if (request.body['state'] === 'open' && repository.git.tip(item.head) === undefined) {
        return refuse(422, 'the head branch is gone');
      }
      change(item, repository, request.body, request.world);
      return { status: 201, body: pullOf(item, repository, request) };
    }),
    'post /repos/{owner}/{repo}/pulls/{index}/merge': mergePull,
    'delete /repos/{owner}/{repo}/pulls/{index}/merge': withPull((item) => {
      if (!item.autoMerge) return refuse(404, 'not scheduled');
      delete item.autoMerge;
      return { status: 204 };
    }),
    'post /repos/{owner}/{repo}/pulls/{index}/requested_reviewers': askReviewers,
    'get /repos/{owner}/{repo}/pulls/{index}/reviews': withPull((item, _repository, request) =>
      paginate(
        request,
        item.reviewers.map((name, id) =>
          name.includes('/')
            ? { id, state: 'REQUEST_REVIEW', team: { id, name: name.split('/')[1] } }
            : { id, state: 'REQUEST_REVIEW', user: user(name) },
        ),
        'limit',
      ),
    ),
    'get /repos/{owner}/{repo}/issues/{index}/comments': withRepository(
      (repository, { parameters }) => {
        const item = findItem(repository, parameters['index']);
        return item
          ? { status: 200, body: item.comments.map(commentOf) }
          : refuse(404, 'Not Found');
      },
    ),
    'post /repos/{owner}/{repo}/issues/{index}/comments': withChanges((repository, request) => {
      const { parameters, world, user: author, body } = request;
      const item = findItem(repository, parameters['index']);
      if (!item) return refuse(404, 'Not Found');
      if (item.locked) return refuse(403, 'the conversation is locked');
      const comment = {
        id: world.nextId(),
        author,
        createdAt: world.now(),
        body: text(body['body']),
      };
      item.comments.push(comment);
      return { status: 201, body: commentOf(comment) };
    }),
    'patch /repos/{owner}/{repo}/issues/comments/{id}': withRepository(
      (repository, { parameters, body, user: by }) => {
        const comments = repository.items.flatMap((item) => item.comments);
        const comment = comments.find(({ id }) => String(id) === parameters['id']);
        if (!comment) return refuse(404, 'Not Found');
        if (comment.author !== by) return refuse(403, 'not yours');
        comment.body = text(body['body']);
        return { status: 200, body: commentOf(comment) };
      },
    ),
    'get /repos/{owner}/{repo}/issues': withRepository((repository, request) => {
      const label = request.query.get('labels');
      const issues = repository.items.filter(
        (item) =>
          item.kind === 'issue' &&
          item.state === 'open' &&
          (label === null || item.labels.includes(label)),
      );
      return paginate(
        request,
        issues.map((item) => issueOf(item, repository, request)),
        'limit',
      );
    }),
    'post /repos/{owner}/{repo}/issues': withChanges((repository, request) => ({
      status: 201,
      body: issueOf(openItem(repository, request, {}), repository, request),
    })),
    'patch /repos/{owner}/{repo}/issues/{index}': withChanges((repository, request) => {
      const item = findItem(repository, request.parameters['index'], 'issue');
      if (!item) return refuse(404, 'Not Found');
      change(item, repository, request.body, request.world);
      return { status: 201, body: issueOf(item, repository, request) };
    }),
    'put /repos/{owner}/{repo}/issues/{index}/labels': withChanges(
      (repository, { parameters, body }) => {
        const item = findItem(repository, parameters['index']);
        if (!item) return refuse(404, 'Not Found');
        item.labels = namesOf(repository, body['labels']);
        return { status: 200, body: labelsOf(repository, item.labels) };
      },
    ),
    'get /repos/{owner}/{repo}/labels': withRepository((repository, request) =>
      paginate(
        request,
        repository.labels.map((label) => ({ ...label, color: 'ededed' })),
        'limit',
      ),
    ),
    'post /repos/{owner}/{repo}/labels': withChanges((repository, { body, world }) => {
      const label = { id: world.nextId(), name: text(body['name']) };
      repository.labels.push(label);
      return { status: 201, body: { ...label, color: 'ededed' } };
    }),
    'get /repos/{owner}/{repo}/branches/{branch}': withRepository((repository, { parameters }) => {
      const tip = repository.git.tip(parameters['branch']!);
      if (tip === undefined) return refuse(404, 'branch does not exist');
      return { status: 200, body: { name: parameters['branch'], commit: { id: tip } } };
    }),
    'delete /repos/{owner}/{repo}/branches/{branch}': withRepository(
      (repository, { parameters }) => {
        if (repository.git.tip(parameters['branch']!) === undefined) return refuse(404, 'gone');
        repository.git.deleteBranch(parameters['branch']!);
        return { status: 204 };
      },
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
        'limit',
      ),
    ),
    'get /repos/{owner}/{repo}/commits/{ref}/status': withRepository(
      (repository, { parameters }) => ({
        status: 200,
        body: {
          sha: parameters['ref'],
          state: '',
          statuses: (repository.checks.get(parameters['ref']!) ?? []).map(
            ({ name, status }, id) => ({
              id,
              context: name,
              status: statusWords[status],
            }),
          ),
        },
      }),
    ),
    'get /orgs/{org}/repos': (request) =>
      paginate(request, below(request, request.parameters['org']), 'limit'),
    'get /users/{username}/repos': (request) =>
      paginate(request, below(request, request.parameters['username']), 'limit'),
    'get /user': ({ user: login }) => ({ status: 200, body: user(login) }),
    'get /version': () => ({ status: 200, body: { version: '9.0.0+gitea-1.22.0' } }),
  },
};
