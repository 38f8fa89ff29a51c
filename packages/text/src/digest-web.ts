import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const algorithms = { sha1, sha256 };

/** The digest of the parts, one after the other, in lower-case hexadecimal digits; wherever JavaScript runs. */
export function digestHex(algorithm: 'sha1' | 'sha256', parts: readonly Uint8Array[]): string {
  const digest = algorithms[algorithm].create();
  for (const part of parts) digest.update(part);
  return bytesToHex(digest.digest());
}
