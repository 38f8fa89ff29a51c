import { createHmac, timingSafeEqual } from 'node:crypto';
import { tokenDigest } from '../store/settings.js';

/** What somebody may do: `look` at everything, or also `act`: start runs, approve, halt. */
export type Role = 'look' | 'act';

/** Who asks. */
export interface Identity {
  readonly name: string;
  readonly role: Role;
}

/** How long a sign-in lasts. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** Makes the value of a session's cookie: readable, and signed so that nobody else can make one. */
export function sealSession(identity: Identity, { key, now }: { key: Buffer; now: Date }): string {
  const expires = Math.floor(now.getTime() / 1000) + SESSION_SECONDS;
  const body = Buffer.from(JSON.stringify([identity.name, identity.role, expires])).toString(
    'base64url',
  );
  return `${body}.${sign(body, key)}`;
}

/** Reads a session's cookie; undefined when it is not ours or too old. */
export function openSession(
  value: string,
  { key, now }: { key: Buffer; now: Date },
): Identity | undefined {
  const [body = '', signature = ''] = value.split('.');
  if (!equalText(signature, sign(body, key))) return undefined;
  const parsed = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, Role, number];
  const [name, role, expires] = parsed;
  return expires * 1000 > now.getTime() ? { name, role } : undefined;
}

/** The token that a page's forms carry: bound to the session, so that no other site can send one. */
export function formToken(session: string, key: Buffer): string {
  return sign(`form:${session}`, key);
}

function sign(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares in constant time. */
export function equalText(given: string, expected: string): boolean {
  return timingSafeEqual(
    Buffer.from(tokenDigest(given), 'hex'),
    Buffer.from(tokenDigest(expected), 'hex'),
  );
}
