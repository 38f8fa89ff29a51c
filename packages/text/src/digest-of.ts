import { hashSha256 } from './hash.js';

/**
 * SHA-256, in hexadecimal, of a plain value (JSON's kinds and `undefined`), independent of the order in
 * which keys were written.
 */
export function digestOf(value: unknown): string {
  return hashSha256(canonicalJson(value));
}

/** JSON with sorted keys. Members that are `undefined` are left out, as `JSON.stringify` does. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
