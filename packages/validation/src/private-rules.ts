import type { SecretRule, Surroundings } from './secret-rule.js';

/**
 * Places that mean something only on the author's machine or in the author's network, judged by where they stand: in
 * prose and links they lead nowhere; in code they are mostly a container's or an example's.
 */
export const privateRules: readonly SecretRule[] = [
  {
    id: 'home-directory',
    name: 'a path in a home directory',
    keywords: ['/home/', '/Users/', '\\Users\\'],
    pattern:
      /(?<![\w.~}\])-])(?:[A-Za-z]:)?(?:\/home\/|\/Users\/|\\{1,2}Users\\{1,2})(?<name>[A-Za-z0-9._-]{1,64})(?=[/\\])/y,
    accept: isSomeonesHome,
  },
  {
    id: 'home-directory',
    name: 'a path in a home directory',
    keywords: [':\\Users\\', ':/Users/'],
    pattern:
      /(?<=(?<!\w)[A-Za-z]):(?:\\{1,2}|\/)Users(?:\\{1,2}|\/)(?<name>[A-Za-z0-9._-]{1,64})(?=[/\\])/iy,
    accept: isSomeonesHome,
  },
  {
    id: 'file-url',
    name: 'a link to a file of one machine',
    keywords: ['](file://', 'href="file://', "href='file://"],
    pattern: /(?:\]\(|href=["'])file:\/\/(?:localhost)?\/[\w.~%-]{1,100}\/[\w./~%-]{1,300}/iy,
    accept: ([match], { inCode }) => !/\/(?:path|example|tmp|dev|etc)\//i.test(match) && !inCode(),
  },
  {
    id: 'internal-host',
    name: 'a host of a private network',
    keywords: ['://'],
    pattern:
      /:\/\/(?:[^\s/@"'`<>]{1,100}@)?(?<host>(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}|(?:[a-z0-9-]{1,63}\.){1,8}(?:internal|intranet|corp|lan|local|localdomain|private))(?![\w.-])/iy,
    accept: isSomeonesHost,
  },
];

/**
 * A home whose owner is a person: whose name the text uses for nothing else. In code, `/home/NAME` is mostly an image's;
 * there a person's home has what people keep in theirs.
 */
function isSomeonesHome(match: RegExpExecArray, around: Surroundings): boolean {
  const name = match.groups?.['name'] ?? '';
  if (exampleUsers.has(name.toLowerCase()) || /^[.-]|^x+$/i.test(name)) return false;
  if (/user|name|example|test|ci$|bot|build|agent|service/i.test(name)) return false;
  if (around.usesWord(name)) return false;
  if (!around.inCode() || !match[0].startsWith('/home/')) return true;
  const end = match.index + match[0].length;
  return personalFolder.test(match.input.slice(end, end + 20));
}

const personalFolder =
  /^\/(?:Desktop|Documents|Downloads|Dropbox|Pictures|projects?|work|notes|\.ssh|\.aws|\.kube)(?![\w-])/i;

/** In code, an address or a name of a private network is an example, or what the reader has as well. */
function isSomeonesHost({ groups }: RegExpExecArray, around: Surroundings): boolean {
  const host = groups?.['host'] ?? '';
  if (knownHosts.test(host) || exampleHost.test(host)) return false;
  return !around.inCode();
}

const knownHosts =
  /^(?:host\.docker\.internal|gateway\.docker\.internal|metadata\.google\.internal|(?:.*\.)?cluster\.local|.*\.svc\.local|(?:.*\.)?example\.\w+)$/i;

const exampleHost =
  /(?:^|[.-])(?:my|your|some|foo|bar|example|test|sample|demo|acme-example|host|server|hostname|domain)(?:[.-]|$)|^(?:192\.168\.[01]\.\d+|10\.0\.0\.\d+|10\.0\.\d\.\d+|10\.10\.10\.\d+)$/i;

/** Names that stand for "your name here" and the accounts of images and runners. */
const exampleUsers: ReadonlySet<string> = new Set(
  'www-data git docker vagrant ec2-user centos debian fedora azureuser opc pi postgres mysql redis nginx jenkins airflow appuser nonroot nobody guest circleci vsts travis gitlab-runner kubernetes you_know user users username user-name user_name you your-name yourname name me example foo bar alice bob john jane runner node vscode ubuntu app admin root coder codespace gitpod jovyan linuxbrew public shared default dev developer someone somebody username'.split(
    ' ',
  ),
);
