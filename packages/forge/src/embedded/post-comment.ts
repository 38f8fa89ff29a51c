import { z } from 'zod';

import type { Comment } from '../port/change-request.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { ForgeError } from '../port/forge-error.js';
import type { CommentOutcome, NewComment } from '../port/forge.js';
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

/** Posts a comment, or edits the one with its key. Comments are welcome in every state. */
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
      const body = parseBodyArgument(comment.body);
      if (existing.record.body === body) {
        return { kind: 'settled', result: { kind: 'existing', comment: toComment(existing) } };
      }
      const edited = { ...existing, record: { ...existing.record, body } };
      const record = { ...(await refreshRecord(repository, branches, loaded)), updatedAt: now };
      return {
        kind: 'write',
        message: `Edit a comment on request ${record.number}: ${record.title}`,
        changes: [recordChange(record), commentChange(loaded.number, edited)],
        result: { kind: 'edited', comment: toComment(edited) },
      };
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
  return { number, record, change: commentChange(request, { number, record }) };
}

function commentChange(request: number, { number, record }: NumberedComment): TreeChange {
  return { path: commentPath(request, number), mode: '100644', content: serializeRecord(record) };
}

/** A comment as the port shows it. */
export function toComment({ number, record }: NumberedComment): Comment {
  const { version: _version, ...comment } = record;
  return { id: String(number), ...comment };
}
