import type { RemoteOptions } from '../backend.js';
import { createEmbeddedRemote } from '../embedded/embedded-remote.js';
import { GitError } from '../git-error.js';
import type { Remote } from '../remote.js';
import type { Environment } from './git-environment.js';
import { createProgramRemote } from './program-remote.js';
import { runGit } from './run-git.js';

/** Packs of more bytes than this are left to git, which works them off as they come. */
const QUICK_BYTES = 32 * 1024 * 1024;

type NimbleOptions = RemoteOptions & { readonly environment: Environment };

/**
 * Speaks http(s) in this process, which is done before a program has started, and leaves to git what
 * only git can: other protocols, the proxies, certificates and rewritten URLs of the user's
 * configuration, the logins of credential helpers, shallow repositories, long histories.
 */
export function createNimbleRemote(options: NimbleOptions): Remote {
  const { url, limits, environment } = options;
  const byGit = createProgramRemote(options);
  if (!/^https?:/.test(url)) return byGit;
  const answerBytes = Math.min(limits.answerBytes, QUICK_BYTES);
  const direct = createEmbeddedRemote({ ...options, limits: { ...limits, answerBytes } });

  async function either<T>(work: (remote: Remote) => Promise<T>): Promise<T> {
    if (await isLeftToGit(options)) return work(byGit);
    try {
      return await work(direct);
    } catch (error) {
      if (!isForGit(error, options)) throw error;
      if (error.code !== 'too-large') originsOf(environment).add(new URL(url).origin);
      return work(byGit);
    }
  }

  return {
    fetch: () => either((remote) => remote.fetch()),
    push: (updates) => either((remote) => remote.push(updates)),
    ...(byGit.tidy ? { tidy: byGit.tidy } : {}),
    ...(direct.remember ? { remember: direct.remember } : {}),
  };
}

/** The failures that git may have a way around: its helpers know logins, and it other certificates. */
function isForGit(error: unknown, { credentials, limits }: RemoteOptions): error is GitError {
  if (!(error instanceof GitError)) return false;
  const { code, cause, data } = error;
  if (code === 'unsupported') return true;
  if (code === 'authentication') return credentials === undefined;
  if (code === 'too-large') {
    return data['limit'] === 'answerBytes' && limits.answerBytes > QUICK_BYTES;
  }
  const { code: reason = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === 'unreachable' && /CERT|SIGNATURE|TLS|SSL/.test(reason);
}

/** What was learnt of an environment: how its git is configured, and where it must be asked. */
const configured = new WeakMap<Environment, Promise<readonly string[]>>();
const origins = new WeakMap<Environment, Set<string>>();

function originsOf(environment: Environment): Set<string> {
  const known = origins.get(environment) ?? new Set();
  origins.set(environment, known);
  return known;
}

async function isLeftToGit(options: NimbleOptions): Promise<boolean> {
  const { environment } = options;
  const url = new URL(options.url);
  if (originsOf(environment).has(url.origin) || isProxied(url, environment)) return true;
  const known = configured.get(environment) ?? listSettings(options);
  configured.set(environment, known);
  known.catch(() => configured.delete(environment));
  const settings = await known;
  return settings.some(
    (name) => ROUTES.test(name) || (url.protocol === 'https:' && TRUST.test(name)),
  );
}

/** Settings and variables that lead requests elsewhere, or change them. */
const ROUTES =
  /^(?:url\..*|http\.(?:.*\.)?(?:proxy.*|extraheader|cookiefile|useragent|delegation|emptyauth|curloptresolve)|GIT_PROXY_COMMAND)$/i;

/** Those that say whom to trust. */
const TRUST = /^(?:http\.(?:.*\.)?(?:ssl.*|pinnedpubkey|schannel.*)|GIT_SSL_.*)$/i;

/** The names of what is set: in git's configuration, and in variables that are git's. */
async function listSettings({ environment, directory }: NimbleOptions): Promise<readonly string[]> {
  const { stdout } = await runGit(['config', '--list', '--name-only', '-z'], {
    directory,
    environment,
    purpose: 'network',
  });
  const variables = Object.keys(environment).filter((name) => environment[name]);
  return [...stdout.toString().split('\0'), ...variables];
}

/** Whether the variables that curl reads name a proxy for a URL. */
function isProxied({ protocol, hostname }: URL, environment: Environment): boolean {
  const read = (name: string): string =>
    environment[name.toLowerCase()] || environment[name.toUpperCase()] || '';
  if (read(`${protocol.slice(0, -1)}_proxy`) === '' && read('all_proxy') === '') return false;
  const exempt = read('no_proxy')
    .split(/[\s,]+/)
    .map((name) => name.replace(/^\./, ''));
  return !exempt.some(
    (name) => name !== '' && (name === '*' || `.${hostname}`.endsWith(`.${name}`)),
  );
}
