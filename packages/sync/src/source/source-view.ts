import type { Fleet } from '../fleet.js';
import type { Commit, Release, Snapshot, SourceRepository } from '../ports.js';
import { remember } from '../remember.js';
import { createDeriver } from './derive-files.js';
import type { Deriver } from './derive-files.js';

/** The source as one run sees it: every tree and every file is read at most once. */
export interface SourceView {
  readonly repository: SourceRepository;
  /** What manifests and change requests call it (`owner/name`). */
  readonly name: string;
  /** Where it can be looked at, for permalinks. */
  readonly url?: string;
  readonly deriver: Deriver;
  commit(revision: string): Promise<Commit | undefined>;
  snapshot(commit: string): Promise<Snapshot>;
  releases(): Promise<readonly Release[]>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The commits of a range, newest first; every target that asks for the same shares the answer. */
  log(range: Parameters<SourceRepository['log']>[0]): Promise<readonly Commit[]>;
}

/** Opens a view of the source for one run. */
export function createSourceView({
  source: repository,
  sourceName: name,
  sourceUrl: url,
  configuration,
}: Pick<Fleet, 'source' | 'sourceName' | 'sourceUrl' | 'configuration'>): SourceView {
  const snapshots = new Map<string, Promise<Snapshot>>();
  const commits = new Map<string, Promise<Commit | undefined>>();
  const ancestors = new Map<string, Promise<boolean>>();
  const logs = new Map<string, Promise<readonly Commit[]>>();
  let releases: Promise<readonly Release[]> | undefined;
  return {
    repository,
    name,
    ...(url === undefined ? {} : { url }),
    deriver: createDeriver(repository),
    commit: (revision) => remember(commits, revision, () => repository.resolveCommit(revision)),
    snapshot: (commit) => remember(snapshots, commit, () => repository.readSnapshot(commit)),
    releases: () => (releases ??= repository.listReleases(configuration.source.release_tags)),
    isAncestor: (ancestor, descendant) =>
      remember(ancestors, `${ancestor} ${descendant}`, () =>
        repository.isAncestor(ancestor, descendant),
      ),
    log: (range) => remember(logs, JSON.stringify(range), () => repository.log(range)),
  };
}
