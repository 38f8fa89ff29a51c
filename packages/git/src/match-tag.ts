/**
 * Whether a tag's name matches a pattern as `git tag --list` takes it: `*` any text (also `/`), `?`
 * one character, `[a-z]` and `[!a-z]` classes, `\` takes the next character as it is. Linear in the
 * name for each `*`.
 */
export function matchTag(pattern: string, name: string): boolean {
  const tokens = parsePattern(pattern);
  const characters = [...name];
  let token = 0;
  let character = 0;
  let afterStar = -1;
  let retryAt = 0;
  while (character < characters.length) {
    const current = tokens[token];
    if (current === '*') {
      afterStar = ++token;
      retryAt = character;
    } else if (typeof current === 'function' && current(characters[character] ?? '')) {
      token++;
      character++;
    } else if (afterStar >= 0) {
      token = afterStar;
      character = ++retryAt;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

type Token = '*' | ((character: string) => boolean);

function parsePattern(pattern: string): Token[] {
  const parts = pattern.match(/\[[!^]?\]?(?:[^\]])*\]|\\.|[^]/gu) ?? [];
  return parts.map((part): Token => {
    if (part === '*') return '*';
    if (part === '?') return () => true;
    if (part.length > 2 && part.startsWith('[')) return parseClass(part.slice(1, -1));
    const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return (character) => character === literal;
  });
}

function parseClass(text: string): (character: string) => boolean {
  const negated = /^[!^]/.test(text);
  const ranges = (negated ? text.slice(1) : text).match(/[^]-[^]|[^]/gu) ?? [];
  return (character) =>
    negated !==
    ranges.some((range) => {
      const [first = '', , last = first] = [...range];
      return first <= character && character <= last;
    });
}
