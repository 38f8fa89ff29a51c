import { parseManifest, ruleStatePaths } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import type { Commit, OpenTarget, Snapshot } from '../ports.js';
import { createContentReader } from '../source/contents.js';
import type { ContentReader, ContentStore } from '../source/contents.js';
import { SyncError } from '../sync-error.js';

/** A target as it stands at the head of one branch; what is read once serves every rule. */
export interface TargetView {
  readonly name: string;
  readonly open: OpenTarget;
  readonly branch: string;
  readonly head: Commit;
  readonly snapshot: Snapshot;
  readonly contents: ContentReader;
}

/** Reads the head of a target's branch; content goes into the store of the run. Fails with a `SyncError` when there is no such branch. */
export async function readTarget(
  name: string,
  open: OpenTarget,
  branch: string,
  store: ContentStore,
): Promise<TargetView> {
  const { repository } = open;
  const head = await repository.resolveCommit(`refs/heads/${branch}`);
  if (!head) throw await missingBranch(name, open, branch);
  const snapshot = await repository.readSnapshot(head.oid);
  return { name, open, branch, head, snapshot, contents: createContentReader(repository, store) };
}

async function missingBranch(name: string, open: OpenTarget, branch: string): Promise<SyncError> {
  const ref = `refs/heads/${branch}`;
  const refs = await open.repository.listRefs(ref);
  if (refs.some(({ name: found }) => found === ref)) {
    return new SyncError('corrupt', `${name} lacks the commit that its branch ${branch} names`, {
      blame: 'repository',
      hint: `run "git fsck" in ${name}, and restore the branch from a clone`,
    });
  }
  const head = await open.repository.defaultBranch();
  const existing =
    head && (await open.repository.resolveCommit(`refs/heads/${head}`)) ? head : undefined;
  return existing === undefined
    ? new SyncError('empty-target', `${name} has no commit yet: expected the branch ${branch}`, {
        blame: 'repository',
        hint: `push a first commit to ${branch} of ${name}`,
      })
    : new SyncError(
        'unknown-branch',
        `${name} has no branch ${branch}; its default branch is ${existing}`,
        {
          hint: `set targets.${name}.branch (or the rule's target_branch) to ${existing}, or create ${branch}`,
        },
      );
}

/** The manifest of a rule in a target; undefined before the first sync. */
export async function readManifest(
  { name, snapshot, contents }: TargetView,
  namespace: string,
  rule: string,
): Promise<Manifest | undefined> {
  const path = ruleStatePaths(namespace, rule).manifest;
  const entry = snapshot.entries.get(path);
  if (!entry) return undefined;
  const text = new TextDecoder().decode(await contents.read(entry.oid));
  const parsed = parseManifest(text, { file: `${name}:${path}` });
  if (parsed.kind === 'parsed') return parsed.value;
  const [first] = parsed.findings;
  const place = first?.range ? `:${first.range.start.line}:${first.range.start.column}` : '';
  throw new SyncError(
    'bad-manifest',
    `${name}:${path}${place}: ${first?.message ?? 'cannot be read'}`,
    {
      blame: 'repository',
      hint:
        first?.ruleId === 'manifest-newer-version'
          ? 'upgrade holdfast'
          : `restore the file from an earlier commit of ${name}: git log -- ${path}`,
    },
  );
}
