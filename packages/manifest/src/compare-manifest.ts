import { compareText } from '@holdfast/text';
import type { Manifest } from './manifest.js';

/** What lies at a path: the id of its content, and its git mode. */
export interface PathState {
  readonly oid: string;
  readonly mode: string;
}

/** A path that holds something else than its manifest says. */
export interface PathDifference {
  readonly path: string;
  readonly expected: PathState;
  readonly actual: PathState;
}

/** How a tree differs from its manifest; each list is sorted by path. */
export interface ManifestComparison {
  /** In the manifest, but not in the tree. */
  readonly missing: readonly string[];
  /** Other content; the mode may differ as well. */
  readonly modified: readonly PathDifference[];
  /** The same content under another mode. */
  readonly modeChanged: readonly PathDifference[];
  /** In the tree, but not in the manifest. */
  readonly unexpected: readonly string[];
}

/**
 * Compares a manifest with what lies in a target, by ids and modes alone: no content is read.
 *
 * @param entries what lies in the target, by path; more than the rule's own files may be given.
 * @param options.within the folder whose other files count as unexpected, `''` (the default) for all
 *   of `entries`; it ends in `/`.
 */
export function compareManifest(
  manifest: Pick<Manifest, 'files'>,
  entries: ReadonlyMap<string, PathState>,
  { within = '' }: { readonly within?: string } = {},
): ManifestComparison {
  const missing: string[] = [];
  const modified: PathDifference[] = [];
  const modeChanged: PathDifference[] = [];
  for (const [path, expected] of manifest.files) {
    const actual = entries.get(path);
    if (!actual) missing.push(path);
    else if (actual.oid !== expected.oid) modified.push(difference(path, expected, actual));
    else if (actual.mode !== expected.mode) modeChanged.push(difference(path, expected, actual));
  }
  const unexpected: string[] = [];
  for (const path of entries.keys()) {
    if (path.startsWith(within) && !manifest.files.has(path)) unexpected.push(path);
  }
  return {
    missing: missing.sort(compareText),
    modified: modified.sort((a, b) => compareText(a.path, b.path)),
    modeChanged: modeChanged.sort((a, b) => compareText(a.path, b.path)),
    unexpected: unexpected.sort(compareText),
  };
}

function difference(path: string, expected: PathState, actual: PathState): PathDifference {
  return {
    path,
    expected: { oid: expected.oid, mode: expected.mode },
    actual: { oid: actual.oid, mode: actual.mode },
  };
}
