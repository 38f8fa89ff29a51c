import type { CredentialSource } from '@holdfast/git';
import type { FleetSurroundings } from '../surroundings.js';

/** GitHub, GitLab and others take any name beside a token; GitHub's apps want this one. */
const USERNAME = 'x-access-token';

/**
 * Gives the token of the environment for a URL: `HOLDFAST_GIT_TOKEN_<HOST>` (capitals, other
 * characters as `_`), or else `HOLDFAST_GIT_TOKEN`. It goes out encrypted, or to this machine, alone.
 * Undefined when the environment holds no token: git's own credential helpers are asked then.
 */
export function readCredentials(
  environment: FleetSurroundings['environment'],
): CredentialSource | undefined {
  const named = Object.keys(environment).some((name) => /^HOLDFAST_GIT_TOKEN(_|$)/.test(name));
  if (!named) return undefined;
  return async (url) => {
    const { protocol, hostname } = new URL(url);
    const password =
      environment[`HOLDFAST_GIT_TOKEN_${hostname.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`] ||
      environment['HOLDFAST_GIT_TOKEN'];
    const safe = protocol === 'https:' || isLoopback(hostname);
    return password && safe ? { username: USERNAME, password } : undefined;
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
