/** What a pattern may cost; each bound is far above what people write. */
const MAX_LENGTH = 512;
const MAX_ALTERNATIVES = 200;
const MAX_GLOBSTARS = 2;
const MAX_STARS_IN_A_NAME = 3;

/**
 * Says why a pattern is no usable glob, or undefined when it is one; the message completes a
 * sentence that begins with the pattern's name.
 *
 * Refused are patterns that cannot match a file of a repository (absolute, with `..`, with `/` at
 * the end, with Windows separators), brackets without their partner, what picomatch would hand to
 * the regular expression as it stands (plain groups, `|` and quantifiers), and what is built to cost
 * too much: more than 512 characters, 200 alternatives, two `**` before the end, three `*` within a
 * name, or a repeated group that holds more than one simple thing.
 */
export function checkGlob(pattern: string): string | undefined {
  const body = isNegative(pattern) ? pattern.slice(1) : pattern;
  if (body === '') return 'must not be empty';
  if (body.length > MAX_LENGTH) return `must not be longer than ${MAX_LENGTH} characters`;
  if (/\p{Cc}/u.test(body)) return 'must not hold control characters';
  if (/\\[A-Za-z0-9]/.test(body)) return 'must use / between names, not \\';
  if (body.startsWith('/') || /^[a-z]:/i.test(body)) return 'must be relative';
  if (body.split('/').includes('..')) return 'must not hold .. as a name';
  if (body.endsWith('/')) return 'must match files, not a folder: end it in /**';
  return checkParts(body);
}

/** Whether a pattern excludes: it begins with `!`, and that is not the extended group `!(…)`. */
export function isNegative(pattern: string): boolean {
  return pattern.startsWith('!') && pattern[1] !== '(';
}

/** An open `(` or `{`, and what has been seen in it. */
interface OpenGroup {
  readonly opener: '(' | '{';
  readonly start: number;
  readonly repeated: boolean;
  parts: number;
}

/** Walks a pattern once: pairs the brackets and adds up what matching could cost. */
function checkParts(pattern: string): string | undefined {
  const open: OpenGroup[] = [];
  let alternatives = 1;
  let globstars = 0;
  let stars = 0;

  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    const before = index === 0 ? '' : pattern.charAt(index - 1);
    const group = open.at(-1);
    if (group?.repeated && '*?|{('.includes(char)) {
      return 'must hold only one name or character class in a group that repeats';
    }
    switch (char) {
      case '\\':
        index++;
        break;
      case '[': {
        const end = endOfClass(pattern, index);
        if (end === undefined) return 'must close its [ (or escape it: \\[)';
        index = end;
        break;
      }
      case '(': {
        if (!before || !'@!?+*'.includes(before))
          return 'must write a group as @(a|b) (or escape it: \\()';
        const repeated = before === '+' || before === '*';
        open.push({ opener: '(', start: index, repeated, parts: 1 });
        if (repeated || before === '!') stars++;
        break;
      }
      case '{':
        open.push({ opener: '{', start: index, repeated: false, parts: 1 });
        break;
      case ')':
      case '}': {
        const closed = open.pop();
        if (closed?.opener !== (char === ')' ? '(' : '{'))
          return `must open its ${char} (or escape it: \\${char})`;
        const parts = countAlternatives(closed, pattern.slice(closed.start + 1, index));
        if (parts === undefined) return 'must have two numbers or two letters in a range: {1..9}';
        alternatives *= parts;
        break;
      }
      case ',':
        if (group?.opener === '{') group.parts++;
        break;
      case '|':
        if (group?.opener !== '(') return 'must write alternatives as {a,b} (or escape the |: \\|)';
        group.parts++;
        break;
      case '+':
        if (pattern[index + 1] !== '(' && (group || ')]}'.includes(before || ' '))) {
          return 'must escape its + there: \\+';
        }
        break;
      case '?':
        if (before === '(' || before === ')') return 'must not have a ? beside a parenthesis';
        break;
      case '*': {
        if (pattern[index + 1] === '(') break;
        const run = /^\*+/.exec(pattern.slice(index))?.[0].length ?? 1;
        index += run - 1;
        const globstar = run > 1 && (before === '' || before === '/');
        if (!globstar) stars++;
        else if (index < pattern.length - 1) globstars++;
        break;
      }
      case '/':
        if (!group) stars = 0;
        break;
    }
    if (stars > MAX_STARS_IN_A_NAME)
      return `must not hold more than ${MAX_STARS_IN_A_NAME} * within a name`;
  }

  const unclosed = open.at(-1);
  if (unclosed) return `must close its ${unclosed.opener} (or escape it: \\${unclosed.opener})`;
  if (globstars > MAX_GLOBSTARS)
    return `must not hold more than ${MAX_GLOBSTARS} ** before its end`;
  if (alternatives > MAX_ALTERNATIVES)
    return `must not stand for more than ${MAX_ALTERNATIVES} alternatives`;
  return undefined;
}

/** Where the `]` of a character class is; a `]` right at its start, and one in `[:name:]`, is none. */
function endOfClass(pattern: string, start: number): number | undefined {
  const match = /\[[!^]?\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*\]/y;
  match.lastIndex = start;
  return match.test(pattern) ? match.lastIndex - 1 : undefined;
}

/** How many texts a closed group stands for, or undefined when it is a range that makes no sense. */
function countAlternatives(group: OpenGroup, content: string): number | undefined {
  const isRange = group.opener === '{' && group.parts === 1 && content.includes('..');
  return isRange ? parseBraceRange(content.split('..'))?.length : group.parts;
}

/**
 * Expands `{1..3}`, `{01..10}`, `{a..e}` and `{0..10..2}` (given as the parts between the dots), or
 * returns undefined for anything else. A range of more than 200 is cut there: it is refused anyway.
 */
export function parseBraceRange(parts: readonly string[]): string[] | undefined {
  const [first = '', last = '', step = '1', ...rest] = parts;
  if (rest.length > 0 || !/^-?\d{1,6}$/.test(step)) return undefined;
  const numbers = /^-?\d{1,6}$/;
  const letters = /^[a-z]$/i;
  const numeric = numbers.test(first) && numbers.test(last);
  if (!numeric && !(letters.test(first) && letters.test(last))) return undefined;
  const from = numeric ? Number(first) : first.charCodeAt(0);
  const to = numeric ? Number(last) : last.charCodeAt(0);
  const stride = Math.max(1, Math.abs(Number(step))) * (from <= to ? 1 : -1);
  const count = Math.min(Math.floor((to - from) / stride), MAX_ALTERNATIVES) + 1;
  const padded = numeric && [first, last].some((text) => /^-?0\d/.test(text));
  const width = padded ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = from + index * stride;
    return numeric ? padNumber(value, width) : String.fromCharCode(value);
  });
}

function padNumber(value: number, width: number): string {
  const digits = String(Math.abs(value));
  return value < 0 ? `-${digits.padStart(width - 1, '0')}` : digits.padStart(width, '0');
}
