import { neutralizeReferences } from '@holdfast/forge';
import { ruleStatePaths } from '@holdfast/manifest';
import { applyChange } from '../apply/apply-change.js';
import type { AppliedItem } from '../apply/apply-change.js';
import { authorOf } from '../apply/author.js';
import type { Change } from '../apply/change.js';
import { requestBranchPrefix } from '../apply/request-branch.js';
import type { Fleet } from '../fleet.js';
import type { FailedItem, ItemError, Outcome } from '../plan.js';
import type { OpenTarget, TreeChange } from '../ports.js';
import { toItemError } from '../sync-error.js';
import { visitOrphans } from './find-orphans.js';
import type { Orphan, OrphanInView, OrphanOptions } from './find-orphans.js';

/** What became of what one gone rule has left. */
export interface PrunedOrphan extends Orphan {
  /** What was opened; absent where it failed. */
  readonly applied?: AppliedItem;
  readonly error?: ItemError;
}

/**
 * Proposes the removal of what rules that are gone have left: in a change request for each, which takes away
 * the files as they were delivered, and the rule's state. What people changed, what another rule delivers
 * and what the source cannot confirm stays. Such a request is never merged by itself.
 */
export async function pruneOrphans(
  fleet: Fleet,
  options: OrphanOptions = {},
): Promise<(PrunedOrphan | FailedItem)[]> {
  return visitOrphans(fleet, options, async (open, orphans) => {
    const pruned: PrunedOrphan[] = [];
    for (const found of orphans) {
      try {
        pruned.push({ ...found.orphan, applied: await propose(fleet, open, found) });
      } catch (error) {
        pruned.push({ ...found.orphan, error: toItemError(error) });
      }
    }
    return pruned;
  });
}

async function propose(
  { configuration, sourceName }: Fleet,
  open: OpenTarget,
  { orphan, manifest, view }: OrphanInView,
): Promise<AppliedItem> {
  const { namespace } = configuration;
  const { rule, target, branch: base, files } = orphan;
  const removed = files.filter(({ state }) => state === 'as-delivered').map(({ path }) => path);
  const state = `${ruleStatePaths(namespace, rule).state}/`;
  const ours = [...view.snapshot.entries.keys()].filter((path) => path.startsWith(state));
  const changes = [...removed, ...ours].map((path): TreeChange => ({ path, remove: true }));
  const title = `sync(${namespace}): Remove what ${rule} left`;
  const change: Change = {
    name: rule,
    rules: [rule],
    target,
    source: {
      name: sourceName,
      ref: manifest.source_ref,
      commit: manifest.source_commit,
      version: manifest.source_ref,
    },
    outcomes: removed.flatMap((path): Outcome[] => {
      const before = view.snapshot.entries.get(path);
      return before ? [{ path, kind: 'removed', before }] : [];
    }),
    manifests: new Map(),
    commit: {
      parent: view.head.oid,
      message: `${title}\n\n${removed.length} removed.\n\nHoldfast-Rule: ${rule}\n`,
      signature: {
        ...authorOf(configuration),
        timestamp: view.head.committer.timestamp,
        timezone: '+0000',
      },
      changes,
    },
    request: {
      branch: `${requestBranchPrefix(namespace)}prune/${rule}`,
      base,
      title,
      body: bodyOf(orphan),
      labels: [`${namespace}-sync`, 'auto-generated', 'prune'],
      reviewers: [],
      autoMerge: false,
    },
  };
  return applyChange(change, open, {
    namespace,
    method: configuration.targets[target]?.method ?? 'merge',
    isEarlier: async () => false,
  });
}

const LISTED_FILES = 500;

const words = {
  'as-delivered': 'removed',
  changed: 'stays: it was changed here',
  unproven: 'stays: the source does not have what the manifest says of it',
  taken: 'stays: another rule delivers it',
  gone: 'is gone already',
} as const;

function bodyOf({ rule, ref, files }: Orphan): string {
  const shown = files.slice(0, LISTED_FILES);
  const more = files.length - shown.length;
  return [
    `## What ${rule} left`,
    `The rule ${rule} is gone, or delivers nothing here any more; it brought ${neutralizeReferences(ref)} last. This removes the files that are as it delivered them, and its state.`,
    shown.map(({ path, state }) => `- ${JSON.stringify(path)} (${words[state]})`).join('\n'),
    ...(more > 0 ? [`and ${more} more`] : []),
    '',
  ].join('\n\n');
}
