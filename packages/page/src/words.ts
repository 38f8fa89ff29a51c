/** How a word is coloured and shaped: good, to be watched, wrong, or neither. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm';

const tones: Readonly<Record<string, Tone>> = {
  Current: 'good',
  Behind: 'warn',
  Stale: 'warn',
  Drifted: 'warn',
  Conflict: 'bad',
  Failing: 'bad',
  Failed: 'bad',
  'Never synced': 'calm',
  Paused: 'calm',
  done: 'good',
  running: 'warn',
  queued: 'calm',
  failed: 'bad',
  halted: 'bad',
  aborted: 'bad',
};

/** The tone of a status, state or outcome; words that say nothing good or bad are calm. */
export function toneOf(word: string): Tone {
  return Object.hasOwn(tones, word) ? (tones[word] ?? 'calm') : 'calm';
}

/** `2026-11-24 17:30` in UTC, or an empty text. */
export function shortTime(iso: string | undefined): string {
  return iso === undefined ? '' : iso.slice(0, 16).replace('T', ' ');
}

/** Whole days between two moments; never less than none. */
export function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000));
}

/** `1 target`, `2 targets`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

/** Only web addresses become links: what a forge or manifest says may be anything. */
export function safeUrl(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}
