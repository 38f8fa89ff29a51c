import { requestBranchPrefix } from '../apply/request-branch.js';
import { withTarget } from '../fleet.js';
import type { Fleet } from '../fleet.js';
import type { OpenTarget, Signature, Snapshot } from '../ports.js';
import { SyncError } from '../sync-error.js';
import { deliveredBranches } from '../target/target-branch.js';
import { resolveConflict } from './resolve-conflict.js';
import type { Decision, ResolvedConflict, TargetFolder } from './resolve-conflict.js';

/** A conflict that was decided in a target. */
export interface TargetResolution extends Omit<ResolvedConflict, 'changes'> {
  readonly target: string;
  /** The branch that the decision was committed to. */
  readonly branch: string;
  readonly commit: string;
}

/**
 * Decides the conflict of a delivered file in a target, without a work tree: on the branch of the open
 * change request that bears it, or else on a branch that rules deliver to. The commit is the resolver's own, so
 * that no later run takes the branch for its own.
 *
 * @throws SyncError `unknown-path` when the file is in no conflict there
 */
export async function resolveInTarget(
  fleet: Fleet,
  target: string,
  path: string,
  decision: Decision & { readonly signature: Signature },
): Promise<TargetResolution> {
  const { namespace } = fleet.configuration;
  return withTarget(fleet, target, async (open) => {
    let failure: unknown;
    for (const branch of await branchesOf(fleet, target, open)) {
      const head = await open.repository.resolveCommit(`refs/heads/${branch}`);
      if (!head) continue;
      const folder = snapshotFolder(await open.repository.readSnapshot(head.oid), open);
      try {
        const resolved = await resolveConflict(folder, path, { namespace, ...decision });
        const commit = await commitTo(open, branch, head.oid, resolved, decision);
        const { rule, version } = resolved;
        return { target, branch, commit, path, rule, version };
      } catch (error) {
        if (!(error instanceof SyncError) || error.code !== 'unknown-path') throw error;
        failure = error;
      }
    }
    throw failure ?? new SyncError('unknown-path', `${path} is in no conflict in ${target}`);
  });
}

async function branchesOf(fleet: Fleet, target: string, open: OpenTarget): Promise<string[]> {
  const headPrefix = requestBranchPrefix(fleet.configuration.namespace);
  const requests = await open.forge.listOpen(headPrefix);
  return [...requests.map(({ head }) => head), ...(await deliveredBranches(fleet, target, open))];
}

/** The files of a commit. */
function snapshotFolder({ entries }: Snapshot, { repository }: OpenTarget): TargetFolder {
  return {
    list: async (folder) => [...entries.keys()].filter((path) => path.startsWith(folder)),
    async read(path) {
      const entry = entries.get(path);
      return entry && entry.mode !== '160000' ? repository.readBlob(entry.oid) : undefined;
    },
  };
}

async function commitTo(
  { repository }: OpenTarget,
  branch: string,
  parent: string,
  { path, version, changes }: ResolvedConflict,
  { decision, signature }: Decision & { readonly signature: Signature },
): Promise<string> {
  const { commit } = await repository.writeCommit({
    parent,
    changes,
    message: `Resolve ${path} against ${version}\n\n${decision}\n`,
    author: signature,
    committer: signature,
  });
  const ref = `refs/heads/${branch}`;
  const outcome = await repository.updateRefs([{ ref, old: parent, new: commit }]);
  if (outcome.kind === 'updated') return commit;
  if (outcome.kind === 'checked-out') {
    throw new SyncError(
      'checked-out',
      `${branch} is checked out in ${outcome.worktree}, with changes`,
      {
        blame: 'repository',
        hint: 'resolve in that work tree, or commit the changes there first',
      },
    );
  }
  throw new SyncError('contended', `${branch} moved while the conflict was resolved`, {
    blame: 'environment',
    hint: 'run the command again',
  });
}
