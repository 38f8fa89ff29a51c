import type { Fleet } from '../fleet.js';
import type { Commit, Entry, Release, Snapshot, SourceRepository } from '../ports.js';
import { BoundedMap, remember } from '../remember.js';
import { createContentStore } from './contents.js';
import type { ContentStore } from './contents.js';
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
  /** Content of the source, of targets, and what was derived. */
  readonly contents: ContentStore;
  snapshot(commit: string): Promise<Snapshot>;
  releases(): Promise<readonly Release[]>;
  /** What the newest releases had at each path: each content once, with the releases that had it. */
  pastFiles(): Promise<PastFiles>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The commits of a range, newest first; every target that asks for the same shares the answer. */
  log(range: Parameters<SourceRepository['log']>[0]): Promise<readonly Commit[]>;
}

/** A content that lay at a path. */
export interface PastFile extends Entry {
  /** The releases that had it, newest first. */
  readonly releases: readonly Release[];
}

export type PastFiles = ReadonlyMap<string, readonly PastFile[]>;

/** How many releases are searched for the origin of a file, newest first. */
const SEARCHED_RELEASES = 100;

/** A run needs few trees of the source at once; each is large. */
const MAX_SNAPSHOTS = 16;
const MAX_ANSWERS = 1000;

/** Opens a view of the source for one run. */
export function createSourceView({
  source: repository,
  sourceName: name,
  sourceUrl: url,
  configuration,
}: Pick<Fleet, 'source' | 'sourceName' | 'sourceUrl' | 'configuration'>): SourceView {
  const contents = createContentStore();
  const snapshots = new BoundedMap<string, Promise<Snapshot>>(MAX_SNAPSHOTS);
  const commits = new BoundedMap<string, Promise<Commit | undefined>>(MAX_ANSWERS);
  const ancestors = new BoundedMap<string, Promise<boolean>>(MAX_ANSWERS);
  const logs = new BoundedMap<string, Promise<readonly Commit[]>>(MAX_ANSWERS);
  let releases: Promise<readonly Release[]> | undefined;
  let past: Promise<PastFiles> | undefined;
  const listReleases = () =>
    (releases ??= repository.listReleases(configuration.source.release_tags));
  return {
    repository,
    name,
    ...(url === undefined ? {} : { url }),
    contents,
    deriver: createDeriver(repository, contents),
    commit: (revision) => remember(commits, revision, () => repository.resolveCommit(revision)),
    snapshot: (commit) => remember(snapshots, commit, () => repository.readSnapshot(commit)),
    releases: listReleases,
    pastFiles: () => (past ??= listReleases().then((all) => readPastFiles(repository, all))),
    isAncestor: (ancestor, descendant) =>
      remember(ancestors, `${ancestor} ${descendant}`, () =>
        repository.isAncestor(ancestor, descendant),
      ),
    log: (range) => remember(logs, JSON.stringify(range), () => repository.log(range)),
  };
}

/** One release after the other, so that no more than one tree is held. */
async function readPastFiles(
  repository: SourceRepository,
  releases: readonly Release[],
): Promise<PastFiles> {
  const past = new Map<string, (Entry & { readonly releases: Release[] })[]>();
  for (const release of releases.slice(0, SEARCHED_RELEASES)) {
    const { entries } = await repository.readSnapshot(release.commit);
    for (const { path, oid, mode } of entries.values()) {
      const known = remember(past, path, () => []);
      const same = known.find((file) => file.oid === oid && file.mode === mode);
      if (same) same.releases.push(release);
      else known.push({ oid, mode, releases: [release] });
    }
  }
  return past;
}
