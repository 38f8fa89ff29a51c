import { setTimeout } from 'node:timers/promises';
import {
  createAnswerCache,
  createAppAuthorization,
  createHostGate,
  createServerClient,
  defaultApiUrl,
  gitUserName,
  openServerForge,
  parseRepositoryPlace,
  tokenAuthorization,
} from '@holdfast/forge';
import type {
  AppAuthorization,
  Authorization,
  DiffRepository,
  Forge,
  ForgeClient,
  HostGate,
  ServerForgeKind,
} from '@holdfast/forge';
import type { CredentialSource } from '@holdfast/git';
import { hostOf } from '@holdfast/manifest';
import type { Configuration } from '@holdfast/manifest';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';
import { askHelper } from './ask-helper.js';
import { loginOf, type HostLogin } from './host-tokens.js';

/** A repository on a server, as the configuration names it. */
export interface ServerPlace {
  readonly kind: ServerForgeKind;
  readonly url: string;
  readonly apiUrl?: string;
}

/** Where a login comes from: the name of a variable, or git's credential helper. */
export type LoginSource =
  | { readonly kind: 'token' | 'app'; readonly variable: string }
  | { readonly kind: 'helper' }
  | { readonly kind: 'none' };

/** The forges of a fleet: one gate a host, one client a repository or organisation. */
export interface Forges {
  open(place: ServerPlace, repository: DiffRepository): Forge;
  /** The client for a place, which speaks for `owner/name` where a GitHub App logs in. */
  client(kind: ServerForgeKind, host: string, path: string, apiUrl?: string): ForgeClient;
  /** How git logs in at the host of a place; undefined: git's own helpers are asked. */
  credentials(url: string): CredentialSource | undefined;
  /** Where the login of a host comes from, and the token itself for those who must look at its kind. */
  login(host: string): Promise<{ readonly source: LoginSource; readonly token?: string }>;
}

/** GitHub asks for a second between two calls that write. */
const GITHUB_WRITE_INTERVAL = 1000;

/** The answers that are kept, over all hosts. */
const CACHED_ANSWERS = 5000;

/** What the forges of a configuration stand on. */
export function openForges(configuration: Configuration, surroundings: FleetSurroundings): Forges {
  const { environment, clock, signal } = surroundings;
  const hosts = hostsOf(configuration);
  const cache = createAnswerCache({ limit: CACHED_ANSWERS });
  const gates = new Map<string, HostGate>();
  const apps = new Map<string, AppAuthorization>();
  const helped = new Map<string, Promise<string | undefined>>();

  const sleep = async (milliseconds: number) => {
    await setTimeout(milliseconds, undefined, { signal });
  };

  function gateOf(host: string): HostGate {
    const options = configuration.forges[host];
    const interval = host === 'github.com' ? GITHUB_WRITE_INTERVAL : 0;
    const gate =
      gates.get(host) ??
      createHostGate(host, {
        clock,
        sleep,
        writeIntervalMs: options?.write_interval_ms ?? interval,
        ...(options?.concurrency === undefined ? {} : { concurrency: options.concurrency }),
        ...(options?.requests_per_hour === undefined
          ? {}
          : { requestsPerHour: options.requests_per_hour }),
      });
    gates.set(host, gate);
    return gate;
  }

  function appOf(login: HostLogin & { kind: 'app' }, apiUrl: string): AppAuthorization {
    const app = apps.get(apiUrl) ?? createAppAuthorization({ ...login, apiUrl });
    apps.set(apiUrl, app);
    return app;
  }

  function helperOf(host: string): Promise<string | undefined> {
    const answer = helped.get(host) ?? askHelper(host, surroundings);
    helped.set(host, answer);
    return answer;
  }

  /** A login is the host's own; an API elsewhere needs one of its own name. */
  function authorizationOf(
    kind: ServerForgeKind,
    host: string,
    path: string,
    apiUrl: string,
  ): Authorization {
    const api = new URL(apiUrl);
    const own = defaultApiUrl(kind, host) === apiUrl || api.host === host;
    const holder = own ? host : api.host;
    const safe = api.protocol === 'https:' || isLoopback(api.hostname);
    if (!safe) return { headers: async () => ({}) };
    const login = loginOf(environment, holder, own ? hosts : [...hosts, holder]);
    if (login?.kind === 'app') return appOf(login, apiUrl).forRepository(path);
    if (login) return tokenAuthorization(kind, login.token);
    return {
      async headers() {
        const token = await helperOf(holder);
        return token === undefined ? {} : tokenAuthorization(kind, token).headers();
      },
    };
  }

  function client(kind: ServerForgeKind, host: string, path: string, url?: string): ForgeClient {
    const apiUrl = url ?? defaultApiUrl(kind, host);
    return createServerClient(kind, {
      apiUrl,
      authorization: authorizationOf(kind, host, path, apiUrl),
      gate: gateOf(host),
      cache,
      clock,
      sleep,
      signal,
    });
  }

  return {
    client,
    open({ kind, url, apiUrl }, repository) {
      const { host, path } = placeOf(url);
      return openServerForge(kind, {
        client: client(kind, host, path, apiUrl),
        path,
        repository,
        sleep,
      });
    },
    credentials(url) {
      const place = parseRepositoryPlace(url);
      const own = place?.host ?? webHostOf(url);
      const login = own === undefined ? undefined : loginOf(environment, own, hosts);
      if (!login) return undefined;
      return async (origin) => {
        const { protocol, host, hostname } = new URL(origin);
        if (host !== own || !(protocol === 'https:' || isLoopback(hostname))) return undefined;
        if (login.kind === 'token') {
          return { username: gitUserName(login.token), password: login.token };
        }
        if (!place) return undefined; // an app logs in to a repository of an owner
        const app = appOf(login, defaultApiUrl('github', place.host));
        return { username: 'x-access-token', password: await app.token(place.path) };
      };
    },
    async login(host) {
      const login = loginOf(environment, host, hosts);
      if (login?.kind === 'app') return { source: { kind: 'app', variable: login.variable } };
      if (login) {
        return { source: { kind: 'token', variable: login.variable }, token: login.token };
      }
      const token = await helperOf(host);
      return token === undefined
        ? { source: { kind: 'none' } }
        : { source: { kind: 'helper' }, token };
    },
  };
}

/** The hosts that a configuration names, with ports where its URLs do. */
export function hostsOf({ source, targets, targets_from: from }: Configuration): string[] {
  const urls = [source.repo, ...Object.values(targets).map(({ url }) => url)];
  const hosts = urls.flatMap((url) => parseRepositoryPlace(url)?.host ?? hostOf(url) ?? []);
  const found = (['github', 'gitlab', 'forgejo'] as const).flatMap((kind) => {
    const query = from?.[kind];
    return query ? (query.host ?? publicHosts[kind]) : [];
  });
  return [...new Set([...hosts, ...found])];
}

/** Where a forge is when nothing else is said. */
export const publicHosts: Record<ServerForgeKind, string> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  forgejo: 'codeberg.org',
};

function placeOf(url: string) {
  const place = parseRepositoryPlace(url);
  if (place) return place;
  throw new FleetError('bad-argument', `${JSON.stringify(url)} names no repository on a host`, {
    hint: 'give a URL such as https://github.com/org/repository.git',
  });
}

/** The host of a git server that serves repositories at any path, such as `https://git.example.com/web.git`. */
function webHostOf(url: string): string | undefined {
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url).host : undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
