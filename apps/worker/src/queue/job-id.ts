import { createHash } from 'node:crypto';

/**
 * The id of a target's job in a run: the same for the same run and target, so that a run taken apart
 * twice (its worker died in between) queues each target once. A UUID of version 8 (RFC 9562).
 */
export function targetJobId(run: string, target: string): string {
  const hex = createHash('sha256').update(`${run}\0${target}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
