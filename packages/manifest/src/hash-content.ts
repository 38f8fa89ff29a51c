import { createHash, hash } from 'node:crypto';

/**
 * The id that git gives a file of this content: the SHA-1 of `blob SIZE\0` and the bytes, in 40
 * lower-case hexadecimal digits. Equal to `git hash-object --no-filters`.
 */
export function hashBlob(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}

/** The SHA-256 of the bytes, in 64 lower-case hexadecimal digits. */
export function hashSha256(content: Uint8Array): string {
  return hash('sha256', content, 'hex');
}
