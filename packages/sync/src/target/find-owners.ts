import ignore from 'ignore';
import type { TargetView } from './target-view.js';

/** Where GitHub and GitLab look for the file, in their order. */
const PLACES = ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const MAX_SIZE = 3 * 1024 * 1024;

/**
 * The owners of paths, as the target's CODEOWNERS names them: for each path the last matching line
 * counts. Names come without their `@`; e-mail addresses are left out, since no forge takes them as
 * reviewers.
 */
export async function findOwners(
  { snapshot, contents }: TargetView,
  paths: readonly string[],
): Promise<string[]> {
  const entry = PLACES.map((path) => snapshot.entries.get(path)).find(
    (found) => found?.mode === '100644',
  );
  if (!entry || paths.length === 0) return [];
  const content = await contents.read(entry.oid);
  if (content.length > MAX_SIZE) return [];
  const lines = parseOwners(new TextDecoder().decode(content)).reverse();
  const owners = new Set<string>();
  for (const path of paths) {
    for (const owner of lines.find(({ matches }) => matches(path))?.owners ?? []) owners.add(owner);
  }
  return [...owners].sort();
}

/** One line of the file: a pattern of `.gitignore` syntax, and who owns what it matches. */
interface OwnerLine {
  readonly matches: (path: string) => boolean;
  readonly owners: readonly string[];
}

function parseOwners(text: string): OwnerLine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...words] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    // Sections of GitLab and negations have no meaning here.
    if (!pattern || /^[![^]/.test(pattern)) return [];
    const matcher = ignore({ ignorecase: false }).add(pattern);
    const owners = words.filter((word) => /^@[\w./-]+$/.test(word)).map((word) => word.slice(1));
    return [{ matches: (path: string) => matcher.ignores(path), owners }];
  });
}
