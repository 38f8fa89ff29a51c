import { z } from 'zod';

import { tokenKind } from '../auth/token-authorization.js';
import type { ForgeClient } from '../client/forge-client.js';
import type { HostAccess, RepositoryAccess } from '../remote/access.js';
import { GitlabProject } from './schema.js';

const User = z.object({ username: z.string() });
const Token = z.object({ scopes: z.array(z.string()), expires_at: z.string().nullish() });

/** GitLab's level from which one may push and merge. */
const developer = 30;

/** Who a token is on GitLab: a person, the bot of a project or group, or a job. */
export async function checkHostAccess(
  client: ForgeClient,
  token: string | undefined,
): Promise<HostAccess> {
  if (token !== undefined && tokenKind(token) === 'gitlab-job') {
    const missing = ['the right to open requests: a job token can push, and little more'];
    return { identity: 'a CI job', missing };
  }
  if (token !== undefined && tokenKind(token) === 'gitlab-deploy') {
    return { identity: 'a deploy token', missing: ['the API: a deploy token serves git alone'] };
  }
  const { username } = await client.read({ method: 'GET', path: '/user' }, User);
  const path = '/personal_access_tokens/self';
  const own = await client.call({ method: 'GET', path, expect: [400, 401, 403, 404] });
  const { data } = Token.safeParse(own.body);
  if (own.status !== 200 || data === undefined) return { identity: username, missing: [] };
  const { scopes, expires_at: expiresAt } = data;
  return {
    identity: username,
    scopes,
    ...(expiresAt ? { expiresAt } : {}),
    missing: scopes.includes('api') ? [] : ['scope api: to open requests'],
  };
}

/** What a token may do in a project. */
export async function checkRepositoryAccess(
  client: ForgeClient,
  path: string,
): Promise<RepositoryAccess> {
  const call = { method: 'GET', path: `/projects/${encodeURIComponent(path)}` } as const;
  const project = await client.readIf(call, GitlabProject);
  if (project === undefined) {
    return { path, state: 'hidden', missing: ['access to the project, or it does not exist'] };
  }
  if (project.archived) return { path, state: 'archived', missing: [] };
  const { project_access: own, group_access: group } = project.permissions ?? {};
  const level = Math.max(own?.access_level ?? 0, group?.access_level ?? 0);
  if (project.permissions && level < developer) {
    return { path, state: 'read-only', missing: ['the role Developer or higher'] };
  }
  return { path, state: 'ready', missing: [] };
}
