import type { Commit, OpenTarget } from '../ports.js';
import { SyncError } from '../sync-error.js';
import type { Change } from './change.js';
import { entryAfter } from './holds-plan.js';

/** Writes the commit and moves the branch; undefined when the branch moved meanwhile. */
export async function pushCommit(
  change: Change,
  tip: Commit | undefined,
  target: OpenTarget,
): Promise<string | undefined> {
  const { repository } = target;
  const { parent, changes, message, signature } = change.commit;
  const { commit } = await repository.writeCommit({
    parent,
    changes,
    message,
    author: signature,
    committer: signature,
  });
  await checkWritten(change, commit, target);
  const ref = `refs/heads/${change.request.branch}`;
  const outcome = await repository.updateRefs([{ ref, old: tip?.oid ?? null, new: commit }], {
    message: `holdfast: ${change.request.title}`,
  });
  if (outcome.kind === 'checked-out') {
    throw new SyncError(
      'checked-out',
      `${ref} of ${change.target} is checked out in ${outcome.worktree}, with changes`,
      {
        blame: 'repository',
        hint: 'commit or discard the changes there, or check out another branch',
      },
    );
  }
  return outcome.kind === 'updated' ? commit : undefined;
}

/** Reads back, by ids, what was written: exactly the planned changes, and nothing else. */
async function checkWritten(
  { commit: { parent, changes }, target }: Change,
  written: string,
  { repository }: OpenTarget,
): Promise<void> {
  const expected = new Map(changes.map((change) => [change.path, entryAfter(change)]));
  for (const { path, new: found } of await repository.diffTrees(parent, written)) {
    const entry = expected.get(path);
    if (!expected.has(path) || entry?.oid !== found?.oid || entry?.mode !== found?.mode) {
      throw new SyncError(
        'checksum',
        `${path} of ${target} was written as ${found?.oid ?? 'nothing'}, expected ${entry?.oid ?? 'nothing'}`,
        {
          blame: 'repository',
          hint: `the object database of ${target} may be damaged: run git fsck there`,
        },
      );
    }
  }
}
