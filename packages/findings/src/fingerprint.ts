import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Finding } from './finding.js';

/**
 * What identifies a finding from one run to the next, as text: its rule, its file and what it says, not its line, which
 * moves with every edit above it. A rule whose messages change (counts, times) sets `data.fingerprint`, which then
 * stands in the message's place.
 */
export function identityOf({ ruleId, path, message, data }: Finding): string {
  const own = data?.['fingerprint'];
  return JSON.stringify([ruleId, path, typeof own === 'string' ? { own } : message]);
}

/** The identity of a finding in 32 hexadecimal digits, of a SHA-256. */
export function fingerprintOf(finding: Finding): string {
  return bytesToHex(sha256(utf8ToBytes(identityOf(finding)))).slice(0, 32);
}
