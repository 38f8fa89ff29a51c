/** The kinds of git hosting that the platform knows. */
export type GitConnectionType = 'github' | 'gitlab' | 'bitbucket' | 'azuredevops';

/** A remote as the platform wants it: an HTTPS URL, without user, token, port of another protocol or `.git`. */
export interface NormalRemote {
  /** For example `https://github.com/org/repo`. */
  readonly url: string;
  /** Told from the host; undefined for a host that may be anything. */
  readonly type?: GitConnectionType;
  /** The URL of the host, only where it is self-hosted. */
  readonly host?: string;
}

const SCP_LIKE = /^(?:[^@/\s]+@)?((?:\[[^\]]+\]|[^:/\s[\]])+):(?!\/\/)(.+)$/;
const WINDOWS_PATH = /^[a-z]:[\\/]/i;

/**
 * Turns the URL of a git remote, in any of the forms that git takes, into the HTTPS URL under which the platform
 * finds the repository. Users and tokens are dropped. Undefined for what leads to no host: a path, `file:`, a bundle.
 */
export function normalizeRemote(remote: string): NormalRemote | undefined {
  const parsed = parseRemote(remote.trim());
  if (!parsed) return undefined;
  const azure = azureUrl(parsed);
  if (azure) return { url: azure, type: 'azuredevops' };
  const path = cleanPath(parsed.path);
  if (path === '') return undefined;
  const origin = `https://${parsed.host}${parsed.port === '' ? '' : `:${parsed.port}`}`;
  const type = SAAS.get(parsed.host);
  const url = `${origin}/${path}`;
  if (type) return { url: `https://${parsed.host}/${path}`, type };
  const named = guessType(parsed.host);
  return { url, ...(named && { type: named }), host: origin };
}

/** Whether two repository URLs lead to one repository: after normalising, and without regard to case. */
export function isSameRemote(one: string, other: string): boolean {
  const left = normalizeRemote(one)?.url ?? one;
  const right = normalizeRemote(other)?.url ?? other;
  return left.toLowerCase() === right.toLowerCase();
}

const SAAS: ReadonlyMap<string, GitConnectionType> = new Map([
  ['github.com', 'github'],
  ['gitlab.com', 'gitlab'],
  ['bitbucket.org', 'bitbucket'],
]);

/** A self-hosted instance often says in its name what it is: `gitlab.example.com`. */
function guessType(host: string): GitConnectionType | undefined {
  const labels = host.split('.');
  if (labels.includes('gitlab')) return 'gitlab';
  if (labels.includes('github') || host.endsWith('.ghe.com')) return 'github';
  return labels.includes('bitbucket') ? 'bitbucket' : undefined;
}

interface Remote {
  readonly host: string;
  /** Of an HTTP URL alone: the port of ssh says nothing about the web. */
  readonly port: string;
  readonly path: string;
}

function parseRemote(remote: string): Remote | undefined {
  if (remote === '' || WINDOWS_PATH.test(remote) || /[\p{Cc}\\]/u.test(remote)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(remote)) return parseUrl(remote);
  const scp = SCP_LIKE.exec(remote);
  return scp ? remoteOf(scp[1]!, '', scp[2]!) : undefined;
}

function parseUrl(remote: string): Remote | undefined {
  // `URL` keeps hosts of unknown protocols as they are: every one is read as HTTP.
  const protocol = /^[^:]+/
    .exec(remote)![0]
    .toLowerCase()
    .replace(/^git\+/, '');
  if (!['http', 'https', 'ssh', 'git'].includes(protocol)) return undefined;
  const web = protocol === 'http' || protocol === 'https';
  const url = URL.parse(`${web ? protocol : 'https'}${remote.slice(remote.indexOf('://'))}`);
  return url ? remoteOf(url.hostname, web ? url.port : '', url.pathname) : undefined;
}

function remoteOf(host: string, port: string, path: string): Remote | undefined {
  if (host === '' || !/^[\w.[\]:-]+$/.test(host)) return undefined;
  return { host: host.toLowerCase(), port, path };
}

function cleanPath(path: string): string {
  return path
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter((name) => name !== '' && name !== '.' && name !== '..')
    .join('/')
    .replace(/\.git$/i, '');
}

/** Azure DevOps has one web address and several of ssh, and an older host for each organisation. */
function azureUrl({ host, path }: Remote): string | undefined {
  const names = cleanPath(path).split('/');
  if (host === 'ssh.dev.azure.com' || host === 'vs-ssh.visualstudio.com') {
    const [version, organisation, project, repository] = names;
    if (!/^v\d+$/.test(version ?? '') || !organisation || !project || !repository) return undefined;
    return azure(organisation, project, repository);
  }
  const own = /^([^.]+)\.visualstudio\.com$/.exec(host)?.[1];
  if (host !== 'dev.azure.com' && own === undefined) return undefined;
  const [organisation, ...rest] = own === undefined ? names : [own, ...names];
  const inside = rest[0]?.toLowerCase() === 'defaultcollection' ? rest.slice(1) : rest;
  const marker = inside.indexOf('_git');
  const repository = inside[marker + 1];
  if (!organisation || marker < 0 || !repository) return undefined;
  return azure(organisation, inside[marker - 1] ?? repository, repository);
}

function azure(organisation: string, project: string, repository: string): string {
  const names = [organisation, project, '_git', repository].map(encodeName);
  return `https://dev.azure.com/${names.join('/')}`;
}

/** One spelling of a name, however it came: `my project` and `my%20project` are the same. */
function encodeName(name: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(name));
  } catch (error) {
    if (error instanceof URIError) return encodeURIComponent(name);
    throw error;
  }
}
