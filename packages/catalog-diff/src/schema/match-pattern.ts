import type { Pattern } from './pattern.js';

/**
 * Where a pattern stands after some characters of a text: the states that it may be in, or `matched` once it has
 * matched whatever follows.
 */
export type MatchState = readonly number[] | 'matched';

/** Before the first character. */
export function startMatch(pattern: Pattern): MatchState {
  return close(pattern, [pattern.start], true);
}

/** After one more character; a match may also begin behind it. */
export function stepMatch(pattern: Pattern, state: MatchState, point: number): MatchState {
  if (state === 'matched') return state;
  const next = [pattern.start];
  for (const at of state) {
    for (const { ranges, to } of pattern.edges[at]!) {
      if (ranges.some(([from, end]) => point >= from && point <= end)) next.push(to);
    }
  }
  return close(pattern, next, false);
}

/** Whether the text that ends here matches. */
export function endsMatch(pattern: Pattern, state: MatchState, isEmpty: boolean): boolean {
  if (state === 'matched') return true;
  return reach(pattern, state, isEmpty, true).has(pattern.final);
}

/** Whether the pattern matches anywhere in the text, in time linear in its length. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let state = startMatch(pattern);
  for (const character of text) {
    if (state === 'matched') return true;
    state = stepMatch(pattern, state, character.codePointAt(0)!);
  }
  return endsMatch(pattern, state, text === '');
}

function close(pattern: Pattern, states: readonly number[], atStart: boolean): MatchState {
  const reached = reach(pattern, states, atStart, false);
  if (reached.has(pattern.final)) return 'matched';
  return [...reached].sort((left, right) => left - right);
}

function reach(
  pattern: Pattern,
  states: readonly number[],
  atStart: boolean,
  atEnd: boolean,
): Set<number> {
  const reached = new Set(states);
  for (const state of reached) {
    for (const { to, at } of pattern.moves[state]!) {
      if (at === 'anywhere' || (at === 'start' && atStart) || (at === 'end' && atEnd))
        reached.add(to);
    }
  }
  return reached;
}
