import { z } from 'zod';

import type { ForgeClient } from '../client/forge-client.js';
import type { HostAccess, RepositoryAccess } from '../remote/access.js';
import { ForgejoRepository } from './schema.js';

const User = z.object({ login: z.string() });

/** Who a token is on Forgejo; a token without the right to read its user does not say. */
export async function checkHostAccess(client: ForgeClient): Promise<HostAccess> {
  const answer = await client.call({ method: 'GET', path: '/user', expect: [403] });
  const { data } = User.safeParse(answer.body);
  if (answer.status !== 200 || data === undefined) return { missing: [] };
  return { identity: data.login, missing: [] };
}

/** What a token may do in a repository. */
export async function checkRepositoryAccess(
  client: ForgeClient,
  path: string,
): Promise<RepositoryAccess> {
  const call = { method: 'GET', path: `/repos/${path}` } as const;
  const repository = await client.readIf(call, ForgejoRepository);
  if (repository === undefined) {
    return { path, state: 'hidden', missing: ['access to the repository, or it does not exist'] };
  }
  if (repository.archived) return { path, state: 'archived', missing: [] };
  if (repository.permissions?.push === false) {
    return { path, state: 'read-only', missing: ['write:repository and write:issue'] };
  }
  return { path, state: 'ready', missing: [] };
}
