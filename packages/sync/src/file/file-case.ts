import type { ManifestEntry } from '@holdfast/manifest';
import type { DerivedFile } from '../source/derive-files.js';
import type { FileDecision, FileSides } from './decide-file.js';

/** One path, everything that is known of it, and what was decided. */
export interface FileCase {
  readonly path: string;
  readonly sides: FileSides;
  readonly decision: FileDecision;
  /** Absent when the file is no longer delivered. */
  readonly derived?: DerivedFile;
  readonly record?: ManifestEntry;
  readonly overridePath?: string;
  /** Where the base is kept when it is not what lies at the path. */
  readonly basePath: string;
  /** Something lies at `basePath`. */
  readonly hasBase: boolean;
  /** Whether the manifest's record, which the decision rests on, can be proved; absent where it was not asked. */
  readonly foundation?: 'unfounded' | 'unknown';
  /** What lies at the path differs from what the last sync left, by someone's doing. */
  readonly drifted: boolean;
  /** The sides but `upstream` lie at this other path, from which upstream moved the file. */
  readonly movedFrom?: string;
}
