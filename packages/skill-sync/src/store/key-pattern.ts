import { SkillSyncError } from '../skill-sync-error.js';

/** Limits on what a query may hold. */
export const patternLimits = { length: 4096, count: 256 } as const;

/**
 * Takes a list of patterns apart at its commas, as `SYNC_PATTERNS` and `--pattern` hold it. White space
 * around a pattern is dropped; `\,` is a comma, and `\` before any other character keeps its meaning.
 *
 * @throws SkillSyncError `invalid-pattern` for an empty pattern, a trailing `\`, one that is too long.
 */
export function splitPatterns(list: string): string[] {
  const patterns: string[] = [];
  let pattern = '';
  for (let at = 0; at < list.length; at++) {
    const character = list[at] as string;
    if (character === '\\' && list[at + 1] === ',') {
      pattern += ',';
      at++;
    } else if (character === '\\') {
      pattern += list.slice(at, at + 2);
      at++;
    } else if (character === ',') {
      patterns.push(trimUnescaped(pattern));
      pattern = '';
    } else pattern += character;
  }
  patterns.push(trimUnescaped(pattern));
  for (const one of patterns) checkPattern(one);
  return patterns;
}

/** The inverse of `splitPatterns`: what comes back matches the same keys. */
export function joinPatterns(patterns: readonly string[]): string {
  return patterns.map(escapeForList).join(',');
}

function escapeForList(pattern: string): string {
  let escaped = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    const isOuter = at === 0 || at === pattern.length - 1;
    if (character === '\\') escaped += pattern.slice(at, ++at + 1);
    else if (character === ',' || (isOuter && /\s/.test(character))) escaped += `\\${character}`;
    else escaped += character;
  }
  return escaped;
}

function trimUnescaped(pattern: string): string {
  const end = pattern.trimEnd();
  return (endsEscaping(end) ? pattern.slice(0, end.length + 1) : end).trimStart();
}

/** Whether a text ends with a `\` that is not escaped itself. */
function endsEscaping(text: string): boolean {
  let start = text.length;
  while (start > 0 && text[start - 1] === '\\') start--;
  return (text.length - start) % 2 === 1;
}

/** @throws SkillSyncError `invalid-pattern` */
export function checkPattern(pattern: string): void {
  const wrong = explainPattern(pattern);
  if (wrong === undefined) return;
  throw new SkillSyncError(
    'invalid-pattern',
    `the pattern ${JSON.stringify(shorten(pattern))} ${wrong}`,
    {
      hint: '* stands for any characters, ? for one, \\ takes the next one literally; a comma separates patterns',
    },
  );
}

/** What is wrong with a pattern, as the end of a sentence; `undefined` when nothing is. */
export function explainPattern(pattern: string): string | undefined {
  if (pattern === '') return 'is empty';
  if (pattern.length > patternLimits.length)
    return `is longer than ${patternLimits.length} characters`;
  if (endsEscaping(pattern)) return 'ends with a \\ that escapes nothing';
  if (pattern.includes('\0') || !pattern.isWellFormed()) {
    return 'holds a character that no key can have (NUL, or half of a surrogate pair)';
  }
  return undefined;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** One step of a pattern: any text, any character, or this one. */
type Step = { readonly kind: 'any' } | { readonly kind: 'one' } | { readonly literal: string };

function* stepsOf(pattern: string): Generator<Step> {
  let escaped = false;
  for (const character of pattern) {
    if (escaped) yield { literal: character };
    else if (character === '*') yield { kind: 'any' };
    else if (character === '?') yield { kind: 'one' };
    else if (character !== '\\') yield { literal: character };
    escaped = !escaped && character === '\\';
  }
}

/** A pattern in the syntax of SQLite's GLOB operator, in which `[` opens a set. */
export function toSqliteGlob(pattern: string): string {
  let glob = '';
  for (const step of stepsOf(pattern)) {
    if ('literal' in step) glob += /[*?[]/.test(step.literal) ? `[${step.literal}]` : step.literal;
    else if (step.kind === 'one') glob += '?';
    else if (!glob.endsWith('*')) glob += '*';
  }
  return glob;
}

/** Whether a key matches a pattern: what SQLite says of `toSqliteGlob`, without a store. */
export function matchesPattern(key: string, pattern: string): boolean {
  const steps = [...stepsOf(pattern)];
  const characters = [...key];
  let at = 0;
  let step = 0;
  let retryAt = 0;
  let retryStep = -1;
  while (at < characters.length) {
    const next = steps[step];
    if (next && 'kind' in next && next.kind === 'any') {
      retryStep = ++step;
      retryAt = at;
    } else if (next && ('kind' in next || next.literal === characters[at])) {
      step++;
      at++;
    } else if (retryStep >= 0) {
      step = retryStep;
      at = ++retryAt;
    } else return false;
  }
  return steps.slice(step).every((rest) => 'kind' in rest && rest.kind === 'any');
}
