import { matchSegments } from './match-path.js';
import { readOwners, splitWords, type OwnerRule } from './owner-line.js';

/**
 * The rules of a CODEOWNERS file as GitHub reads it: patterns as in `.gitignore`, without `!` and
 * `[ ]`, where `docs/*` means the files of that folder and not those of folders in it.
 *
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function parseGithubOwners(text: string): OwnerRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...words] = splitWords(line.replace(/(^|\s)#.*$/, ''));
    if (pattern === undefined || /^!|[[\]]/.test(pattern)) return [];
    return [{ matches: matcherOf(pattern.replaceAll('\\', '')), owners: readOwners(words) }];
  });
}

function matcherOf(pattern: string): OwnerRule['matches'] {
  const isFolder = pattern.endsWith('/');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const whole = anchored || segments[0] === '**' ? segments : ['**', ...segments];
  const below = [...whole, '**'];
  const last = segments.at(-1);
  // `*` alone names every file; as the last segment behind a folder it names the files there.
  if (pattern === '*' || last === '**') return (path) => matchSegments(whole, path.split('/'));
  return (path) => {
    const names = path.split('/');
    if (!isFolder && matchSegments(whole, names)) return true;
    return last !== '*' && names.length > 1 && matchBelow(below, names);
  };
}

/** Whether a path lies below what a pattern names: in it, not it. */
function matchBelow(below: readonly string[], names: readonly string[]): boolean {
  return matchSegments(below, [...names.slice(0, -1)]);
}
