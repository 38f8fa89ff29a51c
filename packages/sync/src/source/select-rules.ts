import { hintName } from '@holdfast/manifest';
import type { Configuration, Manifest, TargetRule } from '@holdfast/manifest';
import { itemKey } from '../item-key.js';
import type { PlannedSource } from '../plan.js';
import type { Commit } from '../ports.js';
import { remember } from '../remember.js';
import { SyncError } from '../sync-error.js';
import type { SourceView } from './source-view.js';

/** What a run is about. */
export interface RunSelection {
  /** Ids of rules; none: the `on_release` and `on_change` rules. */
  readonly rules?: readonly string[];
  /** Names of targets; none: all. */
  readonly targets?: readonly string[];
  /** A tag of the source. */
  readonly release?: string;
  /** Any revision of the source. */
  readonly ref?: string;
  /** What each rule delivers to each target, by `itemKey`, as a saved plan says; nothing else runs. */
  readonly pinned?: ReadonlyMap<string, PlannedSource>;
}

/** A rule, and the commit of the source that it delivers in this run. */
export interface ScheduledRule {
  readonly located: TargetRule;
  readonly release: PlannedSource;
  readonly commit: Commit;
  /** The run, or its saved plan, names the commit; otherwise it is the newest. */
  readonly named: boolean;
}

/** A rule that has nothing to deliver yet: no release, a missing branch. The others run all the same. */
export interface UnscheduledRule {
  readonly located: TargetRule;
  readonly error: unknown;
}

/**
 * Chooses the rules of a run and the commit that each delivers: `--release` and `--ref` pin it for
 * all; otherwise `on_change` rules take the head of `source.branch`, the others the newest release.
 *
 * @throws SyncError for what the selection itself names and the source or the configuration does not have
 */
export async function scheduleRules(
  configuration: Configuration,
  rules: readonly TargetRule[],
  source: SourceView,
  selection: RunSelection,
): Promise<(ScheduledRule | UnscheduledRule)[]> {
  if (selection.pinned) return pinnedRules(rules, source, selection.pinned);
  const chosen = chooseRules(rules, selection);
  const pinned = await pinnedCommit(configuration, source, selection);
  const newest = new Map<'on_change' | 'on_release', Promise<Pinned>>();
  const scheduled: (ScheduledRule | UnscheduledRule)[] = [];
  for (const located of chosen) {
    const frequency = located.rule.frequency === 'on_change' ? 'on_change' : 'on_release';
    const find = frequency === 'on_change' ? branchHead : newestRelease;
    try {
      const { release, commit } =
        pinned ?? (await remember(newest, frequency, () => find(configuration, source)));
      scheduled.push({ located, release, commit, named: pinned !== undefined });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      scheduled.push({ located, error });
    }
  }
  return scheduled;
}

async function pinnedRules(
  rules: readonly TargetRule[],
  source: SourceView,
  pinned: ReadonlyMap<string, PlannedSource>,
): Promise<ScheduledRule[]> {
  const scheduled: ScheduledRule[] = [];
  for (const located of rules) {
    const { id: rule, target_repo: target } = located.rule;
    const release = pinned.get(itemKey({ rule, target }));
    const commit = release && (await source.commit(release.commit));
    if (release && commit) scheduled.push({ located, release, commit, named: true });
  }
  return scheduled;
}

