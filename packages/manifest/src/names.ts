const MAX_LENGTH = 100;
const NO_CREDENTIALS =
  'must not hold credentials: give them in the environment or a credential helper';
const NO_QUERY =
  'must not hold a ?query: give credentials in the environment or a credential helper';

/**
 * Says why a name cannot be both one component of a git ref and one name of a path on every file
 * system, or undefined when it can. Rule ids and the namespace are such names.
 */
export function checkName(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (name.length > MAX_LENGTH) return `must not be longer than ${MAX_LENGTH} characters`;
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return 'must hold only letters, digits, ., _ and -';
  if (!/^[A-Za-z0-9_]/.test(name)) return 'must begin with a letter, a digit or _';
  if (name.includes('..')) return 'must not hold ..';
  if (/\.(lock)?$/i.test(name)) return 'must not end in . or .lock';
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name))
    return 'must not be a device name of Windows';
  return undefined;
}

/** Says why a name of a repository (`owner/name`, or deeper) is not usable as one, or undefined. */
export function checkRepositoryName(name: string): string | undefined {
  const parts = name.split('/');
  const good = parts.every(
    (part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^(\.{1,2}|__proto__)$/.test(part),
  );
  if (good && name.length <= 2 * MAX_LENGTH) return undefined;
  return 'must be like owner/name, of letters, digits, ., _ and -';
}

/** Says why a text cannot be a branch name (by the rules of `git check-ref-format`), or undefined. */
export function checkBranchName(name: string): string | undefined {
  const bad =
    name === '' ||
    name.length > 2 * MAX_LENGTH ||
    name.startsWith('-') ||
    /[\p{Cc} ~^:?*[\\]|\.\.|@\{|^@$|\.$/u.test(name) ||
    name.split('/').some((part) => part === '' || part.startsWith('.') || /\.lock$/i.test(part));
  return bad ? 'must be a branch name that git accepts' : undefined;
}

/**
 * Says why a text cannot name where a repository lies, or undefined. Good are `https:`, `http:`,
 * `ssh:`, `git:` and `file:` URLs, `user@host:path`, and local paths. Credentials are refused: they
 * belong in the environment or a credential helper. No message repeats the text.
 */
export function checkLocation(location: string): string | undefined {
  if (location === '') return 'must not be empty';
  if (location.startsWith('-')) return 'must not begin with -';
  if (/\p{Cc}/u.test(location)) return 'must not hold control characters';
  const scheme = /^([a-z][a-z0-9+.-]*):(\/\/|:)/i.exec(location);
  if (!scheme) return /^[^/@]*:[^/@]*@/.test(location) ? NO_CREDENTIALS : undefined;
  const known = ['https', 'http', 'ssh', 'git', 'file'].includes((scheme[1] ?? '').toLowerCase());
  if (!known || scheme[2] === ':') return 'must be an https, http, ssh, git or file URL, or a path';
  const url = URL.parse(location);
  if (!url) return 'must be a well-formed URL';
  const isHttp = url.protocol.startsWith('http');
  if (url.password !== '' || (isHttp && url.username !== '')) return NO_CREDENTIALS;
  return isHttp && url.search !== '' ? NO_QUERY : undefined;
}

/**
 * Says why a text cannot be the URL of an HTTP endpoint, or undefined. Credentials are refused: they
 * belong in the environment. So is plain http to another machine, which would show them on the way.
 */
export function checkEndpoint(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || text !== text.trim())
    return 'must be an https URL';
  if (url.username !== '' || url.password !== '') return NO_CREDENTIALS;
  if (url.hash !== '') return 'must not hold a #fragment: it is not sent';
  const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || local ? undefined : 'must be an https URL, or on localhost';
}

/** Says why a text cannot be the name of a host, with or without a port, or undefined. */
export function checkHost(text: string): string | undefined {
  return text.length <= 255 && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/.test(text)
    ? undefined
    : 'must be the name of a host in lower case, such as git.example.com';
}

/** Says why a text cannot be the name of a request header that the user may set, or undefined. */
export function checkHeaderName(name: string): string | undefined {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name)) return 'must be the name of a header';
  return /^(?:host|content-(?:length|encoding)|transfer-encoding|connection|te|trailer|upgrade|expect|__proto__)$/i.test(
    name,
  )
    ? 'must not be a header that the connection itself needs'
    : undefined;
}

/** Says why a text cannot be the name of an environment variable, or undefined. */
export function checkVariableName(name: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name)
    ? undefined
    : 'must be the name of an environment variable, not a value';
}
