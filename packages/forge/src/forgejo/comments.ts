import type { RemoteComment } from '../remote/remote-api.js';
import type { z } from 'zod';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { IssueComment } from './schema.js';

/** The comments of a request or an issue, oldest first. */
export async function listComments(context: ForgejoContext, id: string): Promise<RemoteComment[]> {
  const path = repositoryPath(context, `/issues/${id}/comments`);
  return (await context.client.readAll({ method: 'GET', path }, IssueComment)).map(toComment);
}

/** Posts a comment. */
export async function createComment(
  context: ForgejoContext,
  id: string,
  body: string,
): Promise<RemoteComment> {
  const path = repositoryPath(context, `/issues/${id}/comments`);
  return toComment(
    await context.client.read({ method: 'POST', path, body: { body } }, IssueComment),
  );
}

/** Edits a comment; false when it is not ours to edit. */
export async function editComment(
  context: ForgejoContext,
  _request: string,
  comment: string,
  body: string,
): Promise<boolean> {
  const path = repositoryPath(context, `/issues/comments/${comment}`);
  const call = { method: 'PATCH', path, body: { body }, expect: [403, 404] } as const;
  return (await context.client.call(call)).status === 200;
}

function toComment({ id, user, created_at, body }: z.infer<typeof IssueComment>): RemoteComment {
  return {
    id: String(id),
    author: user.login,
    createdAt: created_at,
    body: body.replaceAll('\r\n', '\n'),
  };
}
