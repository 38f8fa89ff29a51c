import { RE2JS } from 're2js';
import { readOwners, splitWords, type OwnerRule } from './owner-line.js';

/** A longer expression is no pattern for paths. */
const PATTERN_LIMIT = 1_000;

/**
 * The rules of a CODEOWNERS file as Gitea and Forgejo read it: each line a regular expression over
 * the whole path, `!` before it for all that it does not match. Every rule that matches counts, not
 * the last alone. The expressions are matched in linear time; one that cannot be read is left out.
 *
 * @see https://forgejo.org/docs/latest/user/pull-requests-and-git-flow/
 */
export function parseForgejoOwners(text: string): OwnerRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [first, ...words] = splitWords(line.replace(/(^|\s)#.*$/, ''));
    if (first === undefined) return [];
    const negative = first.startsWith('!');
    const expression = compile((negative ? first.slice(1) : first).replace(/\\([#\s])/g, '$1'));
    const owners = readOwners(words);
    if (expression === undefined || owners.length === 0) return [];
    return [{ matches: (path: string) => expression.matches(path) !== negative, owners }];
  });
}

function compile(pattern: string): { matches(path: string): boolean } | undefined {
  if (pattern.length > PATTERN_LIMIT) return undefined;
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
