import type { Literal } from './formula.js';
import type { CharacterRange } from './character-class.js';
import { maxCodePoint } from './character-class.js';
import { lengthOf } from './evaluate.js';
import { endsMatch, startMatch, stepMatch, type MatchState } from './match-pattern.js';
import { found, none, open, type Outcome } from './outcome.js';
import type { Pattern } from './pattern.js';

/** Texts longer than this are not built. */
const maxLength = 20_000;
/** How much work one search may be: joint states that are visited, those of large patterns counting more. */
const maxWork = 20_000;

interface Wanted {
  least: number;
  most: number;
  patterns: { pattern: Pattern; holds: boolean }[];
  excluded: Set<string>;
}

/** A text for which the literals hold, a shortest one. */
export function solveString(literals: readonly Literal[]): Outcome {
  const wanted: Wanted = { least: 0, most: Infinity, patterns: [], excluded: new Set() };
  for (const { formula, holds } of literals) {
    if (formula.kind === 'minLength' || formula.kind === 'maxLength') {
      if ((formula.kind === 'minLength') === holds)
        wanted.least = Math.max(wanted.least, Math.ceil(holds ? formula.limit : formula.limit + 1));
      else
        wanted.most = Math.min(wanted.most, Math.floor(holds ? formula.limit : formula.limit - 1));
    } else if (formula.kind === 'pattern') {
      wanted.patterns.push({ pattern: formula.pattern, holds });
    } else if (formula.kind === 'values' && !holds) {
      for (const value of formula.values.values())
        if (typeof value === 'string') wanted.excluded.add(value);
    }
  }
  if (wanted.least > wanted.most) return none;
  if (wanted.least > maxLength) return open('minLength');
  return searchWords(wanted);
}

/** A text that leads to a joint state of the patterns. */
interface Word {
  text: string;
  states: readonly MatchState[];
}

/**
 * Walks the texts by length, those in the same joint state of all patterns together: as many of each as there are
 * excluded texts, and one. Lengths repeat once the set of states does, so that the walk ends.
 */
function searchWords({ least, most, patterns, excluded }: Wanted): Outcome {
  const enough = excluded.size + 1;
  const alphabet = alphabetOf(
    patterns.map(({ pattern }) => pattern),
    enough,
  );
  let longestExcluded = -1;
  for (const text of excluded) longestExcluded = Math.max(longestExcluded, lengthOf(text));
  const settled = Math.max(least, longestExcluded + 1);
  const seen = new Set<string>();
  let layer = new Map<string, Word[]>();
  const start = patterns.map(({ pattern }) => startMatch(pattern));
  layer.set(keyOf(start), [{ text: '', states: start }]);
  let work = 0;
  for (let length = 0; length <= most; length++) {
    if (length >= least) {
      for (const words of layer.values()) {
        if (!accepts(patterns, words[0]!, length === 0)) continue;
        const word = words.find(({ text }) => !excluded.has(text));
        if (word !== undefined) return found(word.text);
      }
    }
    if (length >= settled && length > 0) {
      const key = [...layer.keys()].sort().join(';');
      if (seen.has(key)) return none;
      seen.add(key);
    }
    const next = new Map<string, Word[]>();
    for (const words of layer.values()) {
      for (const { representatives } of alphabet) {
        work += workOf(words[0]!.states);
        if (work > maxWork + length * 4) return open('pattern');
        const states = words[0]!.states.map((state, at) =>
          stepMatch(patterns[at]!.pattern, state, representatives[0]!),
        );
        if (patterns.some(({ holds }, at) => !holds && states[at] === 'matched')) continue;
        const key = keyOf(states);
        const known = next.get(key) ?? [];
        next.set(key, known);
        for (const { text } of words) {
          for (const point of representatives) {
            if (known.length >= enough) break;
            known.push({ text: text + String.fromCodePoint(point), states });
          }
        }
      }
    }
    if (next.size === 0) return none;
    layer = next;
  }
  return none;
}

function accepts(patterns: Wanted['patterns'], { states }: Word, isEmpty: boolean): boolean {
  return patterns.every(
    ({ pattern, holds }, at) => endsMatch(pattern, states[at]!, isEmpty) === holds,
  );
}

function workOf(states: readonly MatchState[]): number {
  return states.reduce((sum, state) => sum + (state === 'matched' ? 0 : state.length / 32), 1);
}

function keyOf(states: readonly MatchState[]): string {
  return states.map((state) => (state === 'matched' ? '*' : state.join())).join('/');
}

/** Characters that no pattern tells apart. */
interface CharacterSort {
  representatives: number[];
}

/** All characters, those together that no pattern tells apart; of each sort `count`, the most readable ones. */
function alphabetOf(patterns: readonly Pattern[], count: number): CharacterSort[] {
  const ranges = patterns.flatMap(({ edges }) => edges.flat().map((edge) => edge.ranges));
  const cuts = new Set([0, 0x20, 0x30, 0x3a, 0x41, 0x5b, 0x61, 0x7b, 0x7f, 0xd800, 0xe000]);
  for (const [from, to] of ranges.flat()) cuts.add(from).add(to + 1);
  const starts = [...cuts].filter((cut) => cut <= maxCodePoint).sort((left, right) => left - right);
  const sorts = new Map<string, CharacterRange[]>();
  for (const [at, from] of starts.entries()) {
    if (from >= 0xd800 && from < 0xe000) continue;
    const signature = ranges.map((set) => (isIn(set, from) ? '1' : '0')).join('');
    const known = sorts.get(signature) ?? [];
    sorts.set(signature, known);
    known.push([from, (starts[at + 1] ?? maxCodePoint + 1) - 1]);
  }
  return [...sorts.values()].map((parts) => ({ representatives: pick(parts, count) }));
}

function isIn(ranges: readonly CharacterRange[], point: number): boolean {
  return ranges.some(([from, to]) => point >= from && point <= to);
}

function pick(parts: readonly CharacterRange[], count: number): number[] {
  const picked: number[] = [];
  for (const [from, to] of parts.toSorted((left, right) => rank(left[0]) - rank(right[0]))) {
    for (let point = from; point <= to && picked.length < count; point++) picked.push(point);
  }
  return picked;
}

/** Letters before digits before other printable characters before the rest. */
function rank(point: number): number {
  if (point >= 0x61 && point <= 0x7a) return 0;
  if (point >= 0x41 && point <= 0x5a) return 1;
  if (point >= 0x30 && point <= 0x39) return 2;
  if (point >= 0x21 && point <= 0x7e) return 3;
  return point < 0x20 || (point >= 0x7f && point < 0xa0) ? 5 : 4;
}
