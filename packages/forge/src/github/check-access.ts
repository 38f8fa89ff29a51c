import { z } from 'zod';

import { tokenKind } from '../auth/token-authorization.js';
import type { ForgeClient } from '../client/forge-client.js';
import type { HostAccess, RepositoryAccess } from '../remote/access.js';
import { GithubRepository } from './schema.js';

const User = z.object({ login: z.string() });

/** Who a token is on GitHub: a person, or the installation of an App. */
export async function checkHostAccess(
  client: ForgeClient,
  token: string | undefined,
): Promise<HostAccess> {
  const answer = await client.call({ method: 'GET', path: '/user', expect: [403, 404] });
  if (answer.status !== 200) {
    // An installation's token has no user of its own.
    return { identity: 'an installation of a GitHub App', missing: [] };
  }
  const { login } = User.parse(answer.body);
  const given = answer.headers['x-oauth-scopes'];
  const expires = answer.headers['github-authentication-token-expiration'];
  const scopes = given
    ?.split(',')
    .map((scope) => scope.trim())
    .filter(Boolean);
  const isClassic = token === undefined || tokenKind(token) === 'github-token';
  return {
    identity: login,
    ...(scopes ? { scopes } : {}),
    ...(expires ? { expiresAt: expires } : {}),
    missing: scopes && isClassic ? missingScopes(scopes) : [],
  };
}

function missingScopes(scopes: readonly string[]): string[] {
  const missing: string[] = [];
  if (!scopes.includes('repo')) missing.push('scope repo: to push and to open requests');
  if (!scopes.includes('workflow')) {
    missing.push('scope workflow: only to deliver files under .github/workflows');
  }
  return missing;
}

/** What a token may do in a repository. */
export async function checkRepositoryAccess(
  client: ForgeClient,
  path: string,
): Promise<RepositoryAccess> {
  const repository = await client.readIf(
    { method: 'GET', path: `/repos/${path}` },
    GithubRepository,
  );
  if (repository === undefined) {
    return { path, state: 'hidden', missing: ['access to the repository, or it does not exist'] };
  }
  if (repository.archived) return { path, state: 'archived', missing: [] };
  if (repository.permissions?.push === false) {
    return { path, state: 'read-only', missing: ['contents: write, and pull requests: write'] };
  }
  return { path, state: 'ready', missing: [] };
}
