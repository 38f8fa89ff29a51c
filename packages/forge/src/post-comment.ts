import { z } from 'zod';

import type { Comment } from './change-request.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { ForgeError } from './forge-error.js';
import type { CommentOutcome, NewComment } from './forge.js';
import { loadRequest, recordChange, refreshRecord } from './load-request.js';
import { parseArgument, parseBodyArgument } from './parse-argument.js';
import type { TreeChange } from './repository-port.js';
import { commentLimit } from './request-limits.js';
import {
  recordVersion,
  serializeRecord,
  wordSchema,
  type CommentRecord,
} from './request-record.js';
import {
  commentNumbers,
  commentPath,
  readComments,
  requestsRef,
  type NumberedComment,
  type RequestTree,
} from './request-tree.js';
import { transact, type Decision, type Moment, type Reading } from './transact.js';

const newCommentSchema = z.object({ body: z.string().min(1), key: wordSchema.exactOptional() });

/** Posts a comment, unless one with its key is there. Comments are welcome in every state. */
export async function postComment(
  context: EmbeddedForgeOptions,
  id: string,
  input: NewComment,
): Promise<CommentOutcome> {
  const comment = parseArgument('comment', input, newCommentSchema);
  return transact(context, (reading, moment) =>
    decideComment(context, { id, comment }, reading, moment),
  );
}

async function decideComment(
  { repository, actor }: EmbeddedForgeOptions,
  { id, comment }: { id: string; comment: NewComment },
  { tree, branches }: Reading,
  { now }: Moment,
): Promise<Decision<CommentOutcome>> {
  const loaded = await loadRequest(repository, { tree, branches }, id);
  if (comment.key !== undefined) {
    const comments = await readComments(repository, tree, loaded.number);
    const existing = comments.find(({ record }) => record.key === comment.key);
    if (existing !== undefined) {
      return { kind: 'settled', result: { kind: 'existing', comment: toComment(existing) } };
    }
  }
  const posted = buildComment(tree, loaded.number, {
    ...comment,
    author: actor.name,
    createdAt: now,
  });
  const record = { ...(await refreshRecord(repository, branches, loaded)), updatedAt: now };
  return {
    kind: 'write',
    message: `Comment on request ${record.number}: ${record.title}`,
    changes: [recordChange(record), posted.change],
    result: { kind: 'posted', comment: toComment(posted) },
  };
}

/** The next comment of a request, and the change that writes it. */
export function buildComment(
  tree: RequestTree,
  request: number,
  { body, ...rest }: Omit<CommentRecord, 'version'>,
): NumberedComment & { change: TreeChange } {
  const number = (commentNumbers(tree, request).at(-1) ?? 0) + 1;
  if (number > commentLimit) {
    throw new ForgeError(
      'too-large',
      `${requestsRef}: request ${request} has comment ${commentLimit}, the last that fits`,
      { data: { ref: requestsRef, id: String(request), limit: commentLimit } },
    );
  }
  const record = { version: recordVersion, ...rest, body: parseBodyArgument(body) } as const;
  const path = commentPath(request, number);
  return { number, record, change: { path, mode: '100644', content: serializeRecord(record) } };
}

/** A comment as the port shows it. */
export function toComment({ number, record }: NumberedComment): Comment {
  const { version: _version, ...comment } = record;
  return { id: String(number), ...comment };
}
