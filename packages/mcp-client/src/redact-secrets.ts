import type { ServerAddress } from './server-address.js';

/** Values shorter than this are words rather than secrets. */
const minLength = 6;

/**
 * A function that takes what an address keeps secret out of texts: the values of environment variables and headers, and
 * credentials and queries of a URL.
 */
export function createRedactor(address: ServerAddress): (text: string) => string {
  const secrets = secretsOf(address)
    .filter((secret) => secret.length >= minLength)
    .sort((left, right) => right.length - left.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

function secretsOf(address: ServerAddress): string[] {
  if (address.kind === 'stdio') return Object.values(address.env);
  const { username, password, search, searchParams } = new URL(address.url);
  const headers = Object.values(address.headers).flatMap((value) => [value, ...value.split(' ')]);
  return [...headers, username, password, search, ...searchParams.values()];
}

/** Names of variables and headers whose values nobody but the server may see. */
const secretName =
  /token|secret|passw|credential|api[_-]?key|private[_-]?key|authorization|cookie|auth$/i;

/**
 * A function that takes the values of an address that are secret by their names out of all texts of a JSON value; undefined
 * where the address has none. A value without any comes back as it is.
 */
export function createValueRedactor(
  address: ServerAddress,
): ((value: unknown) => unknown) | undefined {
  const secrets = namedSecretsOf(address).filter((secret) => secret.length >= minLength);
  if (secrets.length === 0) return undefined;
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string')
      return secrets.reduce((left, secret) => left.replaceAll(secret, '***'), value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(redact);
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, redact(part)]));
  };
  return (value) => {
    const text = JSON.stringify(value) ?? '';
    return secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)))
      ? redact(value)
      : value;
  };
}

function namedSecretsOf(address: ServerAddress): string[] {
  const entries = Object.entries(address.kind === 'stdio' ? address.env : address.headers);
  const named = entries.filter(([name]) => secretName.test(name)).map(([, value]) => value);
  const words = named.flatMap((value) => [value, ...value.split(' ')]);
  if (address.kind === 'stdio') return words;
  const { password } = new URL(address.url);
  return [...words, password];
}
