import type { GitConnection } from '../platform/platform-state.js';
import { isSameRemote, normalizeRemote, type GitConnectionType } from './normalize-remote.js';

/** What the platform is told about the file of a product or contract. */
export interface ConnectionRequest {
  readonly repositoryUrl: string;
  readonly repositoryPath: string;
  readonly repositoryBranch: string;
  readonly gitConnectionType?: GitConnectionType;
  readonly host?: string;
  readonly gitCredentialExternalId?: string;
}

/** Which resource of the platform has a git connection. */
export interface ConnectionSubject {
  readonly resource: 'dataproducts' | 'datacontracts';
  readonly id: string;
  /** The file, relative to the project's folder. */
  readonly file: string;
}

/** The differences between what the platform has and what it should have, after normalising; empty for none. */
export function connectionDrift(
  actual: GitConnection,
  wanted: ConnectionRequest,
): { field: string; actual: string; wanted: string }[] {
  const drift: { field: string; actual: string; wanted: string }[] = [];
  if (!isSameRemote(actual.repositoryUrl, wanted.repositoryUrl)) {
    drift.push({
      field: 'repositoryUrl',
      actual: normalizeRemote(actual.repositoryUrl)?.url ?? '(none that can be read)',
      wanted: wanted.repositoryUrl,
    });
  }
  if (plainPath(actual.repositoryPath) !== plainPath(wanted.repositoryPath)) {
    drift.push({
      field: 'repositoryPath',
      actual: actual.repositoryPath,
      wanted: wanted.repositoryPath,
    });
  }
  if (actual.repositoryBranch !== wanted.repositoryBranch) {
    drift.push({
      field: 'repositoryBranch',
      actual: actual.repositoryBranch,
      wanted: wanted.repositoryBranch,
    });
  }
  return drift;
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '');
}

/** The command of the platform's own program that does what the request does. */
export function connectionCommand(
  { resource, id }: Pick<ConnectionSubject, 'resource' | 'id'>,
  request: ConnectionRequest,
): string {
  const options: [string, string | undefined][] = [
    ['--repository-url', request.repositoryUrl],
    ['--repository-path', request.repositoryPath],
    ['--repository-branch', request.repositoryBranch],
    ['--git-connection-type', request.gitConnectionType],
    ['--host', request.host],
    ['--git-credential-external-id', request.gitCredentialExternalId],
  ];
  const words = options.flatMap(([name, value]) =>
    value === undefined ? [] : [name, quoteShell(value)],
  );
  return ['entropy-data', resource, 'gitconnection', 'put', quoteShell(id), ...words].join(' ');
}

/** A word of a POSIX shell, quoted only where it must be. */
export function quoteShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
