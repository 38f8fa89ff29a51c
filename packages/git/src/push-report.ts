import { GitError } from './git-error.js';

/** What a push came to, where it was not refused: `stale` when a ref held something else. */
export type PushOutcome =
  { readonly kind: 'pushed' } | { readonly kind: 'stale'; readonly words: string };

/** A ref that a remote (or git, before asking it) did not move, and why. */
export interface Rejection {
  readonly ref: string;
  readonly reason: string;
}

/** Reasons that say that somebody else was faster. */
const STALE =
  /stale info|fetch first|non-fast-forward|already exists|failed to update ref|cannot lock ref|failed to lock|incorrect old value|unable to lock/;

/** Reasons that only say that another ref is the cause. */
const SECONDARY = /atomic (?:push|transaction) fail/;

/** What rejected refs mean for the whole push. Fails with `push-refused` on a rule of the remote. */
export function judgeRejections(
  rejected: readonly Rejection[],
  words: string,
  count: number,
  url: string,
): PushOutcome {
  if (rejected.length === 0) return { kind: 'pushed' };
  const causes = rejected.filter(({ reason }) => !SECONDARY.test(reason));
  const refusal = causes.find(({ reason }) => !STALE.test(reason));
  if (refusal === undefined) return { kind: 'stale', words: rejected[0]?.reason ?? '' };
  const { ref, reason } = refusal;
  const said = cleanWords(words);
  const rest = count > 1 ? `, so that none of ${count} refs moved` : '';
  throw new GitError(
    'push-refused',
    `${url} refused ${ref}${rest}: ${[reason, said].filter(Boolean).join(': ')}`,
    {
      data: { ref, reason, words: said },
      hint: hintOf(`${reason} ${said}`),
    },
  );
}

/** GitHub takes files under `.github/workflows` only of a token that may change workflows. */
function hintOf(said: string): string {
  if (/without `?workflows?`? (?:scope|permission)/.test(said)) {
    return 'give the token the right to change workflows (scope workflow; of a fine-grained token or an App, the permission Workflows: write), or do not deliver files there';
  }
  return 'the remote has a rule against this push: see its words, its hooks and its protections';
}

/** A remote's words without terminal control characters and empty lines. */
function cleanWords(words: string): string {
  return words
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\0-\x1f\x7f-\x9f]/g, '').trim())
    .filter((line) => line !== '')
    .join('\n');
}
