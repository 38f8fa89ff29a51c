import { findItem, paginate, text } from './handler.js';
import type { ApiAnswer, ApiRequest, Dialect, Handler } from './handler.js';
import type { StoredComment, StoredItem, StoredRepository, World } from './world.js';
import { mergeItem, mergeWaiting, nextNumber, settleRequests, standsAgainst } from './world.js';

function refuse(status: number, message: string): ApiAnswer {
  return { status, body: { message: `${status} ${message}` } };
}

type ProjectHandler = (repository: StoredRepository, request: ApiRequest) => ApiAnswer;
type RequestHandler = (
  item: StoredItem,
  repository: StoredRepository,
  request: ApiRequest,
) => ApiAnswer;

function withProject(handle: ProjectHandler): Handler {
  return (request) => {
    const name = request.parameters['id']!;
    const moved = request.world.renamed.get(name);
    if (moved !== undefined) {
      const location = request.url.href.replace(
        encodeURIComponent(name),
        encodeURIComponent(moved),
      );
      return { status: 301, headers: { location } };
    }
    const repository = request.world.repositories.get(name);
    if (!repository) return refuse(404, 'Project Not Found');
    settleRequests(repository, request.world.now);
    mergeWaiting(repository, request.world.now);
    return handle(repository, request);
  };
}

function withChanges(handle: ProjectHandler): Handler {
  return withProject((repository, request) =>
    repository.archived
      ? refuse(403, 'Forbidden - project is archived')
      : handle(repository, request),
  );
}

function withMergeRequest(handle: RequestHandler): Handler {
  return withProject((repository, request) => {
    const item = repository.items.find(
      ({ kind, number }) =>
        kind === 'request' && String(number) === request.parameters['merge_request_iid'],
    );
    return item ? handle(item, repository, request) : refuse(404, 'Not found');
  });
}

/** People have numbers on GitLab: here their place in this list. */
const people: string[] = [];

function user(name: string) {
  const known = people.indexOf(name);
  const id = known === -1 ? people.push(name) : known + 1;
  return { id, username: name, name, state: 'active', web_url: `https://gitlab.example/${name}` };
}

function byIds(ids: unknown): string[] {
  const numbers = Array.isArray(ids) ? (ids as number[]) : [];
  return numbers.flatMap((id) => people[id - 1] ?? []);
}

const words: Record<string, string> = {
  conflict: 'conflict',
  checks: 'ci_must_pass',
  review: 'not_approved',
  draft: 'draft_status',
};

function requestOf(item: StoredItem, repository: StoredRepository, { origin }: ApiRequest) {
  const against = item.state === 'open' ? standsAgainst(repository, item) : undefined;
  const states = { open: 'opened', closed: 'closed', merged: 'merged' };
  return {
    id: repository.id * 1000 + item.number,
    iid: item.number,
    project_id: repository.id,
    web_url: `${origin}/${repository.name}/-/merge_requests/${item.number}`,
    state: states[item.state],
    title: item.title,
    description: item.body,
    labels: item.labels,
    reviewers: item.reviewers.map(user),
    assignees: item.assignees.map(user),
    author: user(item.author),
    source_branch: item.head,
    target_branch: item.base,
    source_project_id: repository.id,
    target_project_id: repository.id,
    sha: item.headCommit,
    draft: item.draft,
    discussion_locked: item.locked || null,
    merge_when_pipeline_succeeds: item.autoMerge !== undefined,
    merge_commit_sha: item.mergedCommit ?? null,
    squash_commit_sha: null,
    merge_user: item.mergedBy === undefined ? null : user(item.mergedBy),
    closed_by: null,
    has_conflicts: against === 'conflict',
    detailed_merge_status:
      item.state !== 'open' ? 'not_open' : against ? words[against] : 'mergeable',
    created_at: item.createdAt,
    updated_at: item.updatedAt,
  };
}

