import { digestHex } from '#digest';

const encoder = new TextEncoder();

/**
 * The id that git gives a file of this content: the SHA-1 of `blob SIZE\0` and the bytes, in 40
 * lower-case hexadecimal digits. Equal to `git hash-object --no-filters`.
 */
export function hashBlob(content: Uint8Array): string {
  return digestHex('sha1', [encoder.encode(`blob ${content.byteLength}\0`), content]);
}

/** The SHA-256 of bytes, or of a text in UTF-8, in 64 lower-case hexadecimal digits. */
export function hashSha256(content: Uint8Array | string): string {
  return digestHex('sha256', [typeof content === 'string' ? encoder.encode(content) : content]);
}
