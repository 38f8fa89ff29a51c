import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery } from './forge-event.js';
import { readGitLabPayload, readHubPayload } from './payloads.js';

/** Secrets of webhooks by forge; a forge without one takes none. */
export interface WebhookSecrets {
  readonly github?: string;
  readonly gitlab?: string;
  readonly forgejo?: string;
}

/** Header values by lower-case name, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What came through the door. */
export type Received =
  | { readonly kind: 'delivery'; readonly delivery: Delivery; readonly digest: string }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 404 | 409; readonly reason: string };

/** What happened longer ago is refused: a kept delivery that someone plays back, or a queue gone wrong. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Reads one delivery: checks its signature in constant time, then its age, then its body. The digest
 * names what happened, not the delivery: a delivery that the forge repeats, or that somebody replays
 * under a new id, has the same.
 */
export function readDelivery(
  forge: keyof WebhookSecrets,
  { headers, body }: { readonly headers: Headers; readonly body: Buffer },
  { secrets, now }: { readonly secrets: WebhookSecrets; readonly now: Date },
): Received {
  const secret = secrets[forge];
  if (secret === undefined)
    return { kind: 'refused', status: 404, reason: `no secret for webhooks of ${forge} is set` };
  if (!isSigned(forge, headers, body, secret))
    return { kind: 'refused', status: 401, reason: 'the signature does not fit' };
  const parsed = parseJson(body);
  if (parsed === undefined)
    return { kind: 'refused', status: 400, reason: 'the body is not a JSON object' };
  const delivery =
    forge === 'gitlab'
      ? readGitLabPayload(parsed)
      : readHubPayload(forge, eventName(headers), parsed);
  if (!delivery)
    return { kind: 'refused', status: 400, reason: `the body is no ${eventName(headers)} event` };
  const sent = signedTime(headers) ?? delivery.at;
  if (sent && now.getTime() - sent.getTime() > MAX_AGE_MS)
    return {
      kind: 'refused',
      status: 409,
      reason: `it happened at ${sent.toISOString()}, over a day ago`,
    };
  return { kind: 'delivery', delivery, digest: digestOf(delivery) };
}

function isSigned(
  forge: keyof WebhookSecrets,
  headers: Headers,
  body: Buffer,
  secret: string,
): boolean {
  if (forge === 'gitlab') {
    const signed = headerOf(headers, 'webhook-signature');
    return signed === ''
      ? equal(headerOf(headers, 'x-gitlab-token'), secret)
      : isStandardSigned(headers, body, secret, signed);
  }
  const hex = createHmac('sha256', secret).update(body).digest('hex');
  if (forge === 'github') return equal(headerOf(headers, 'x-hub-signature-256'), `sha256=${hex}`);
  const own = headerOf(headers, 'x-forgejo-signature') || headerOf(headers, 'x-gitea-signature');
  return equal(own, hex);
}

/** The scheme of https://www.standardwebhooks.com, which GitLab signs with where a signing token is set. */
function isStandardSigned(headers: Headers, body: Buffer, secret: string, signed: string): boolean {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
  const hmac = createHmac('sha256', key)
    .update(`${headerOf(headers, 'webhook-id')}.${headerOf(headers, 'webhook-timestamp')}.`)
    .update(body)
    .digest('base64');
  return signed.split(' ').some((one) => equal(one, `v1,${hmac}`));
}

function signedTime(headers: Headers): Date | undefined {
  const seconds = headerOf(headers, 'webhook-timestamp');
  return /^\d{1,12}$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined;
}

/** Compares in a time that tells neither the place of a difference nor the length of the secret. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function headerOf(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

function eventName(headers: Headers): string {
  return (
    headerOf(headers, 'x-github-event') ||
    headerOf(headers, 'x-forgejo-event') ||
    headerOf(headers, 'x-gitea-event') ||
    headerOf(headers, 'x-gitlab-event')
  );
}

function parseJson(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function digestOf({ forge, event, repository, at }: Delivery): string {
  const what = JSON.stringify([
    forge,
    repository.name.toLowerCase(),
    event,
    at?.toISOString() ?? null,
  ]);
  return createHash('sha256').update(what).digest('hex');
}
