import type { ChangeRequest, OpenTarget } from '../ports.js';
import type { ApplyOptions, Change } from './change.js';
import { parseTrailers } from './commit-trailers.js';
import { isOwn } from './own-commits.js';
import { requestBranchPrefix } from './request-branch.js';

/** Why the engine closes a request itself; such a one may be opened again. */
export const SUPERSEDED = 'superseded';

/**
 * Closes the open requests of the rule or group for earlier commits of the source; one that bears commits of others
 * only gets a comment.
 */
export async function supersedeOthers(
  change: Change,
  request: ChangeRequest,
  { repository, forge }: OpenTarget,
  { isEarlier, namespace }: ApplyOptions,
): Promise<void> {
  const names = [change.name, ...change.rules];
  const refs = await repository.listRefs(`refs/heads/${requestBranchPrefix(namespace)}`);
  for (const { name } of refs) {
    const head = name.slice('refs/heads/'.length);
    const isOurs = names.some((name) => head.endsWith(`/${name}`));
    if (!isOurs || head === request.head) continue;
    const [other] = await forge.findByHead(head);
    // A crash may have left the branch of a request that was closed.
    const closed = other?.state === 'closed' && other.closeReason === SUPERSEDED;
    if (other?.base !== request.base || !(closed || other.state === 'open')) continue;
    const tip = await repository.resolveCommit(name);
    if (!tip) continue;
    const commits = await repository.log({ from: change.commit.parent, to: tip.oid });
    const delivered = commits
      .map(({ message }) => parseTrailers(message).sourceCommit)
      .find(Boolean);
    if (!delivered || !(await isEarlier(delivered, change.source.commit))) continue;
    const words = `Superseded by #${request.number}, which brings ${change.source.version}.`;
    if (!commits.every((commit) => isOwn(change, commit))) {
      await forge.comment(other.id, {
        key: `superseded ${request.id}`,
        body: `${words} This request is left open, because it bears commits that Holdfast did not make.`,
      });
      continue;
    }
    if (!closed) await forge.close(other.id, { comment: words, reason: SUPERSEDED });
    await repository.updateRefs([{ ref: `refs/heads/${other.head}`, old: tip.oid, new: null }]);
  }
}
