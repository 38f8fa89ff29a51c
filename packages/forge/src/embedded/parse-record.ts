import { z } from 'zod';

import { ForgeError } from '../port/forge-error.js';
import { bodyLimit, fileLimit } from './request-limits.js';
import {
  commentRecordSchema,
  issueRecordSchema,
  recordVersion,
  requestRecordSchema,
  type CommentRecord,
  type IssueRecord,
  type RequestRecord,
} from './request-record.js';

/** Where a file of the requests lies, for messages. */
export interface FilePlace {
  readonly location: string;
  readonly ref: string;
  readonly path: string;
}

/** The error for a file that is not what it should be; says how to look at it and how to part with it. */
export function damaged(
  place: FilePlace,
  expected: string,
  got: string,
  cause?: unknown,
): ForgeError {
  return new ForgeError(
    'damaged-request',
    `${place.location}: ${place.ref}:${place.path}: expected ${expected}, got ${got}`,
    {
      hint: `Look at it with "git show ${place.ref}:${place.path}"; "git log ${place.ref} -- ${place.path}" lists the commits to take an earlier version from.`,
      data: { ref: place.ref, path: place.path, expected, actual: got },
      cause,
    },
  );
}

/** Reads `N/request.json`. Throws `damaged-request` or `newer-version`. */
export function parseRequestRecord(content: Uint8Array, place: FilePlace): RequestRecord {
  return parseRecord(requestRecordSchema, content, place);
}

/** Reads `N/comments/NNNN.json`. Throws `damaged-request` or `newer-version`. */
export function parseCommentRecord(content: Uint8Array, place: FilePlace): CommentRecord {
  return parseRecord(commentRecordSchema, content, place);
}

/** Reads `issues/N.json`. Throws `damaged-request` or `newer-version`. */
export function parseIssueRecord(content: Uint8Array, place: FilePlace): IssueRecord {
  return parseRecord(issueRecordSchema, content, place);
}

/** Reads `N/body.md`. Throws `damaged-request`. */
export function parseBody(content: Uint8Array, place: FilePlace): string {
  const body = decode(content, place);
  if (body.length > bodyLimit) {
    throw damaged(place, `at most ${bodyLimit} characters`, `${body.length}`);
  }
  return body;
}

function parseRecord<T>(schema: z.ZodType<T>, content: Uint8Array, place: FilePlace): T {
  const value = parseJson(decode(content, place), place);
  refuseNewer(value, place);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw damaged(place, 'a record of version 1', describeIssues(parsed.error), parsed.error);
}

function decode(content: Uint8Array, place: FilePlace): string {
  if (content.length > fileLimit) {
    throw damaged(place, `at most ${fileLimit} bytes`, `${content.length}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    throw damaged(place, 'UTF-8', 'other bytes', error);
  }
}

function parseJson(text: string, place: FilePlace): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(place, 'JSON', `text that is not (${String(error)})`, error);
  }
}

function refuseNewer(value: unknown, place: FilePlace): void {
  const { data } = z.object({ version: z.int() }).safeParse(value);
  if (data === undefined || data.version <= recordVersion) return;
  throw new ForgeError(
    'newer-version',
    `${place.location}: ${place.ref}:${place.path}: expected version ${recordVersion}, got version ${data.version}`,
    {
      hint: 'It was written by a newer version of this program: update to that one.',
      data: { ref: place.ref, path: place.path, expected: recordVersion, actual: data.version },
    },
  );
}

/** Every problem of a value, as `path message`, short enough for one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
