import type { Signature } from './repository-port.js';

/** A date as records bear it: ISO 8601 in UTC, to the second, as precise as a commit's own date. */
export function formatMoment(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Who and when, as a commit bears it. */
export function sign(
  actor: { readonly name: string; readonly email: string },
  date: Date,
): Signature {
  return { ...actor, timestamp: Math.floor(date.getTime() / 1000), timezone: '+0000' };
}
