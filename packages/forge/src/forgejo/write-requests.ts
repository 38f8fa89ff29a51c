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
import { askReviewers } from './ask-reviewers.js';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { labelNumbers } from './labels.js';
import { draftPrefix, toRemoteRequest } from './read-requests.js';
import { PullRequest } from './schema.js';

/** Creates a pull request, with its labels unless people are to be added before them. */
export async function createRequest(
  context: ForgejoContext,
  { title, body, head, base, draft, headCommit, labels = [], reviewers, assignees }: NewRequest,
): Promise<CreateOutcome> {
  const { client } = context;
  const people = [...(reviewers ?? []), ...(assignees ?? [])];
  const whole = people.length === 0 && labels.length > 0;
  const call = {
    method: 'POST',
    path: repositoryPath(context, '/pulls'),
    body: {
      ...{ title: draft ? draftPrefix + title : title, body, head, base },
      ...(whole ? { labels: await labelNumbers(context, labels) } : {}),
    },
    expect: [404, 409, 422],
  } as const;
  const answer = await client.call(call);
  if (answer.status === 409) return { kind: 'exists' };
  if (answer.status === 404) {
    if (await hasBranch(context, head)) throw failureOf(client.host, call, answer);
    throw new ForgeError('head-missing', `${client.host}: there is no branch ${head}`, {
      hint: 'Push the branch first, then open the request.',
      data: { branch: head, expected: headCommit },
    });
  }
  if (answer.status === 422) {
    if (/exist/i.test(messageOf(answer.body))) return { kind: 'exists' };
    throw failureOf(client.host, call, answer);
  }
  const parsed = PullRequest.safeParse(answer.body);
  if (parsed.success) {
    const owner = context.repository.split('/')[0]!;
    return { kind: 'created', request: toRemoteRequest(parsed.data, { owner }), notes: [] };
  }
  throw new ForgeError('bad-answer', `${client.host}: the answer to a create was cut off`, {
    data: { uncertain: true },
    cause: parsed.error,
  });
}

/** Changes a pull request: its fields in one call, reviewers in another. */
export async function editRequest(
  context: ForgejoContext,
  request: RemoteRequest,
  { title, body, state, draft, labels, reviewers, assignees }: RemoteChange,
): Promise<EditOutcome> {
  const { client } = context;
  const asked = reviewers && (await askReviewers(context, request, reviewers));
  const asking = [...new Set([...request.reviewers, ...(asked?.names ?? [])])].sort();
  const isDraft = draft ?? request.draft ?? false;
  const retitled = title !== undefined || isDraft !== (request.draft ?? false);
  const fields = {
    ...(retitled ? { title: `${isDraft ? draftPrefix : ''}${title ?? request.title}` } : {}),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
    ...(assignees === undefined ? {} : { assignees }),
    ...(labels === undefined ? {} : { labels: await labelNumbers(context, labels) }),
  };
  let now: RemoteRequest | undefined = request;
  if (Object.keys(fields).length > 0) {
    const path = repositoryPath(context, `/pulls/${request.id}`);
    const { body: said } = await client.call({ method: 'PATCH', path, body: fields });
    const { data } = PullRequest.safeParse(said);
    now = data && toRemoteRequest(data, { owner: context.repository.split('/')[0]! });
  }
  return {
    notes: asked?.notes ?? [],
    ...(now === undefined ? {} : { request: { ...now, reviewers: asking } }),
  };
}

/** Deletes a branch; one that is gone is no error. */
export async function deleteBranch(context: ForgejoContext, branch: string): Promise<void> {
  const path = repositoryPath(context, `/branches/${encodeBranch(branch)}`);
  await context.client.call({ method: 'DELETE', path, expect: [404] });
}

/** Whether a branch exists. */
export async function hasBranch(context: ForgejoContext, branch: string): Promise<boolean> {
  const path = repositoryPath(context, `/branches/${encodeBranch(branch)}`);
  const { status } = await context.client.call({ method: 'GET', path, expect: [404] });
  return status === 200;
}

function encodeBranch(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
