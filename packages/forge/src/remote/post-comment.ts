import { isUncertain } from '../client/failure.js';
import type { Comment } from '../port/change-request.js';
import type { CommentOutcome, NewComment } from '../port/forge.js';
import { fitBody } from '../text/fit-body.js';
import { readKey, withKey } from './markers.js';
import type { RemoteApi, RemoteComment } from './remote-api.js';
import { requireRequest } from './to-change-request.js';

/** Room for the mark that bears the key, in UTF-16 units. */
const markRoom = 1000;

/** Posts a comment, or edits the one with its key. One of others, which cannot be edited, is left. */
export async function postComment(
  api: RemoteApi,
  id: string,
  { body, key }: NewComment,
): Promise<CommentOutcome> {
  await requireRequest(api, id);
  const text = fitBody(body.toWellFormed(), api.limits.body - markRoom);
  if (key === undefined) {
    return { kind: 'posted', comment: toComment(await api.createComment(id, text)) };
  }
  const marked = withKey(text, key);
  const own = (await api.listComments(id)).filter((comment) => readKey(comment.body).key === key);
  const same = own.find((comment) => trimmed(comment.body) === trimmed(marked));
  if (same !== undefined) return { kind: 'existing', comment: toComment(same) };
  for (const comment of own) {
    if (await api.editComment(id, comment.id, marked)) {
      return { kind: 'edited', comment: toComment({ ...comment, body: marked }) };
    }
  }
  return { kind: 'posted', comment: toComment(await createOnce(api, id, marked)) };
}

/** Creates a comment; one whose answer is lost is looked for. */
async function createOnce(api: RemoteApi, id: string, body: string): Promise<RemoteComment> {
  try {
    return await api.createComment(id, body);
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const all = await api.listComments(id);
    return (
      all.find((comment) => trimmed(comment.body) === trimmed(body)) ?? api.createComment(id, body)
    );
  }
}

function trimmed(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

/** A comment of a forge as the port shows it. */
export function toComment({ body, ...comment }: RemoteComment): Comment {
  const { text, key } = readKey(body);
  return { ...comment, body: text, ...(key === undefined ? {} : { key }) };
}
