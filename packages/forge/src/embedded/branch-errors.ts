import { ForgeError } from '../port/forge-error.js';

/** The error for a branch that is not where its caller left it. */
export function headMoved(
  location: string,
  data: { branch: string; expected: string; actual: string },
): ForgeError {
  return new ForgeError(
    'head-moved',
    `${location}: branch ${data.branch}: expected commit ${data.expected}, got ${data.actual}`,
    { hint: 'Somebody pushed to the branch since: look at the new commits first.', data },
  );
}

/** The error for two branches that no merge can bring together. */
export function unrelatedHistories(
  location: string,
  { head, base }: { head: string; base: string },
): ForgeError {
  return new ForgeError(
    'unrelated-histories',
    `${location}: branches ${head} and ${base} have no commit in common`,
    { hint: `Build ${head} on a commit of ${base}.`, data: { head, base } },
  );
}
