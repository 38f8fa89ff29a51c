import type { ArtifactName, ArtifactReport, ArtifactStatus } from './artifact.js';
import type { Audit } from './audit.js';

/** How the audit's report names the artifacts. */
const TITLES: Readonly<Record<ArtifactName, string>> = {
  odps: 'ODPS file',
  output_contracts: 'Output-port contracts',
  input_contracts: 'Input-port contracts',
  openlineage: 'openlineage.yml',
  layout: 'Model layout',
  workflow: 'GitHub Actions publish workflow',
  git_connections: 'Git connections',
};

/** The mark of a status: there, not there or not usable, waiting, there and not as it should be. */
export function markOf(status: ArtifactStatus): '[✓]' | '[✗]' | '[⏸]' | '[~]' {
  switch (status) {
    case 'present':
      return '[✓]';
    case 'missing':
    case 'invalid':
    case 'wrong-standard':
      return '[✗]';
    case 'deferred':
      return '[⏸]';
    case 'incomplete':
    case 'legacy':
    case 'drifted':
    case 'orphan':
      return '[~]';
  }
}

/** The report of the specification: a line for each artifact, under the name of the project. */
export function formatAudit({ project, artifacts }: Audit): string {
  return [
    `Entropy Data integration audit for ${project}:`,
    ...artifacts.map(formatArtifact),
    '',
  ].join('\n');
}

function formatArtifact({ artifact, status, note }: ArtifactReport): string {
  const reason = noteOf(artifact, status, note);
  return `  ${markOf(status)} ${TITLES[artifact]}${reason === '' ? '' : ` (${reason})`}`;
}

/** A mark says that something is missing; the others need a word. */
function noteOf(artifact: ArtifactName, status: ArtifactStatus, note: string): string {
  const isPlain = status === 'missing' && ['odps', 'openlineage', 'workflow'].includes(artifact);
  if (isPlain && !note.startsWith('named')) return '';
  const hasWord =
    status === 'missing' ||
    status === 'deferred' ||
    status === 'present' ||
    note.startsWith(status);
  if (note === '') return status === 'present' ? '' : status;
  return hasWord ? note : `${status}: ${note}`;
}
