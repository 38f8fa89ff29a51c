import type { ForgeLimits } from '../port/forge-limits.js';
import { fitBody } from './fit-body.js';

/** The parts of a request that a forge limits. */
export interface RequestParts {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
}

/**
 * A request within a forge's limits: the title and each label cut with `…`, the body by `fitBody`,
 * labels and reviewers beyond their number left out, in the order given. Who is not asked for that
 * reason is named at the end of the body. What fits comes back as it is.
 */
export function fitRequest(request: RequestParts, limits: ForgeLimits): RequestParts {
  const reviewers = request.reviewers.slice(0, limits.reviewers);
  const unasked = request.reviewers.slice(limits.reviewers);
  const labels = [...new Set(request.labels.map((label) => cut(label, limits.label)))];
  return {
    title: cut(request.title, limits.title),
    body: fitBody(request.body, limits.body, describeUnasked(unasked, limits)),
    labels: labels.slice(0, limits.labels),
    reviewers,
  };
}

/** One line of at most `limit` UTF-16 units, never cut within a surrogate pair. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`.replace(/\s+…$/, '…');
}

function describeUnasked(unasked: readonly string[], { reviewers }: ForgeLimits): string {
  if (unasked.length === 0) return '';
  const names = unasked.map((name) => `\`${name.replaceAll('`', '')}\``).join(', ');
  return `\n\n---\nThis forge takes at most ${reviewers} reviewers. Not asked: ${names}.\n`;
}
