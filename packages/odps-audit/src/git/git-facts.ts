/** What the audit needs to know of the repository that the project stands in. */
export type GitFacts =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'repository';
      /** The folder of the project inside the repository, `''` for its root. */
      readonly path: string;
      /** The URL of `origin`, or of the only remote, as git has it; it may hold a token. */
      readonly remote: string | undefined;
      /** The branch that `origin/HEAD` leads to. */
      readonly defaultBranch: string | undefined;
      /** The branch that is checked out; undefined where HEAD is detached. */
      readonly branch: string | undefined;
    };

/** The branch that the platform should follow: never just what happens to be checked out. */
export function connectionBranch(git: GitFacts): string | undefined {
  if (git.kind === 'none') return undefined;
  if (git.defaultBranch !== undefined) return git.defaultBranch;
  return git.branch !== undefined && ['main', 'master', 'trunk'].includes(git.branch)
    ? git.branch
    : undefined;
}
