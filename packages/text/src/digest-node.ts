import { createHash, hash } from 'node:crypto';

/** The digest of the parts, one after the other, in lower-case hexadecimal digits; by Node's own implementation. */
export function digestHex(algorithm: 'sha1' | 'sha256', parts: readonly Uint8Array[]): string {
  const [only, ...others] = parts;
  if (only && others.length === 0) return hash(algorithm, only, 'hex');
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return digest.digest('hex');
}
