import type { Commit, OpenTarget } from '../ports.js';
import { isAuthor } from './author.js';
import type { Change } from './change.js';
import { parseTrailers } from './commit-trailers.js';
import { holdsPlan } from './holds-plan.js';

/** Whether a branch bears commits that are not Holdfast's own, beyond the target's head. */
export async function hasForeignCommits(
  change: Change,
  tip: Commit,
  { repository }: OpenTarget,
): Promise<boolean> {
  if (isOwn(change, tip) && tip.parents.length === 1) {
    const [parent] = tip.parents;
    if (parent === change.commit.parent) return false;
    if (parent && (await repository.isAncestor(parent, change.commit.parent))) return false;
  }
  const commits = await repository.log({ from: change.commit.parent, to: tip.oid });
  return commits.some((commit) => !isOwn(change, commit));
}

/**
 * A commit is Holdfast's own when its committer and its trailers say so: of this group or rule, or of a
 * rule before it came into the group.
 */
export function isOwn({ name, rules, commit }: Change, { committer, message }: Commit): boolean {
  const { group, rule } = parseTrailers(message);
  const author = group ?? rule;
  return (
    isAuthor(committer, commit.signature) &&
    author !== undefined &&
    (author === name || rules.includes(author))
  );
}

/** Whether the branch bears exactly this plan below the commits of others. */
export async function findOwnBelow(
  change: Change,
  tip: Commit,
  target: OpenTarget,
): Promise<boolean> {
  const commits = await target.repository.log({ from: change.commit.parent, to: tip.oid });
  const own = commits.find((commit) => isOwn(change, commit));
  return own !== undefined && holdsPlan(change, own, target);
}

/** The conflicted files of a plan that nobody has touched on its branch. */
export async function findUndecided(
  { outcomes }: Change,
  tip: Commit,
  { repository }: OpenTarget,
): Promise<string[]> {
  const conflicted = outcomes.filter(({ kind }) => kind === 'conflicted');
  if (conflicted.length === 0) return [];
  const { entries } = await repository.readSnapshot(tip.oid);
  return conflicted
    .filter(({ path, after }) => after && entries.get(path)?.oid === after.oid)
    .map(({ path }) => path);
}
