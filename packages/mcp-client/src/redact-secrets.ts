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
