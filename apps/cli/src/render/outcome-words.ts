import type { Conflict, Outcome, OutcomeKind } from '@holdfast/sync';
import { dim, green, red, yellow } from '../markup.js';

interface Appearance {
  readonly sign: string;
  readonly paint: (text: string) => string;
  readonly words?: string;
}

const appearances: Record<Exclude<OutcomeKind, 'unchanged'>, Appearance> = {
  added: { sign: '+', paint: green },
  recreated: { sign: '+', paint: green, words: 'deleted downstream; comes back' },
  updated: { sign: '~', paint: yellow },
  merged: { sign: '~', paint: yellow, words: 'merged with the change made downstream' },
  overridden: { sign: '~', paint: yellow, words: 'the override is kept' },
  overwritten: { sign: '~', paint: yellow, words: 'replaces the version downstream' },
  removed: { sign: '-', paint: red },
  conflicted: { sign: '!', paint: red },
  unresolved: { sign: '!', paint: red, words: 'conflict markers are still there; left alone' },
  adopted: { sign: '=', paint: dim, words: 'there already; now recorded' },
  customised: { sign: '·', paint: dim, words: 'changed downstream; stays' },
  deleted: { sign: '·', paint: dim, words: 'deleted downstream; stays so' },
  protected: { sign: '·', paint: dim, words: 'protected by the rule' },
  forgotten: { sign: '·', paint: dim, words: 'neither delivered nor there any more' },
};

const conflictWords = {
  content: 'both sides changed the same lines',
  existing: 'was there before the first sync; no release matches it',
  'modify-delete': 'upstream removed it, downstream changed it; it stays',
  binary: 'both sides changed it, and it has no lines; it stays',
  type: 'a file on one side, a symbolic link on the other; it stays',
} as const;

const MAX_HUNK_LINES = 24;

/** The lines that show what becomes of one file: a sign, the path, a note; then its conflicts. */
export function renderOutcome(outcome: Outcome): string[] {
  const { path, kind, conflict } = outcome;
  if (kind === 'unchanged') return [];
  const { sign, paint } = appearances[kind];
  const note = noteOf(outcome, appearances[kind]);
  const hunks = (conflict?.hunks ?? []).flatMap((hunk) => renderHunk(hunk));
  return [`${paint(`${sign} ${path}`)}${note && dim(`  ${note}`)}`, ...hunks];
}

function noteOf({ drifted, kind, conflict, note }: Outcome, { words }: Appearance): string {
  const parts: string[] = [];
  if (drifted && kind !== 'merged' && kind !== 'customised') parts.push('drifted');
  if (conflict) parts.push(`conflict: ${conflictWords[conflict.kind]}${placesOf(conflict)}`);
  else if (words !== undefined) parts.push(words);
  if (note !== undefined) parts.push(note);
  return parts.join('; ');
}

const LISTED_KEYS = 5;

function placesOf({ ranges, keys = [] }: Conflict): string {
  if (ranges.length === 0) return '';
  const lines = `lines ${ranges.map(({ start, end }) => `${start}–${end}`).join(', ')}`;
  const more = keys.length > LISTED_KEYS ? ', …' : '';
  const named = keys.length > 0 ? `: ${keys.slice(0, LISTED_KEYS).join(', ')}${more}` : '';
  return ` (${lines}${named})`;
}

function renderHunk(hunk: string): string[] {
  const lines = hunk.split('\n');
  const shown = lines.slice(0, MAX_HUNK_LINES).map((line) => `    ${line}`);
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, dim(`    … ${rest} more lines`)] : shown;
}
