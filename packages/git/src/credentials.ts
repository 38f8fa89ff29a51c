import { GitError } from './git-error.js';

/** A user's name and password (or token) for a remote. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Gives what to log in with at a host; undefined: nothing. It is asked with the origin alone, such as
 * `https://git.example.com` or `http://127.0.0.1:8080`, so that what it gives depends on nothing else.
 */
export type CredentialSource = (origin: string) => Promise<Credentials | undefined>;

/**
 * The source that knows one login for each host (`git.example.com`, with `:PORT` where it is not the
 * protocol's own). No login goes to another host, and none over an unencrypted connection to another
 * machine.
 */
export function hostCredentials(logins: Readonly<Record<string, Credentials>>): CredentialSource {
  const known = new Map(
    Object.entries(logins).map(([host, login]) => [host.toLowerCase(), login] as const),
  );
  return (origin) => {
    const { protocol, host, hostname } = new URL(origin);
    const safe = protocol === 'https:' || isLoopback(hostname);
    return Promise.resolve(safe ? known.get(host) : undefined);
  };
}

/** Asks the source about an http(s) URL, and refuses an answer that could break out of git's credential protocol. */
export async function askCredentials(
  source: CredentialSource | undefined,
  url: string,
): Promise<Credentials | undefined> {
  if (source === undefined || !/^https?:/.test(url)) return undefined;
  const { origin } = new URL(url);
  const answer = await source(origin);
  if (answer !== undefined && /[\0\r\n]/.test(answer.username + answer.password)) {
    throw new GitError('authentication', `the credentials for ${origin} have line breaks`);
  }
  return answer;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
