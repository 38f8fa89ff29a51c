import type { Finding } from '@holdfast/findings';

/** The seven artifacts of a well-integrated project, in the order of the specification. */
export const artifactNames = [
  'odps',
  'output_contracts',
  'input_contracts',
  'openlineage',
  'layout',
  'workflow',
  'git_connections',
] as const;

export type ArtifactName = (typeof artifactNames)[number];

/**
 * Where an artifact, or one of its files, stands:
 * - `present`: there, and nothing is wrong with it.
 * - `missing`, `incomplete`, `invalid`: not there, not whole, not what its schema says.
 * - `legacy`: of a format or at a place that the reference has left behind.
 * - `drifted`: it says something else than what it should agree with.
 * - `orphan`: nothing refers to it.
 * - `deferred`: it cannot be there yet, and that is nobody's fault.
 * - `wrong-standard`: of another standard that shares the name.
 */
export type ArtifactStatus =
  | 'present'
  | 'missing'
  | 'incomplete'
  | 'invalid'
  | 'legacy'
  | 'drifted'
  | 'orphan'
  | 'deferred'
  | 'wrong-standard';

/** A finding of the audit: its `path` is relative to the project's folder, and `hint` says what to do. */
export interface AuditFinding extends Finding {
  readonly hint: string;
}

/** One file of an artifact; of `git_connections`, the file that is, or should be, connected. */
export interface FileReport {
  readonly path: string;
  readonly status: ArtifactStatus;
  readonly findings: readonly AuditFinding[];
}

export interface ArtifactReport {
  readonly artifact: ArtifactName;
  readonly status: ArtifactStatus;
  readonly files: readonly FileReport[];
  /** What belongs to none of the files, such as that there is none. */
  readonly findings: readonly AuditFinding[];
  /** In a few words, why the status is what it is; empty where nothing is to say. */
  readonly note: string;
}

/** The worst first: of several statuses the first one counts. */
const SEVERITY: readonly ArtifactStatus[] = [
  'wrong-standard',
  'invalid',
  'missing',
  'legacy',
  'incomplete',
  'drifted',
  'orphan',
  'deferred',
  'present',
];

/** The worst of some statuses; `present` where there are none. */
export function worstStatus(statuses: Iterable<ArtifactStatus>): ArtifactStatus {
  let worst = SEVERITY.length - 1;
  for (const status of statuses) worst = Math.min(worst, SEVERITY.indexOf(status));
  return SEVERITY[worst]!;
}
