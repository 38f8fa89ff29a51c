import { failureOf } from '../client/failure.js';
import { messageOf } from '../client/read-wait.js';
import { ForgeError } from '../port/forge-error.js';
import type { NewRequest } from '../port/forge.js';
import type {
  CreateOutcome,
  EditOutcome,
  RemoteChange,
  RemoteRequest,
} from '../remote/remote-api.js';
import { findPeople } from './find-people.js';
import { projectPath, type GitlabContext } from './gitlab-context.js';
import { draftPrefix, toRemoteRequest } from './read-requests.js';
import { MergeRequest } from './schema.js';

/**
 * Creates a merge request. People are added by `editRequest`, when the author is known, and then the
 * labels with them.
 */
export async function createRequest(
  context: GitlabContext,
  { title, body, head, base, headCommit, draft, labels = [], reviewers, assignees }: NewRequest,
): Promise<CreateOutcome> {
  const { client } = context;
  await requireBranch(context, head, headCommit);
  const whole = [...(reviewers ?? []), ...(assignees ?? [])].length === 0 && labels.length > 0;
  const call = {
    method: 'POST',
    path: projectPath(context, '/merge_requests'),
    body: {
      source_branch: head,
      target_branch: base,
      title: draft ? draftPrefix + title : title,
      description: body,
      remove_source_branch: true,
      ...(whole ? { labels: labels.join(',') } : {}),
    },
    expect: [409, 422],
  } as const;
  const answer = await client.call(call);
  if (answer.status === 409) return { kind: 'exists' };
  if (answer.status === 422) {
    if (/already exists/i.test(messageOf(answer.body))) return { kind: 'exists' };
    throw failureOf(client.host, call, answer);
  }
  const parsed = MergeRequest.safeParse(answer.body);
  if (parsed.success) return { kind: 'created', request: toRemoteRequest(parsed.data), notes: [] };
  throw new ForgeError('bad-answer', `${client.host}: the answer to a create was cut off`, {
    data: { uncertain: true },
    cause: parsed.error,
  });
}

/** GitLab creates a merge request also where nothing is to be merged, or the branch is missing. */
async function requireBranch(
  context: GitlabContext,
  branch: string,
  headCommit: string,
): Promise<void> {
  if (await hasBranch(context, branch)) return;
  throw new ForgeError('head-missing', `${context.client.host}: there is no branch ${branch}`, {
    hint: 'Push the branch first, then open the request.',
    data: { branch, expected: headCommit },
  });
}

/** Changes a merge request, in one call. */
export async function editRequest(
  context: GitlabContext,
  request: RemoteRequest,
  { title, body, state, draft, labels, reviewers, assignees }: RemoteChange,
): Promise<EditOutcome> {
  const asked =
    reviewers && (await findPeople(context, reviewers, { author: request.author, task: 'review' }));
  const taking = assignees && (await findPeople(context, assignees, { task: 'take it on' }));
  const isDraft = draft ?? request.draft ?? false;
  const retitled = title !== undefined || isDraft !== (request.draft ?? false);
  const fields = {
    ...(retitled ? { title: `${isDraft ? draftPrefix : ''}${title ?? request.title}` } : {}),
    ...(body === undefined ? {} : { description: body }),
    ...(state === undefined ? {} : { state_event: state === 'closed' ? 'close' : 'reopen' }),
    ...(labels === undefined ? {} : { labels: labels.join(',') }),
    ...(asked === undefined ? {} : { reviewer_ids: asked.ids }),
    ...(taking === undefined ? {} : { assignee_ids: taking.ids }),
  };
  let now: RemoteRequest | undefined = request;
  if (Object.keys(fields).length > 0) {
    const path = projectPath(context, `/merge_requests/${request.id}`);
    const { body: said } = await context.client.call({ method: 'PUT', path, body: fields });
    const { data } = MergeRequest.safeParse(said);
    now = data && toRemoteRequest(data);
  }
  const notes = [...(asked?.notes ?? []), ...(taking?.notes ?? [])];
  return { notes, ...(now === undefined ? {} : { request: now }) };
}

/** Deletes a branch; one that is gone is no error. */
export async function deleteBranch(context: GitlabContext, branch: string): Promise<void> {
  const path = projectPath(context, `/repository/branches/${encodeURIComponent(branch)}`);
  await context.client.call({ method: 'DELETE', path, expect: [404] });
}

/** Whether a branch exists. */
export async function hasBranch(context: GitlabContext, branch: string): Promise<boolean> {
  const path = projectPath(context, `/repository/branches/${encodeURIComponent(branch)}`);
  const { status } = await context.client.call({ method: 'GET', path, expect: [404] });
  return status === 200;
}
