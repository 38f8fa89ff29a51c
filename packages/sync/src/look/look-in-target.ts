import type { Manifest, ManifestEntry } from '@holdfast/manifest';
import type { Entry } from '../ports.js';
import { overrideRootOf } from '../target/override-root.js';
import { findUndecided } from './find-undecided.js';

/** One delivered file of a target, by its manifest alone. */
export interface TargetFile {
  readonly path: string;
  /**
   * `as-delivered`: what the release delivers. `customised`: the downstream's own version, which a merge
   * or an override made the recorded one. `drifted`, `mode-changed`, `missing`: changed since.
   * `conflicted`: nobody has decided yet. `decided`: someone has, which the next sync takes up.
   */
  readonly state:
    | 'as-delivered'
    | 'customised'
    | 'drifted'
    | 'mode-changed'
    | 'missing'
    | 'conflicted'
    | 'decided';
  readonly record: ManifestEntry;
  /** What lies there; absent: nothing. */
  readonly found?: Pick<Entry, 'oid' | 'mode'>;
  /** The override of the file that lies in the target. */
  readonly override?: string;
}

/** The files of a target: what lies where, and a way to read it. */
export interface TargetFiles {
  /** Every delivered file and every override that is there. */
  readonly entries: ReadonlyMap<string, Pick<Entry, 'oid' | 'mode'>>;
  read(path: string): Promise<Uint8Array>;
}

/** Compares a target with one of its manifests, without the rules and the source. */
export async function lookInTarget(
  manifest: Manifest,
  { entries, read }: TargetFiles,
  { namespace }: { readonly namespace: string },
): Promise<TargetFile[]> {
  const paths = new Map([...manifest.files.keys()].map((path) => [entries.get(path)?.oid, path]));
  const undecided = await findUndecided(manifest, { entries: withPaths(entries) }, (oid) =>
    read(paths.get(oid) ?? ''),
  );
  const open = new Set(undecided);
  const root = overrideRootOf(manifest, new Set(entries.keys()), { namespace });
  return [...manifest.files].map(([path, record]) => {
    const found = entries.get(path);
    const place = `.${namespace}-overrides/${path.slice(root.length)}`;
    const declared = path.startsWith(root) ? entries.get(place) : undefined;
    return {
      path,
      record,
      state: open.has(path) ? 'conflicted' : stateOf(record, found, declared),
      ...(found ? { found } : {}),
      ...(declared ? { override: place } : {}),
    };
  });
}

function withPaths(entries: TargetFiles['entries']) {
  return new Map([...entries].map(([path, entry]) => [path, { path, ...entry }]));
}

function stateOf(
  record: ManifestEntry,
  found: Pick<Entry, 'oid' | 'mode'> | undefined,
  declared: Pick<Entry, 'oid'> | undefined,
): TargetFile['state'] {
  if (!found) return record.withdrawn ? 'decided' : 'missing';
  if (found.oid !== record.oid) {
    if (record.conflict) return 'decided';
    return declared?.oid === found.oid ? 'customised' : 'drifted';
  }
  if (found.mode !== record.mode) return 'mode-changed';
  return (record.base_oid ?? record.oid) === record.oid ? 'as-delivered' : 'customised';
}
