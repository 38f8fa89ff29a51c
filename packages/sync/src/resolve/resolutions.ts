import { hashSha256 } from '@holdfast/manifest';
import { findOurMarkers } from '../file/merge-contents.js';
import { withTarget } from '../fleet.js';
import type { Fleet } from '../fleet.js';
import type { Snapshot, SourceRepository } from '../ports.js';
import { BoundedMap, remember } from '../remember.js';
import { readManifests } from '../target/read-manifests.js';
import { deliveredBranches } from '../target/target-branch.js';

/** A decision of an earlier conflict, and the target in which it was made. */
export interface Resolution {
  readonly target: string;
  /** It was made in another target, which the configuration names as a decider: people look at it first. */
  readonly proposed: boolean;
  readonly content: Uint8Array;
}

/** What is known of decided conflicts. */
export interface Resolutions {
  /** The decision of the conflict of exactly these three versions, for use in a target. */
  find(key: string, target: string): Promise<Resolution | undefined>;
}

/** The name of a conflict: a digest of the ids of its three versions. */
export function resolutionKey(base: string | undefined, ours: string, theirs: string): string {
  return hashSha256(new TextEncoder().encode(`${base ?? ''} ${ours} ${theirs}`)).slice(0, 40);
}

/** Where a target keeps a decision, below the state folder of its rule. */
export function resolutionPath(state: string, key: string): string {
  return `${state}/resolutions/${key}`;
}

/** Decisions are small, and asked for by the conflicts of one target at a time. */
const MAX_TARGETS = 64;

/**
 * Looks for decisions in the state folder of the target itself, then of the configuration's deciders, the
 * first by name first: what anyone else may write into a target of his own decides nothing elsewhere.
 * Targets are opened only when a conflict asks, and the answer does not depend on which targets a run is
 * about.
 */
export function createResolutions(fleet: Fleet): Resolutions {
  const indexes = new BoundedMap<string, Promise<Map<string, string>>>(MAX_TARGETS);
  const deciders = [...(fleet.configuration.deciders ?? [])].sort();

  return {
    async find(key, target) {
      for (const decider of new Set([target, ...deciders])) {
        const index = remember(indexes, decider, () => readDecisions(fleet, decider));
        const oid = (await index).get(key);
        if (oid === undefined) continue;
        const content = await withTarget(fleet, decider, ({ repository }) =>
          repository.readBlob(oid),
        );
        return { target: decider, proposed: decider !== target, content };
      }
      return undefined;
    },
  };
}

/** The decisions that a target holds; none where it cannot be read, which its own item reports. */
async function readDecisions(fleet: Fleet, target: string): Promise<Map<string, string>> {
  const decisions = new Map<string, string>();
  try {
    await withTarget(fleet, target, async (open) => {
      for (const branch of await deliveredBranches(fleet, target, open)) {
        const head = await open.repository.resolveCommit(`refs/heads/${branch}`);
        if (!head) continue;
        const snapshot = await open.repository.readSnapshot(head.oid);
        const { namespace } = fleet.configuration;
        const found = [
          ...listDecisions(snapshot, namespace),
          ...(await listHandMade(snapshot, namespace, open.repository)),
        ];
        for (const [key, oid] of found) if (!decisions.has(key)) decisions.set(key, oid);
      }
    });
  } catch (error) {
    fleet.logger?.debug({ target, err: error }, 'no decisions read');
  }
  return decisions;
}

function listDecisions({ entries }: Snapshot, namespace: string): Map<string, string> {
  const state = `.${namespace}-sync-state/`;
  const decisions = new Map<string, string>();
  for (const { path, oid, mode } of entries.values()) {
    const key = path.startsWith(state) && /\/resolutions\/([0-9a-f]{40})$/.exec(path)?.[1];
    if (key && mode === '100644') decisions.set(key, oid);
  }
  return decisions;
}

/** Conflicts that someone decided by editing the delivered file: its markers are gone. */
async function listHandMade(
  snapshot: Snapshot,
  namespace: string,
  repository: Pick<SourceRepository, 'readBlob'>,
): Promise<Map<string, string>> {
  const decisions = new Map<string, string>();
  for (const { files, source_repo: source } of await readManifests(
    snapshot,
    namespace,
    repository,
  )) {
    for (const [path, record] of files) {
      const { conflict, conflict_base_oid: base, conflict_ours_oid: ours } = record;
      const current = snapshot.entries.get(path);
      if (!conflict || ours === undefined || !current || current.oid === record.oid) continue;
      const markers = findOurMarkers(await repository.readBlob(current.oid), source);
      if (markers.length > 0) continue;
      decisions.set(resolutionKey(base, ours, record.base_oid ?? record.oid), current.oid);
    }
  }
  return decisions;
}
