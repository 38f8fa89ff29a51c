import type { ForgeLimits } from '../port/forge-limits.js';

/** The longest body of a request or a comment, in UTF-16 units. */
export const bodyLimit = 65_536;

/** The longest title, in UTF-16 units. */
export const titleLimit = 256;

/** The longest label, reviewer, name, key and reason, in UTF-16 units. */
export const wordLimit = 200;

/** The most labels, and the most reviewers, of one request. */
export const listLimit = 100;

/** The longest name of a branch, in UTF-16 units. */
export const branchLimit = 240;

/** The highest number of a request. */
export const requestLimit = 99_999;

/** The most comments of one request: their file names have four digits. */
export const commentLimit = 9_999;

/** The most bytes that a file of a request may have; four for each unit of a body, and some more. */
export const fileLimit = 512 * 1024;

/** What the embedded forge takes, as the port says it. */
export const embeddedLimits: ForgeLimits = {
  title: titleLimit,
  body: bodyLimit,
  label: wordLimit,
  labels: listLimit,
  reviewers: listLimit,
};
