import type { ForgeKind } from '../port/forge.js';
import { parseForgejoOwners } from './forgejo-owners.js';
import { parseGithubOwners } from './github-owners.js';
import { parseGitlabOwners } from './gitlab-owners.js';
import type { OwnerRule } from './owner-line.js';

const places: Record<ForgeKind, readonly string[]> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
  forgejo: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitea/CODEOWNERS', '.forgejo/CODEOWNERS'],
  embedded: ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
};

/** Where a forge looks for its CODEOWNERS file, in its order: the first that is there counts. */
export function ownersPlaces(kind: ForgeKind): readonly string[] {
  return places[kind];
}

/** A larger file is read by no forge: GitHub's limit. */
export const ownersFileLimit = 3 * 1024 * 1024;

/**
 * The owners of paths by a CODEOWNERS file, each forge's rules applied: names without `@`, a team as
 * `org/team`, sorted. Addresses are left out. On GitHub the last matching line counts; on GitLab the
 * last of each section; on Forgejo every line. The embedded forge reads `.gitlab/CODEOWNERS` as
 * GitLab does, and any other as GitHub does.
 */
export function findOwners(
  file: { readonly path: string; readonly text: string },
  paths: readonly string[],
  kind: ForgeKind,
): string[] {
  const ownersOf = reader(file, kind);
  const owners = new Set<string>();
  for (const path of paths) for (const owner of ownersOf(path)) owners.add(owner);
  return [...owners].sort();
}

type Reader = (path: string) => readonly string[];

function reader({ path, text }: { path: string; text: string }, kind: ForgeKind): Reader {
  if (kind === 'gitlab' || (kind === 'embedded' && path.startsWith('.gitlab/'))) {
    const sections = parseGitlabOwners(text).map(({ rules, excluded }) => ({
      excluded,
      rules: rules.toReversed(),
    }));
    return (name) =>
      sections.flatMap(({ rules, excluded }) =>
        excluded.some((matches) => matches(name)) ? [] : firstOwners(rules, name),
      );
  }
  if (kind === 'forgejo') {
    const rules = parseForgejoOwners(text);
    return (name) => rules.flatMap(({ matches, owners }) => (matches(name) ? owners : []));
  }
  const rules = parseGithubOwners(text).reverse();
  return (name) => firstOwners(rules, name);
}

function firstOwners(rules: readonly OwnerRule[], name: string): readonly string[] {
  return rules.find(({ matches }) => matches(name))?.owners ?? [];
}
