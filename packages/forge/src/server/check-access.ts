import type { ForgeClient } from '../client/forge-client.js';
import * as forgejo from '../forgejo/check-access.js';
import * as github from '../github/check-access.js';
import * as gitlab from '../gitlab/check-access.js';
import type { ServerForgeKind } from '../port/forge.js';
import type { HostAccess, RepositoryAccess } from '../remote/access.js';

/** Who a client's token is on its host, and what is missing. The token itself is never in the answer. */
export function checkHostAccess(
  kind: ServerForgeKind,
  client: ForgeClient,
  token?: string,
): Promise<HostAccess> {
  return access[kind].host(client, token);
}

/** What a client's token may do in a repository. */
export function checkRepositoryAccess(
  kind: ServerForgeKind,
  client: ForgeClient,
  path: string,
): Promise<RepositoryAccess> {
  return access[kind].repository(client, path);
}

const access = {
  github: { host: github.checkHostAccess, repository: github.checkRepositoryAccess },
  gitlab: { host: gitlab.checkHostAccess, repository: gitlab.checkRepositoryAccess },
  forgejo: { host: forgejo.checkHostAccess, repository: forgejo.checkRepositoryAccess },
};
