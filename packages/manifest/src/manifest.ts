import type { FileMode } from '@holdfast/text';

/** Any value that JSON can hold. */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A git file mode: a file, an executable file, a symbolic link, or a submodule. */

/** What the last sync left at one path of a target. */
export interface ManifestEntry {
  /** The path of the file in the source. */
  readonly source: string;
  /** The blob id of what the sync wrote at the path. */
  readonly oid: string;
  /** The SHA-256 of the same bytes. */
  readonly sha256: string;
  readonly mode: FileMode;
  /** The blob id of the source file, where transforms made something else of it. */
  readonly source_oid?: string;
  /** The blob id of what upstream delivered, where a merge wrote something else at the path. */
  readonly base_oid?: string;
  /** The mode that upstream delivered, where the path has another. */
  readonly base_mode?: FileMode;
  /** The downstream's override was merged into the file. */
  readonly override?: boolean;
  /** The sync left conflict markers in the file. */
  readonly conflict?: boolean;
  /** Upstream withdrew the file, which the downstream had changed: someone must decide whether it stays. */
  readonly withdrawn?: boolean;
  /** The blob id of the conflict's common ancestor; absent where there was none. */
  readonly conflict_base_oid?: string;
  /** The blob id of the downstream's side of the conflict; upstream's is `base_oid`. */
  readonly conflict_ours_oid?: string;
  /** The blob id of the override when the conflict arose; absent where there was none. */
  readonly conflict_override_oid?: string;
}

/**
 * The record of what one rule delivered to one target. Nothing in it depends on the clock.
 *
 * Objects may hold more keys than are named here, written by a later release of the same format:
 * they are left where they are and serialised again.
 */
export interface Manifest {
  readonly version: 1;
  readonly rule_id: string;
  /** What the configuration calls the source. */
  readonly source_repo: string;
  /** The commit that was delivered, 40 hexadecimal digits. */
  readonly source_commit: string;
  /** The tag, branch or revision that named the commit. */
  readonly source_ref: string;
  /** The later of the source commit's and the target head's dates: `2026-01-30T12:00:00Z`. */
  readonly synced_at: string;
  /** What wrote the manifest. */
  readonly synced_by: string;
  /** Identifies the transforms and their configuration. */
  readonly transforms_digest: string;
  /** What the kind of content wants to record about itself; `{}` where there is nothing. */
  readonly content: { readonly [key: string]: JsonValue };
  /** Where overrides begin, if not at the root: an override's path lacks this beginning of the delivered path. */
  readonly override_root?: string;
  /** What lies at each delivered path. */
  readonly files: ReadonlyMap<string, ManifestEntry>;
}

/** How deep the data of a manifest may be nested, counted from its root. */
export const MAX_MANIFEST_DEPTH = 64;
