import picomatch from 'picomatch';
import { checkGlob, isNegative, parseBraceRange } from './check-glob.js';
import { ManifestError } from './manifest-error.js';

/** The options under which picomatch means what fast-glob means with `dot: true`. */
const OPTIONS: picomatch.PicomatchOptions = {
  dot: true,
  posix: true,
  strictSlashes: false,
  flags: 's', // a line feed is a character of a name like any other
  expandRange,
};

/**
 * Compiles glob patterns to one predicate over `/`-separated relative paths. Patterns mean what they
 * mean to fast-glob with `dot: true`: a path matches when one of the patterns does and none of those
 * in `ignore`, nor one with a leading `!`. `*` and `?` stay within a name, `**` crosses names;
 * `[…]`, `{a,b}`, `{1..3}` and the groups `@(a|b)`, `?(a)`, `!(a)`, `+([0-9])` are known; case
 * matters. No pattern at all matches nothing.
 *
 * @throws ManifestError `invalid-glob` for what {@link checkGlob} refuses.
 * @example compileGlob(['**\/*.md'], { ignore: 'drafts/**' })('core/README.md') // true
 */
export function compileGlob(
  patterns: string | readonly string[],
  { ignore = [] }: { readonly ignore?: string | readonly string[] } = {},
): (path: string) => boolean {
  const all = [patterns].flat();
  const excluded = all.filter(isNegative).map((pattern) => pattern.slice(1));
  const positive = all.filter((pattern) => !isNegative(pattern)).map(compileOne);
  const negative = [...excluded, ...[ignore].flat()].map(compileOne);
  return (path) =>
    positive.some((matches) => matches(path)) && !negative.some((matches) => matches(path));
}

/**
 * The folder that every match of a pattern lies in, read off the pattern: everything before the last
 * `/` that precedes its first special character, escapes resolved. `''` for the root; else it ends
 * in `/`.
 *
 * @example globBase('core/orchestrator/*.md') // 'core/orchestrator/'
 */
export function globBase(pattern: string): string {
  const fixed = /^(?:\\.|[^\\*?[{(])*/s.exec(pattern.replace(/^(?:\.\/)+/, ''))?.[0] ?? '';
  return fixed.slice(0, fixed.lastIndexOf('/') + 1).replace(/\\(.)/gs, '$1');
}

function compileOne(pattern: string): (path: string) => boolean {
  const problem = checkGlob(pattern);
  if (problem) {
    throw new ManifestError('invalid-glob', `the pattern ${JSON.stringify(pattern)} ${problem}`, {
      blame: 'input',
      data: { pattern },
    });
  }
  return picomatch(pattern, OPTIONS);
}

/** Called by picomatch with the parts of a `{from..to..step}`, and then with its own options. */
function expandRange(...parts: unknown[]): string {
  const texts = parseBraceRange(parts.filter((part) => typeof part === 'string')) ?? [];
  return `(?:${texts.join('|')})`;
}
