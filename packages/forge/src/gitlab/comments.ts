import type { z } from 'zod';
import type { RemoteComment } from '../remote/remote-api.js';
import { projectPath, type GitlabContext } from './gitlab-context.js';
import { GitlabNote } from './schema.js';

/** The comments of a merge request, oldest first; what GitLab itself notes is left out. */
export async function listComments(context: GitlabContext, id: string): Promise<RemoteComment[]> {
  const path = projectPath(context, `/merge_requests/${id}/notes`);
  const query = { sort: 'asc', order_by: 'created_at', per_page: 100 };
  const notes = await context.client.readAll({ method: 'GET', path, query }, GitlabNote);
  return notes.filter(({ system }) => !system).map(toComment);
}

/** Posts a comment. */
export async function createComment(
  context: GitlabContext,
  id: string,
  body: string,
): Promise<RemoteComment> {
  const path = projectPath(context, `/merge_requests/${id}/notes`);
  return toComment(await context.client.read({ method: 'POST', path, body: { body } }, GitlabNote));
}

/** Edits a comment; false when it is not ours to edit. */
export async function editComment(
  context: GitlabContext,
  request: string,
  comment: string,
  body: string,
): Promise<boolean> {
  const path = projectPath(context, `/merge_requests/${request}/notes/${comment}`);
  const call = { method: 'PUT', path, body: { body }, expect: [401, 403, 404] } as const;
  return (await context.client.call(call)).status === 200;
}

function toComment({ id, author, created_at, body }: z.infer<typeof GitlabNote>): RemoteComment {
  return {
    id: String(id),
    author: author.username,
    createdAt: created_at,
    body: body.replaceAll('\r\n', '\n'),
  };
}
