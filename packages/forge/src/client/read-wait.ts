import type { Answer } from './answer.js';

/** How long an answer asks to wait when it does not say: GitHub's advice for secondary limits. */
const unsaidSeconds = 60;

/**
 * Until when an answer asks to wait: `retry-after` (seconds or a date), or the reset time of a limit
 * that is used up. Undefined when the answer is about no limit.
 */
export function readWait({ status, headers, body }: Answer, now: Date): Date | undefined {
  if (status !== 429 && status !== 403 && status !== 503) return undefined;
  const after = headers['retry-after'];
  if (after !== undefined) return parseAfter(after, now);
  if (status === 503) return undefined;
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset']);
  if (remaining === '0' && Number.isFinite(reset) && reset > 0) {
    return new Date(Math.max(reset * 1000, now.getTime() + 1000));
  }
  const secondary = /secondary rate limit|abuse detection/i.test(messageOf(body));
  return status === 429 || secondary ? inSeconds(now, unsaidSeconds) : undefined;
}

function parseAfter(text: string, now: Date): Date {
  if (/^\d{1,9}$/.test(text.trim())) return inSeconds(now, Number(text));
  const date = Date.parse(text);
  return Number.isNaN(date) ? inSeconds(now, unsaidSeconds) : new Date(date);
}

function inSeconds(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

/** What a server says went wrong, on one line and not too long. */
export function messageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { message, error, errors } = body as Record<string, unknown>;
  const words = [message, error, errors].flatMap(wordsOf);
  return words.join('; ').replace(/\s+/g, ' ').slice(0, 300).toWellFormed();
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.slice(0, 5).flatMap(wordsOf);
  if (typeof value !== 'object' || value === null) return [];
  const { message, field, code } = value as Record<string, unknown>;
  if (typeof message === 'string') return [message];
  const parts = [field, code].filter((part) => typeof part === 'string');
  if (parts.length > 0) return [parts.join(' ')];
  return Object.entries(value)
    .slice(0, 5)
    .flatMap(([name, inner]) => wordsOf(inner).map((word) => `${name} ${word}`));
}
