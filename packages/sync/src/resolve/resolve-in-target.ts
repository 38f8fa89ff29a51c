import { requestBranchPrefix } from '../apply/request-branch.js';
import { withTarget } from '../fleet.js';
import type { Fleet } from '../fleet.js';
import type { OpenTarget, Signature, Snapshot, TreeChange } from '../ports.js';
import { SyncError } from '../sync-error.js';
import { deliveredBranches } from '../target/target-branch.js';
import { resolveConflict } from './resolve-conflict.js';
import type { Decision, ResolvedConflict, TargetFolder } from './resolve-conflict.js';

/** Where in a target a decision would be committed to. */
export interface ResolutionPlace {
  readonly target: string;
  /** The branch that the decision goes to. */
  readonly branch: string;
  /** Its head as the decision was made. */
  readonly head: string;
  /** The open change request of that branch; absent: rules deliver to it, and nobody looks at it first. */
  readonly request?: { readonly number: number; readonly url?: string };
}

/** A decision that is made, and not committed yet. */
export interface PlannedResolution extends ResolutionPlace, ResolvedConflict {}

/** A conflict that was decided in a target. */
export interface TargetResolution extends Omit<ResolvedConflict, 'changes' | 'content' | 'mode'> {
  readonly target: string;
  /** The branch that the decision was committed to. */
  readonly branch: string;
  readonly request?: ResolutionPlace['request'];
  readonly commit: string;
}

/**
 * Decides the conflict of a delivered file in a target, without a work tree: on the branch of the open
 * change request that bears it, or else on a branch that rules deliver to. Writes nothing.
 *
 * @throws SyncError `unknown-path` when the file is in no conflict there
 */
export async function planResolution(
  fleet: Fleet,
  target: string,
  path: string,
  decision: Decision,
): Promise<PlannedResolution> {
  const { namespace } = fleet.configuration;
  return withTarget(fleet, target, async (open) => {
    let failure: unknown;
    for (const { branch, request } of await branchesOf(fleet, target, open)) {
      const head = await open.repository.resolveCommit(`refs/heads/${branch}`);
      if (!head) continue;
      const folder = snapshotFolder(await open.repository.readSnapshot(head.oid), open);
      const link = request && (request.url ?? `#${request.number}`);
      try {
        const resolved = await resolveConflict(folder, path, {
          namespace,
          ...(link === undefined ? {} : { request: link }),
          ...decision,
        });
        return { target, branch, head: head.oid, ...(request ? { request } : {}), ...resolved };
      } catch (error) {
        if (!(error instanceof SyncError) || error.code !== 'unknown-path') throw error;
        failure = error;
      }
    }
    throw failure ?? new SyncError('unknown-path', `${path} is in no conflict in ${target}`);
  });
}

/**
 * Commits a planned decision to the branch that it was made for. The commit is the resolver's own, so that no later
 * run takes the branch for its own.
 *
 * @throws SyncError `contended` when the branch has moved since
 */
export async function commitResolution(
  fleet: Fleet,
  { content: _content, mode: _mode, changes, head, ...resolved }: PlannedResolution,
  { decision, signature }: Pick<Decision, 'decision'> & { readonly signature: Signature },
): Promise<TargetResolution> {
  const { target, branch, path, version } = resolved;
  return withTarget(fleet, target, async (open) => {
    const message = `Resolve ${path} against ${version}\n\n${decision}\n`;
    const place = { branch, parent: head };
    return { ...resolved, commit: await commitTo(open, place, { message, changes, signature }) };
  });
}

/** Plans a decision and commits it, wherever it goes. */
export async function resolveInTarget(
  fleet: Fleet,
  target: string,
  path: string,
  decision: Decision & { readonly signature: Signature },
): Promise<TargetResolution> {
  const planned = await planResolution(fleet, target, path, decision);
  return commitResolution(fleet, planned, decision);
}

async function branchesOf(
  fleet: Fleet,
  target: string,
  open: OpenTarget,
): Promise<Pick<ResolutionPlace, 'branch' | 'request'>[]> {
  const headPrefix = requestBranchPrefix(fleet.configuration.namespace);
  const requests = await open.forge.listOpen(headPrefix);
  return [
    ...requests.map(({ head: branch, number, url }) => ({
      branch,
      request: { number, ...(url === undefined ? {} : { url }) },
    })),
    ...(await deliveredBranches(fleet, target, open)).map((branch) => ({ branch })),
  ];
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
  { branch, parent }: { readonly branch: string; readonly parent: string },
  {
    message,
    changes,
    signature,
  }: {
    readonly message: string;
    readonly changes: readonly TreeChange[];
    readonly signature: Signature;
  },
): Promise<string> {
  const { commit } = await repository.writeCommit({
    parent,
    changes,
    message,
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
