import {
  checkHostAccess,
  checkRepositoryAccess,
  parseRepositoryPlace,
  tokenKind,
} from '@holdfast/forge';
import type { HostAccess, RepositoryAccess, ServerForgeKind } from '@holdfast/forge';
import type { Configuration } from '@holdfast/manifest';
import { toItemError } from '@holdfast/sync';
import type { ItemError } from '@holdfast/sync';
import type { FleetSurroundings } from '../surroundings.js';
import { openForges, publicHosts } from './open-forges.js';
import type { Forges, LoginSource } from './open-forges.js';
import { variableEnding } from './host-tokens.js';

/** How a host is logged in at, and what that may do; never the secret itself. */
export interface HostAuth {
  readonly host: string;
  readonly forge: ServerForgeKind;
  /** Where the login comes from. */
  readonly source: LoginSource;
  /** What kind of token it is, by its beginning. */
  readonly token?: string;
  readonly access?: HostAccess;
  readonly repositories: readonly RepositoryAccess[];
  readonly error?: ItemError;
  /** What to do next where there is no login. */
  readonly hint?: string;
}

interface Place {
  readonly kind: ServerForgeKind;
  readonly host: string;
  readonly path: string;
  readonly apiUrl?: string;
}

/** At most so many repositories of a host are looked at one by one. */
const LOOKED_AT = 50;

/** Checks, host by host, which login the targets of a configuration use and what it may do there. */
export async function checkAuth(
  configuration: Configuration,
  surroundings: FleetSurroundings,
): Promise<HostAuth[]> {
  const forges = openForges(configuration, surroundings);
  const byHost = Map.groupBy(placesOf(configuration), ({ host }) => host);
  const checked: HostAuth[] = [];
  for (const [host, places] of [...byHost].sort(([a], [b]) => (a < b ? -1 : 1))) {
    checked.push(await checkHost(forges, host, places));
  }
  return checked;
}

async function checkHost(
  forges: Forges,
  host: string,
  places: readonly Place[],
): Promise<HostAuth> {
  const [{ kind, path, apiUrl }] = places as [Place];
  const { source, token } = await forges.login(host);
  const about = { host, forge: kind, source, ...(token ? { token: tokenKind(token) } : {}) };
  if (source.kind === 'none') {
    const hint = `give a token in HOLDFAST_GIT_TOKEN_${variableEnding(host)}, or to git's credential helper`;
    return { ...about, repositories: [], hint };
  }
  const client = forges.client(kind, host, path, apiUrl);
  try {
    const access = await checkHostAccess(kind, client, token);
    const repositories: RepositoryAccess[] = [];
    const named = places.filter((place) => !place.path.endsWith('/')).slice(0, LOOKED_AT);
    for (const place of named) {
      const own = forges.client(kind, host, place.path, place.apiUrl);
      repositories.push(await checkRepositoryAccess(kind, own, place.path));
    }
    return { ...about, access, repositories };
  } catch (error) {
    return { ...about, repositories: [], error: toItemError(error) };
  }
}

function placesOf({ targets, targets_from: from }: Configuration): Place[] {
  const listed = Object.values(targets).flatMap(({ url, forge, api_url: apiUrl }) => {
    const place = parseRepositoryPlace(url);
    if (forge === 'embedded' || !place) return [];
    return [{ kind: forge, ...place, ...(apiUrl === undefined ? {} : { apiUrl }) }];
  });
  const found = (['github', 'gitlab', 'forgejo'] as const).flatMap((kind) => {
    const query = from?.[kind];
    if (!query) return [];
    const owner = 'org' in query ? query.org : query.group;
    const apiUrl = query.api_url === undefined ? {} : { apiUrl: query.api_url };
    return [{ kind, host: query.host ?? publicHosts[kind], path: `${owner}/`, ...apiUrl }];
  });
  return [...listed, ...found];
}
