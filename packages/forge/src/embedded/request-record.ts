import { z } from 'zod';

import { isBranchName } from './branch-name.js';
import { bodyLimit, listLimit, requestLimit, titleLimit, wordLimit } from './request-limits.js';

/** The version of the files that this package writes, and the newest that it reads. */
export const recordVersion = 1;

const controlCharacter = /[\p{Cc}\u2028\u2029]/u;

const line = z
  .string()
  .min(1)
  .refine((text) => !controlCharacter.test(text), 'must not contain control characters')
  .refine((text) => text.trim() === text, 'must not begin or end with a space')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** One line of at most 256 characters. */
export const titleSchema = line.max(titleLimit);

/** A label, a name, a key: one line of at most 200 characters. */
export const wordSchema = line.max(wordLimit);

/** The name of a branch. */
export const branchSchema = z.string().refine(isBranchName, 'must be the name of a git branch');

/** Labels or reviewers; compared as a set, so kept sorted and without duplicates. */
export const wordsSchema = z
  .array(wordSchema)
  .max(listLimit)
  .transform((words) => [...new Set(words)].sort());

/** The id of a git object in a SHA-1 repository. */
export const oidSchema = z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 hexadecimal digits');

const moment = z.iso.datetime().max(30);

/** What `N/request.json` holds. `headCommit` and `mergeBase` are as of the last write. */
export const requestRecordSchema = z.strictObject({
  version: z.literal(recordVersion),
  number: z.int().min(1).max(requestLimit),
  state: z.enum(['open', 'merged', 'closed']),
  title: titleSchema,
  head: branchSchema,
  base: branchSchema,
  headCommit: oidSchema,
  /** Where `head` leaves `base`; null when there was no base branch yet. */
  mergeBase: oidSchema.nullable(),
  labels: wordsSchema,
  reviewers: wordsSchema,
  assignees: wordsSchema.exactOptional(),
  draft: z.literal(true).exactOptional(),
  autoMerge: z.boolean(),
  author: wordSchema,
  createdAt: moment,
  updatedAt: moment,
  mergedCommit: oidSchema.exactOptional(),
  mergedBy: wordSchema.exactOptional(),
  closedBy: wordSchema.exactOptional(),
  closeReason: wordSchema.exactOptional(),
});
export type RequestRecord = z.infer<typeof requestRecordSchema>;

/** What `N/comments/NNNN.json` holds. */
export const commentRecordSchema = z.strictObject({
  version: z.literal(recordVersion),
  author: wordSchema,
  createdAt: moment,
  body: z.string().max(bodyLimit),
  key: wordSchema.exactOptional(),
});
export type CommentRecord = z.infer<typeof commentRecordSchema>;

/** What `issues/N.json` holds. */
export const issueRecordSchema = z.strictObject({
  version: z.literal(recordVersion),
  number: z.int().min(1).max(requestLimit),
  state: z.enum(['open', 'closed']),
  key: wordSchema,
  title: titleSchema,
  body: z.string().max(bodyLimit),
  labels: wordsSchema,
  author: wordSchema,
  createdAt: moment,
  updatedAt: moment,
  /** The comment that it was closed with. */
  closedWith: z.string().max(bodyLimit).exactOptional(),
});
export type IssueRecord = z.infer<typeof issueRecordSchema>;

/** JSON with sorted keys, two spaces and a final newline: equal records give equal bytes. */
export function serializeRecord(record: RequestRecord | CommentRecord | IssueRecord): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new TextEncoder().encode(`${JSON.stringify(sorted, null, 2)}\n`);
}