function issueOf(item: StoredItem, repository: StoredRepository, { origin }: ApiRequest) {
  return {
    id: repository.id * 1000 + item.number,
    iid: item.number,
    project_id: repository.id,
    web_url: `${origin}/${repository.name}/-/issues/${item.number}`,
    state: item.state === 'open' ? 'opened' : 'closed',
    title: item.title,
    description: item.body,
    labels: item.labels,
    author: user(item.author),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
  };
}

const noteOf = ({ id, author, createdAt, body }: StoredComment) => ({
  id,
  body,
  author: user(author),
  created_at: createdAt,
  updated_at: createdAt,
  system: author === 'GitLab',
  noteable_type: 'MergeRequest',
});

function labelsOf(value: unknown): string[] {
  return text(value).split(',').filter(Boolean);
}

function openItem(
  repository: StoredRepository,
  { world, user: author, body }: ApiRequest,
  kind: StoredItem['kind'],
  fields: Partial<StoredItem>,
): StoredItem {
  const now = world.now();
  const item: StoredItem = {
    number: nextNumber(repository, kind),
    kind,
    author,
    createdAt: now,
    updatedAt: now,
    state: 'open',
    title: text(body['title']),
    body: text(body['description']),
    labels: labelsOf(body['labels']),
    reviewers: byIds(body['reviewer_ids']),
    assignees: byIds(body['assignee_ids']),
    draft: text(body['title']).startsWith('Draft:'),
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

/** The token of a CI job serves git, and of the API little. */
const isJob = ({ user }: ApiRequest) => user === 'gitlab-ci-token';

const create = withChanges((repository, request) => {
  const { body } = request;
  if (isJob(request)) return refuse(403, '403 Forbidden');
  const head = text(body['source_branch']);
  const base = text(body['target_branch']);
  const other = repository.items.find(
    (item) =>
      item.kind === 'request' && item.state === 'open' && item.head === head && item.base === base,
  );
  if (other) {
    const message = [
      `Another open merge request already exists for this source branch: !${other.number}`,
    ];
    return { status: 409, body: { message } };
  }
  const headCommit = repository.git.tip(head) ?? '0'.repeat(40);
  const item = openItem(repository, request, 'request', { head, base, headCommit });
  return { status: 201, body: requestOf(item, repository, request) };
});

function change(item: StoredItem, body: ApiRequest['body'], world: World): void {
  if (typeof body['title'] === 'string') {
    item.title = body['title'];
    item.draft = item.title.startsWith('Draft:');
  }
  if (typeof body['description'] === 'string') item.body = body['description'];
  if (typeof body['labels'] === 'string') item.labels = labelsOf(body['labels']);
  if (body['reviewer_ids'] !== undefined) item.reviewers = byIds(body['reviewer_ids']);
  if (body['assignee_ids'] !== undefined) item.assignees = byIds(body['assignee_ids']);
  if (body['state_event'] === 'close' && item.state === 'open') item.state = 'closed';
  if (body['state_event'] === 'reopen' && item.state === 'closed') item.state = 'open';
  item.updatedAt = world.now();
}

const merge = withMergeRequest((item, repository, request) => {
  const { body, user: by, world } = request;
  if (item.state !== 'open') return refuse(405, 'Method Not Allowed');
  if (text(body['sha']) !== item.headCommit) {
    return { status: 409, body: { message: 'SHA does not match HEAD of source branch' } };
  }
  const against = standsAgainst(repository, item);
  const squash = body['squash'] === true;
  const waits = body['merge_when_pipeline_succeeds'] === true;
  if (waits && against === 'checks' && repository.allowAutoMerge) {
    item.autoMerge = { method: squash ? 'squash' : 'merge', head: item.headCommit };
    return { status: 200, body: requestOf(item, repository, request) };
  }
  if (waits && !repository.allowAutoMerge) return refuse(405, 'Method Not Allowed');
  if (against === 'conflict') return refuse(422, 'Branch cannot be merged');
  if (against !== undefined) return refuse(405, 'Method Not Allowed');
  mergeItem(repository, item, { squash, by, now: world.now });
  if (body['should_remove_source_branch'] === true) repository.git.deleteBranch(item.head);
  return { status: 200, body: requestOf(item, repository, request) };
});

function projectOf(repository: StoredRepository, { origin }: ApiRequest) {
  return {
    id: repository.id,
    name: repository.name.split('/').at(-1),
    path_with_namespace: repository.name,
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    empty_repo: repository.empty,
    ...(repository.fork ? { forked_from_project: { id: 1 } } : {}),
    topics: repository.topics,
    http_url_to_repo: `${origin}/${repository.name}.git`,
    web_url: `${origin}/${repository.name}`,
    permissions: {
      project_access: { access_level: 40, notification_level: 3 },
      group_access: null,
    },
  };
}

const statusWords = { passed: 'success', failed: 'failed', pending: 'running' };

/** GitLab's API, as far as its documentation's shapes were recorded. */
export const gitlab: Dialect = {
  prefix: '/api/v4',
  refuse,
  tokenOf: (headers) =>
    /^bearer (.+)$/i.exec(String(headers['authorization']))?.[1] ??
    [headers['private-token'], headers['job-token']].find((token) => typeof token === 'string'),
  handlers: {
    'get /projects/{id}': withProject((repository, request) => ({
      status: 200,
      body: projectOf(repository, request),
    })),
    'get /projects/{id}/merge_requests': withProject((repository, request) => {
      const { query } = request;
      const state = query.get('state') ?? 'all';
      const found = repository.items.filter(
        (item) =>
          item.kind === 'request' &&
          (state === 'all' || (item.state === 'open') === (state === 'opened')) &&
          (query.get('source_branch') ?? item.head) === item.head &&
          (query.get('target_branch') ?? item.base) === item.base,
      );
      const shown = found.toReversed().map((item) => requestOf(item, repository, request));
      return paginate(request, shown, 'per_page');
    }),
    'post /projects/{id}/merge_requests': create,
    'get /projects/{id}/merge_requests/{merge_request_iid}': withMergeRequest(
      (item, repository, request) => ({
        status: 200,
        body: requestOf(item, repository, request),
      }),
    ),
    'put /projects/{id}/merge_requests/{merge_request_iid}': withMergeRequest(
      (item, repository, request) => {
        if (repository.archived) return refuse(403, 'Forbidden - project is archived');
        change(item, request.body, request.world);
        return { status: 200, body: requestOf(item, repository, request) };
      },
    ),
    'put /projects/{id}/merge_requests/{merge_request_iid}/merge': merge,
    'post /projects/{id}/merge_requests/{merge_request_iid}/cancel_merge_when_pipeline_succeeds':
      withMergeRequest((item, repository, request) => {
        if (!item.autoMerge) return refuse(406, 'Not acceptable');
        delete item.autoMerge;
        return { status: 201, body: requestOf(item, repository, request) };
      }),
    'get /projects/{id}/merge_requests/{merge_request_iid}/notes': withMergeRequest(
      (item, _repository, request) => paginate(request, item.comments.map(noteOf), 'per_page'),
    ),
    'post /projects/{id}/merge_requests/{merge_request_iid}/notes': withMergeRequest(
      (item, _repository, request) => {
        if (item.locked) return refuse(403, 'Forbidden');
        const { world, user: author, body } = request;
        const note = {
          id: world.nextId(),
          author,
          createdAt: world.now(),
          body: text(body['body']),
        };
        item.comments.push(note);
        return { status: 201, body: noteOf(note) };
      },
    ),
    'put /projects/{id}/merge_requests/{merge_request_iid}/notes/{note_id}': withMergeRequest(
      (item, _repository, { parameters, user: by, body }) => {
        const note = item.comments.find(({ id }) => String(id) === parameters['note_id']);
        if (!note) return refuse(404, 'Not found');
        if (note.author !== by) return refuse(403, 'Forbidden');
        note.body = text(body['body']);
        return { status: 200, body: noteOf(note) };
      },
    ),
    'get /projects/{id}/issues': withProject((repository, request) => {
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
        'per_page',
      );
    }),
    'post /projects/{id}/issues': withChanges((repository, request) => ({
      status: 201,
      body: issueOf(openItem(repository, request, 'issue', {}), repository, request),
    })),
    'put /projects/{id}/issues/{issue_iid}': withChanges((repository, request) => {
      const item = findItem(
        { ...repository, items: repository.items.filter(({ kind }) => kind === 'issue') },
        request.parameters['issue_iid'],
      );
      if (!item) return refuse(404, 'Not found');
      change(item, request.body, request.world);
      return { status: 200, body: issueOf(item, repository, request) };
    }),
    'post /projects/{id}/issues/{issue_iid}/notes': withChanges((repository, request) => {
      const issues = repository.items.filter(({ kind }) => kind === 'issue');
      const item = findItem({ ...repository, items: issues }, request.parameters['issue_iid']);
      if (!item) return refuse(404, 'Not found');
      const { world, user: author, body } = request;
      const note = { id: world.nextId(), author, createdAt: world.now(), body: text(body['body']) };
      item.comments.push(note);
      return { status: 201, body: noteOf(note) };
    }),
    'get /projects/{id}/repository/branches/{branch}': withProject((repository, { parameters }) => {
      const tip = repository.git.tip(parameters['branch']!);
      if (tip === undefined) return refuse(404, 'Branch Not Found');
      return {
        status: 200,
        body: { name: parameters['branch'], commit: { id: tip }, protected: false },
      };
    }),
    'delete /projects/{id}/repository/branches/{branch}': withProject(
      (repository, { parameters }) => {
        if (repository.git.tip(parameters['branch']!) === undefined)
          return refuse(404, 'Branch Not Found');
        repository.git.deleteBranch(parameters['branch']!);
        return { status: 204 };
      },
    ),
    'get /projects/{id}/repository/commits/{sha}/statuses': withProject((repository, request) =>
      paginate(
        request,
        (repository.checks.get(request.parameters['sha']!) ?? []).map(({ name, status }, id) => ({
          id,
          name,
          sha: request.parameters['sha'],
          status: statusWords[status],
          target_url: null,
          allow_failure: false,
        })),
        'per_page',
      ),
    ),
    'get /projects/{id}/releases': withProject((repository, request) =>
      paginate(
        request,
        repository.releases
          .filter(({ draft }) => !draft)
          .map(({ tag, name, body }) => ({
            tag_name: tag,
            name,
            description: body,
            released_at: '2026-01-30T12:00:00Z',
            upcoming_release: false,
          })),
        'per_page',
      ),
    ),
    'get /users': ({ query, world }) => {
      const name = query.get('username') ?? '';
      const known = [...world.repositories.values()].some(({ collaborators }) =>
        collaborators.includes(name),
      );
      const own = [...world.tokens.values()].includes(name);
      return { status: 200, body: known || own ? [user(name)] : [] };
    },
    'get /user': ({ user: name }) => ({ status: 200, body: user(name) }),
    'get /personal_access_tokens/self': () => ({
      status: 200,
      body: {
        id: 1,
        name: 'holdfast',
        scopes: ['api', 'write_repository'],
        active: true,
        revoked: false,
        expires_at: '2027-01-30',
      },
    }),
    'get /groups/{id}/projects': (request) => {
      const group = request.parameters['id'];
      const found = [...request.world.repositories.values()].filter(
        ({ name, topics, archived }) =>
          name.startsWith(`${group}/`) &&
          (request.query.get('topic') === null || topics.includes(request.query.get('topic')!)) &&
          (request.query.get('archived') !== 'false' || !archived),
      );
      return paginate(
        request,
        found.map((repository) => projectOf(repository, request)),
        'per_page',
      );
    },
  },
};
