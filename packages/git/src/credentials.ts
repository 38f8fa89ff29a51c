import { GitError } from './git-error.js';

/** A user's name and password (or token) for a remote. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Gives what to log in with at a URL; undefined: nothing. */
export type CredentialSource = (url: string) => Promise<Credentials | undefined>;

/** Asks the source about an http(s) URL, and refuses an answer that could break out of git's credential protocol. */
export async function askCredentials(
  source: CredentialSource | undefined,
  url: string,
): Promise<Credentials | undefined> {
  if (!/^https?:/.test(url)) return undefined;
  const answer = await source?.(url);
  if (answer !== undefined && /[\0\r\n]/.test(answer.username + answer.password)) {
    throw new GitError('authentication', `the credentials for ${url} have line breaks`);
  }
  return answer;
}
