import type { Entry } from '../ports.js';

/** Everything that is known of one target path, by ids alone. */
export interface FileSides {
  /** What the release delivers, after transforms; absent when it is no longer delivered. */
  readonly upstream?: Entry;
  /** The upstream content that the last sync delivered (the merge's common ancestor). */
  readonly base?: Entry;
  /** What the last sync wrote at the path; differs from `base` where a merge wrote it. */
  readonly recorded?: Entry;
  /** What lies in the target now. */
  readonly current?: Entry;
  /** The downstream's override of the file. */
  readonly override?: Entry;
  /** The last sync left conflict markers at the path. */
  readonly conflict?: boolean;
  /** That conflict is of a file that upstream withdrew. */
  readonly withdrawn?: boolean;
  /** The last sync merged an override. */
  readonly overridden?: boolean;
}

/** What the rule says about the cases where the downstream has a word. */
export interface FilePolicy {
  readonly onDrift: 'merge' | 'block' | 'overwrite';
  readonly onExisting: 'adopt' | 'block' | 'overwrite';
  readonly recreate: 'next_release' | 'always' | 'never';
  /** The release is another commit than the one that the manifest records. */
  readonly newRelease: boolean;
}

/** What is to be done at one path. Content is needed only for `merge`, `search-base` and `inspect-conflict`. */
export type FileDecision =
  /** Nothing to do: the target holds what the release delivers. */
  | { readonly kind: 'unchanged' }
  /** The target already holds the delivered content, but no manifest says so. */
  | { readonly kind: 'adopt' }
  /** Write the upstream content. */
  | { readonly kind: 'take'; readonly as: 'added' | 'updated' | 'recreated' | 'overwritten' }
  /** Write the override at the delivered path: upstream has nothing new. */
  | { readonly kind: 'take-override' }
  /** Remove the file: it is no longer delivered, and unmodified. */
  | { readonly kind: 'remove' }
  /** Upstream moved it, the downstream changed it: it is merged at its new place. */
  | { readonly kind: 'moved'; readonly to: string }
  /** Forget the file: it is neither delivered nor there. */
  | { readonly kind: 'forget' }
  /** The manifest claims it, but the rule cannot have delivered it there: nothing is done with it. */
  | { readonly kind: 'disown' }
  /** The rule's `protect` covers the path. */
  | { readonly kind: 'protect' }
  /** Leave the downstream's version: upstream has nothing new for it. */
  | { readonly kind: 'keep'; readonly as: 'customised' | 'deleted' }
  /** Merge upstream's change into the downstream's version (`ours`: the override, or what lies at the path). */
  | { readonly kind: 'merge'; readonly ours: 'current' | 'override' | 'both' }
  /** A file is there that no sync delivered: look for it among the earlier releases. */
  | { readonly kind: 'search-base' }
  /** No longer delivered, but the downstream changed it: it stays, and is reported. */
  | { readonly kind: 'modify-delete' }
  /** Markers of an earlier conflict are still there. */
  | { readonly kind: 'unresolved' }
  /** A conflict that someone worked on: whether markers remain, only the content tells. */
  | { readonly kind: 'inspect-conflict' }
  /** The rule says to stop here. */
  | { readonly kind: 'block'; readonly because: 'drift' | 'existing' };

/**
 * Decides what happens at one path. Pure, and by ids alone: no content is read.
 *
 * The three sides are *base* (what upstream delivered last), *ours* (the override, or what lies in
 * the target) and *theirs* (what upstream delivers now).
 */
export function decideFile(sides: FileSides, policy: FilePolicy): FileDecision {
  if (!sides.upstream) return decideWithdrawn(sides);
  if (!sides.recorded) return decideFirst(sides, sides.upstream, policy);
  if (sides.withdrawn && sides.current) return { kind: 'merge', ours: 'current' };
  if (sides.conflict) return decideAfterConflict(sides, policy);
  return sides.override
    ? decideOverridden(sides, sides.upstream, sides.override)
    : decideDelivered(sides, sides.upstream, policy);
}

/** Same content and same mode. */
export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

function decideWithdrawn(sides: FileSides): FileDecision {
  const { recorded, base, current, override, withdrawn } = sides;
  if (withdrawn) return decideStill(sides);
  if (!current && !override) return { kind: 'forget' };
  const untouched = sameEntry(current, recorded) && sameEntry(recorded, base) && !override;
  return untouched ? { kind: 'remove' } : { kind: 'modify-delete' };
}

/** Whether what upstream withdrew stays was for someone to decide, who edited it, deleted it, or did not yet. */
function decideStill({ recorded, current }: FileSides): FileDecision {
  return current && sameEntry(current, recorded) ? { kind: 'unresolved' } : { kind: 'forget' };
}

function decideFirst(sides: FileSides, upstream: Entry, policy: FilePolicy): FileDecision {
  const { current, override } = sides;
  if (override) return decideFirstOverridden(sides, upstream, override);
  if (!current) return { kind: 'take', as: 'added' };
  if (sameEntry(current, upstream)) return { kind: 'adopt' };
  switch (policy.onExisting) {
    case 'block':
      return { kind: 'block', because: 'existing' };
    case 'overwrite':
      return { kind: 'take', as: 'overwritten' };
    case 'adopt':
      return { kind: 'search-base' };
  }
}

function decideFirstOverridden(
  { current }: FileSides,
  upstream: Entry,
  override: Entry,
): FileDecision {
  if (sameEntry(current, override)) return { kind: 'adopt' };
  const expendable = !current || sameEntry(current, upstream);
  return expendable ? { kind: 'take-override' } : { kind: 'merge', ours: 'both' };
}

function decideAfterConflict(
  { current, override, recorded }: FileSides,
  policy: FilePolicy,
): FileDecision {
  if (!current) return override ? { kind: 'merge', ours: 'override' } : decideDeleted(policy);
  return sameEntry(current, recorded) ? { kind: 'unresolved' } : { kind: 'inspect-conflict' };
}

function decideOverridden(sides: FileSides, upstream: Entry, override: Entry): FileDecision {
  const { base, current, recorded } = sides;
  const edited = current && !sameEntry(current, recorded) && !sameEntry(current, override);
  if (edited) return { kind: 'merge', ours: 'both' };
  if (sameEntry(upstream, base)) {
    return sameEntry(current, override) ? { kind: 'unchanged' } : { kind: 'take-override' };
  }
  return { kind: 'merge', ours: 'override' };
}

function decideDelivered(sides: FileSides, upstream: Entry, policy: FilePolicy): FileDecision {
  const { base, current, recorded, overridden } = sides;
  if (!current) return decideDeleted(policy);
  const drifted = !sameEntry(current, recorded);
  if (sameEntry(current, upstream)) return { kind: drifted ? 'adopt' : 'unchanged' };
  if (drifted && policy.onDrift === 'block') return { kind: 'block', because: 'drift' };
  if (drifted && policy.onDrift === 'overwrite') return { kind: 'take', as: 'overwritten' };
  if (!drifted && (sameEntry(current, base) || overridden)) return { kind: 'take', as: 'updated' };
  if (sameEntry(upstream, base)) return { kind: 'keep', as: 'customised' };
  return { kind: 'merge', ours: 'current' };
}

function decideDeleted({ recreate, newRelease }: FilePolicy): FileDecision {
  const again = recreate === 'always' || (recreate === 'next_release' && newRelease);
  return again ? { kind: 'take', as: 'recreated' } : { kind: 'keep', as: 'deleted' };
}
