import { overridePath, ruleStatePaths } from '@holdfast/manifest';
import type { TargetRule, ManifestEntry } from '@holdfast/manifest';
import { createPipeline } from '@holdfast/transforms';
import type { Fleet } from '../fleet.js';
import { baseOf } from '../item/collect-cases.js';
import type { FailedItem } from '../plan.js';
import type { Commit } from '../ports.js';
import { visitRules } from '../run/visit-targets.js';
import { SyncError } from '../sync-error.js';
import { findDrift } from '../target/find-drift.js';
import { readManifest } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';
import { everyRule } from './detect-drift.js';

/** A commit in one line. */
export interface CommitLine {
  readonly oid: string;
  readonly subject: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
}

/** Where the bytes at one path of a target come from. */
export interface Provenance {
  readonly target: string;
  readonly branch: string;
  readonly path: string;
  readonly rule: string;
  /** The file that holds the rule. */
  readonly ruleFile: string;
  readonly strategy: string;
  readonly source: {
    readonly name: string;
    readonly path: string;
    readonly ref: string;
    readonly commit: string;
    /** The last commit of the source that changed the file, up to the delivered one. */
    readonly changedBy?: CommitLine;
  };
  /** One line for each transform that the rule applies. */
  readonly transforms: readonly string[];
  /** The override that was merged into the file. */
  readonly override?: string;
  /** The commit of the target that brought what the manifest records. */
  readonly deliveredBy?: CommitLine;
  /**
   * `as-delivered`: what the release delivers, untouched. `merged`: merged by Holdfast with the
   * downstream's own change, or what an override or `protect` says. `drifted`: changed after the last sync. `conflicted`: markers are left.
   * `decided`: someone worked on a conflict, which the next sync takes up. `missing`: deleted.
   */
  readonly state: 'as-delivered' | 'merged' | 'drifted' | 'conflicted' | 'decided' | 'missing';
  readonly oid?: string;
  readonly recorded: Pick<ManifestEntry, 'oid' | 'sha256' | 'mode'>;
}

/**
 * Says where the bytes at a path come from, in every target that has it: source file, commit, rule,
 * transforms and override. The path of an override or of a recorded base explains its file.
 *
 * @throws SyncError `unknown-path` when no sync delivered it anywhere.
 */
export async function explainPath(
  fleet: Fleet,
  path: string,
  { targets }: { readonly targets?: readonly string[] } = {},
): Promise<(Provenance | FailedItem)[]> {
  const rules = everyRule(fleet, targets ? { targets } : {});
  const found = await visitRules(fleet, rules, (located, view) =>
    explain(fleet, located, view, path),
  );
  const known = found.filter((item) => item !== undefined);
  if (known.some((item) => !('kind' in item))) return known.filter((item) => !('kind' in item));
  if (known.length > 0) return known;
  throw new SyncError(
    'unknown-path',
    `${path} was not delivered to ${targets?.join(', ') ?? 'any target'}`,
    {
      hint: 'give the path as it is in the target, like docs/agent33/README.md; holdfast plan lists the delivered files',
    },
  );
}

async function explain(
  { configuration, source, sourceName }: Fleet,
  located: TargetRule,
  view: TargetView,
  asked: string,
): Promise<Provenance | undefined> {
  const { rule, file } = located;
  const { namespace } = configuration;
  const manifest = await readManifest(view, namespace, rule.id);
  if (!manifest) return undefined;
  const path = manifest.files.has(asked)
    ? asked
    : deliveredPathOf(located, namespace, manifest.files.keys(), asked);
  const record = path === undefined ? undefined : manifest.files.get(path);
  if (path === undefined || !record) return undefined;

  const current = view.snapshot.entries.get(path);
  const override = overridePath(rule, namespace, path);
  const drifting = await findDrift(located, manifest, view, configuration);
  const drifted = drifting.some((file) => file.path === path);
  const { strategy, transforms, links } = rule;
  const changedBy = await lastCommit(source, manifest.source_commit, record.source);
  const statePath = ruleStatePaths(namespace, rule.id).manifest;
  const deliveredBy = await lastCommit(view.open.repository, view.head.oid, statePath);
  return {
    target: view.name,
    branch: view.branch,
    path,
    rule: rule.id,
    ruleFile: file,
    strategy,
    source: {
      name: sourceName,
      path: record.source,
      ref: manifest.source_ref,
      commit: manifest.source_commit,
      ...(changedBy ? { changedBy } : {}),
    },
    transforms: createPipeline({ strategy, transforms, namespace, links }).describe(),
    ...(record.override && override !== undefined ? { override } : {}),
    ...(deliveredBy ? { deliveredBy } : {}),
    state: stateOf(record, current, { drifted }),
    ...(current ? { oid: current.oid } : {}),
    recorded: { oid: record.oid, sha256: record.sha256, mode: record.mode },
  };
}

function deliveredPathOf(
  { rule }: TargetRule,
  namespace: string,
  paths: Iterable<string>,
  asked: string,
): string | undefined {
  const { base } = ruleStatePaths(namespace, rule.id);
  for (const path of paths) {
    if (overridePath(rule, namespace, path) === asked || base(path) === asked) return path;
  }
  return undefined;
}

function stateOf(
  record: ManifestEntry,
  current: { oid: string; mode: string } | undefined,
  { drifted }: { readonly drifted: boolean },
): Provenance['state'] {
  if (!current) return 'missing';
  const changed = current.oid !== record.oid || current.mode !== record.mode;
  if (record.conflict) return changed ? 'decided' : 'conflicted';
  if (drifted) return 'drifted';
  return !changed && baseOf(record).oid === record.oid ? 'as-delivered' : 'merged';
}

async function lastCommit(
  repository: { log: Fleet['source']['log']; resolveCommit: Fleet['source']['resolveCommit'] },
  to: string,
  path: string,
): Promise<CommitLine | undefined> {
  if (!(await repository.resolveCommit(to))) return undefined;
  const [commit] = await repository.log({ to, paths: [path], limit: 1 });
  return commit && describeCommit(commit);
}

function describeCommit({ oid, message, committer }: Commit): CommitLine {
  const subject = message.split('\n', 1)[0] ?? '';
  return { oid, subject, date: new Date(committer.timestamp * 1000).toISOString() };
}