/** The rules that a selection names, or that run without being named. */
export function chooseRules(
  rules: readonly TargetRule[],
  { rules: ids = [], targets = [] }: RunSelection,
): TargetRule[] {
  const known = new Set(rules.map(({ rule }) => rule.id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new SyncError('unknown-rule', `no rule has the id ${JSON.stringify(unknown)}`, {
      hint: hintName(unknown, [...known], 'rules'),
    });
  }
  const addressed = new Set(rules.map(({ rule }) => rule.target_repo));
  const stray = targets.find((name) => !addressed.has(name));
  if (stray !== undefined) {
    throw new SyncError('unknown-target', `no rule delivers to ${JSON.stringify(stray)}`, {
      hint: hintName(stray, [...addressed], 'targets'),
    });
  }
  return rules.filter(
    ({ rule }) =>
      (ids.length > 0 ? ids.includes(rule.id) : rule.frequency !== 'manual') &&
      (targets.length === 0 || targets.includes(rule.target_repo)),
  );
}

type Pinned = Omit<ScheduledRule, 'located' | 'named'>;

async function pinnedCommit(
  configuration: Configuration,
  source: SourceView,
  { release, ref }: RunSelection,
): Promise<Pinned | undefined> {
  if (release !== undefined) {
    const found = (await source.releases()).find(({ tag }) => tag === release);
    if (!found) throw await unknownRelease(configuration, source, release);
    return named(source, release, release, found.commit);
  }
  if (ref === undefined) return undefined;
  const commit = await source.commit(ref);
  if (!commit) {
    throw new SyncError('unknown-revision', `the source has no revision ${JSON.stringify(ref)}`, {
      hint: 'name a branch, a tag or a commit id of the source',
    });
  }
  const tag = (await source.releases()).find(({ tag }) => tag === ref);
  return named(source, ref, tag ? ref : shortVersion(ref, commit.oid), commit.oid);
}

async function newestRelease(configuration: Configuration, source: SourceView): Promise<Pinned> {
  const [newest] = await source.releases();
  if (!newest) throw await unknownRelease(configuration, source);
  return named(source, newest.tag, newest.tag, newest.commit);
}

async function branchHead(configuration: Configuration, source: SourceView): Promise<Pinned> {
  const branch = configuration.source.branch ?? (await source.repository.defaultBranch()) ?? 'main';
  const commit = await source.commit(`refs/heads/${branch}`);
  if (!commit) {
    throw new SyncError('unknown-branch', `the source has no branch ${JSON.stringify(branch)}`, {
      hint: 'set source.branch in the configuration to the branch that on_change rules follow',
    });
  }
  return named(source, branch, shortVersion(branch, commit.oid), commit.oid);
}

/** A branch and a short commit id, in the version's place; a commit id stands for itself. */
export function shortVersion(ref: string, oid: string): string {
  const short = oid.slice(0, 7);
  return oid.startsWith(ref)
    ? short
    : `${ref.replace(/^refs\/(heads|tags)\//, '').replace(/[^\w.-]+/g, '-')}-${short}`;
}

/** What stood in the version's place when the manifest was written: the tag, or the branch and the short commit id. */
export async function versionAt(
  source: SourceView,
  { source_ref: ref, source_commit: commit }: Manifest,
): Promise<string> {
  const tag = (await source.releases()).find((release) => release.tag === ref);
  return tag ? ref : shortVersion(ref, commit);
}

async function named(
  source: SourceView,
  ref: string,
  version: string,
  oid: string,
): Promise<Pinned> {
  const commit = await source.commit(oid);
  if (!commit)
    throw new SyncError('unknown-revision', `the source has no commit ${oid}`, {
      blame: 'repository',
    });
  return { release: { name: source.name, ref, commit: commit.oid, version }, commit };
}

async function unknownRelease(
  { source: { release_tags: pattern } }: Configuration,
  source: SourceView,
  release?: string,
): Promise<SyncError> {
  const tags = (await source.releases()).map(({ tag }) => tag);
  if (tags.length === 0) {
    return new SyncError(
      'no-release',
      `the source has no release: no tag matches ${JSON.stringify(pattern)}`,
      {
        hint: 'tag a commit of the source (git tag v1.0.0), set source.release_tags, or name a commit with --ref',
      },
    );
  }
  return new SyncError('unknown-release', `the source has no release ${JSON.stringify(release)}`, {
    hint: `the newest releases are: ${tags.slice(0, 5).join(', ')}`,
  });
}
