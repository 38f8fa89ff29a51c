import { failureOf } from '../client/failure.js';
import { messageOf } from '../client/read-wait.js';
import { ForgeError } from '../port/forge-error.js';
import type { NewRequest, Note } from '../port/forge.js';
import type {
  CreateOutcome,
  EditOutcome,
  RemoteChange,
  RemoteRequest,
} from '../remote/remote-api.js';
import { repositoryPath, type GithubContext } from './github-context.js';
import { askReviewers } from './ask-reviewers.js';
import { toRemoteRequest } from './read-requests.js';
import { PullRequest } from './schema.js';
import { setDraft } from './set-draft.js';

/** Creates a pull request. */
export async function createRequest(
  context: GithubContext,
  { title, body, head, base, draft = false }: NewRequest,
): Promise<CreateOutcome> {
  const { client } = context;
  const fields = { title, body, head, base, maintainer_can_modify: false };
  const call = {
    method: 'POST',
    path: repositoryPath(context, '/pulls'),
    body: draft ? { ...fields, draft } : fields,
    expect: [422],
  } as const;
  const answer = await client.call(call);
  if (answer.status !== 422) {
    const parsed = PullRequest.safeParse(answer.body);
    if (parsed.success) {
      return { kind: 'created', request: toRemoteRequest(context, parsed.data), notes: [] };
    }
    throw new ForgeError('bad-answer', `${client.host}: the answer to a create was cut off`, {
      data: { uncertain: true },
      cause: parsed.error,
    });
  }
  const said = messageOf(answer.body);
  if (/already exists/i.test(said)) return { kind: 'exists' };
  if (draft && /draft/i.test(said)) {
    const plain = await createRequest(context, { title, body, head, base, headCommit: '' });
    const note = 'drafts are not available in this repository';
    return plain.kind === 'exists' ? plain : { ...plain, notes: [...plain.notes, note] };
  }
  if (/no commits between/i.test(said)) {
    throw new ForgeError('nothing-to-merge', `${client.host}: ${said}`, {
      hint: 'Commit something on the head branch first.',
      data: { head, base },
    });
  }
  if (/head.*invalid|invalid.*head/i.test(said)) {
    throw new ForgeError('head-missing', `${client.host}: there is no branch ${head}`, {
      hint: 'Push the branch first, then open the request.',
      data: { branch: head },
    });
  }
  throw failureOf(client.host, call, answer);
}

/** Changes a pull request: its text in one call, reviewers, assignees and labels in one each. */
export async function editRequest(
  context: GithubContext,
  request: RemoteRequest,
  { title, body, state, draft, labels, reviewers, assignees }: RemoteChange,
): Promise<EditOutcome> {
  const { client } = context;
  const notes: Note[] = [];
  let now: RemoteRequest | undefined = request;
  const text = defined({ title, body, state });
  if (Object.keys(text).length > 0) {
    const path = repositoryPath(context, `/pulls/${request.id}`);
    const { data } = PullRequest.safeParse(
      (await client.call({ method: 'PATCH', path, body: text })).body,
    );
    now = data && toRemoteRequest(context, data);
  }
  if (draft !== undefined && draft !== (request.draft ?? false)) {
    for (const one of await setDraft(context, request, draft)) notes.push(one);
    now = undefined;
  }
  if (reviewers) {
    const asked = await askReviewers(context, request, reviewers);
    for (const one of asked.notes) notes.push(one);
    now = now && { ...now, reviewers: [...new Set([...now.reviewers, ...asked.names])].sort() };
  }
  const issue = repositoryPath(context, `/issues/${request.id}`);
  const removed = labels && !request.labels.every((label) => labels.includes(label));
  const marks = defined({ labels: removed ? labels : undefined, assignees });
  if (Object.keys(marks).length > 0) {
    await client.call({ method: 'PATCH', path: issue, body: marks });
    now = undefined;
  }
  const added = removed ? [] : (labels ?? []).filter((label) => !request.labels.includes(label));
  if (added.length > 0) {
    const path = `${issue}/labels`;
    // Adding makes labels that are missing; adding twice is adding once.
    await client.call({ method: 'POST', path, body: { labels: added }, repeatable: true });
    now = now && { ...now, labels: [...now.labels, ...added].sort() };
  }
  return { notes, ...(now === undefined ? {} : { request: now }) };
}

/** Deletes a branch; one that is gone is no error. */
export async function deleteBranch(context: GithubContext, branch: string): Promise<void> {
  const path = repositoryPath(context, `/git/refs/heads/${encodeBranch(branch)}`);
  await context.client.call({ method: 'DELETE', path, expect: [404, 409, 422] });
}

/** Whether a branch exists. */
export async function hasBranch(context: GithubContext, branch: string): Promise<boolean> {
  const path = repositoryPath(context, `/branches/${encodeBranch(branch)}`);
  const { status } = await context.client.call({ method: 'GET', path, expect: [404] });
  return status === 200;
}

function encodeBranch(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
