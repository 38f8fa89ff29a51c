import { matchSegments } from './match-path.js';
import { readOwners, splitWords, type OwnerRule } from './owner-line.js';

/** A section of the file: within one, the last rule that matches counts. */
export interface OwnerSection {
  readonly rules: readonly OwnerRule[];
  /** What the section leaves out, whatever its rules say. */
  readonly excluded: readonly OwnerRule['matches'][];
}

interface OpenSection {
  readonly rules: OwnerRule[];
  readonly excluded: OwnerRule['matches'][];
  defaults: readonly string[];
}

/**
 * The sections of a CODEOWNERS file as GitLab reads it. A heading is `[Name]`, optional with `^`
 * before it, with the number of approvals as `[2]` and owners of lines without any behind it;
 * headings that differ in case are one section. A pattern without a leading slash matches at any
 * depth, one with a slash at the end everything below.
 *
 * @see https://docs.gitlab.com/user/project/codeowners/reference/
 */
export function parseGitlabOwners(text: string): OwnerSection[] {
  const sections = new Map<string, OpenSection>();
  let current = openSection(sections, 'codeowners');
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const heading = /^\^?\[([^\]]{1,255})\](?:\[\d{1,4}\])?(?:\s+(.*))?$/.exec(line);
    if (heading) {
      current = openSection(sections, heading[1]!.trim().toLowerCase());
      const owners = readOwners(splitWords(heading[2] ?? ''));
      if (owners.length > 0 || current.rules.length === 0) current.defaults = owners;
      continue;
    }
    const [pattern = '', ...words] = splitWords(line);
    if (pattern.startsWith('!')) {
      current.excluded.push(matcherOf(pattern.slice(1)));
      continue;
    }
    const owners = readOwners(words);
    current.rules.push({
      matches: matcherOf(pattern),
      owners: words.length > 0 ? owners : current.defaults,
    });
  }
  return [...sections.values()];
}

function openSection(sections: Map<string, OpenSection>, name: string): OpenSection {
  const known = sections.get(name);
  if (known) return known;
  const opened: OpenSection = { rules: [], excluded: [], defaults: [] };
  sections.set(name, opened);
  return opened;
}

function matcherOf(escaped: string): OwnerRule['matches'] {
  const pattern = escaped.replace(/\\(.)/g, '$1');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  if (pattern.endsWith('/')) segments.push('**', '*');
  const whole = pattern.startsWith('/') ? segments : ['**', ...segments];
  return (path) => matchSegments(whole, path.split('/'));
}
