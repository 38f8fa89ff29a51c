import {
  connectionCommand,
  connectionDrift,
  type ConnectionRequest,
  type ConnectionSubject,
} from '../git/connection-request.js';
import type { Issue, Judgement } from '../issue.js';
import type { PlatformState, PublishedResource } from '../platform/platform-state.js';

export interface ConnectionContext {
  /** What should be connected. */
  readonly subjects: readonly ConnectionSubject[];
  /** What each connection should say; undefined with the reason why that is not known. */
  readonly requestFor: (subject: ConnectionSubject) => ConnectionRequest | undefined;
  /** Why there can be no connection at all. */
  readonly blocked?: string;
  readonly platform?: PlatformState;
}

const UNPUBLISHED = 'data product not yet published — run the workflow first';

/** Judges the git connections of the product and of its output contracts. */
export function judgeConnections({
  subjects,
  requestFor,
  blocked,
  platform,
}: ConnectionContext): Judgement {
  const files = subjects.map(({ file }) => file);
  const deferredFiles = new Map<string, string>();
  const all = (reason: string): Judgement => ({
    files,
    issues: [],
    deferred: reason,
    deferredFiles: new Map(files.map((file) => [file, reason])),
    note: `deferred: ${reason}`,
  });
  if (blocked !== undefined) return all(blocked);
  if (subjects.length === 0) return all('no ODPS file yet');
  if (!platform)
    return all(
      'no connection to the platform — set ENTROPY_DATA_API_KEY, or run entropy-data connection add',
    );
  const issues: Issue[] = [];
  for (const subject of subjects) {
    const state = stateOf(subject, platform);
    if (state.kind === 'unpublished') {
      const reason =
        subject.resource === 'dataproducts'
          ? UNPUBLISHED
          : 'data contract not yet published — run the workflow first';
      deferredFiles.set(subject.file, reason);
    } else {
      for (const one of judgeConnection(subject, state, requestFor(subject))) issues.push(one);
    }
  }
  if (deferredFiles.size === 0) return { files, issues };
  const [reason] = deferredFiles.values();
  return {
    files,
    issues,
    deferredFiles,
    note: `deferred: ${reason}`,
    ...(deferredFiles.size === files.length && { deferred: reason! }),
  };
}

function stateOf({ resource, id }: ConnectionSubject, platform: PlatformState): PublishedResource {
  const state = resource === 'dataproducts' ? platform.product : platform.contracts.get(id);
  return state ?? { kind: 'unpublished' };
}

function judgeConnection(
  subject: ConnectionSubject,
  state: Exclude<PublishedResource, { kind: 'unpublished' }>,
  request: ConnectionRequest | undefined,
): Issue[] {
  const { file: path, resource, id } = subject;
  const named = `${resource === 'dataproducts' ? 'data product' : 'data contract'} ${JSON.stringify(id)}`;
  if (state.kind === 'unconnected') {
    const hint = request && `run holdfast odps fix, or ${connectionCommand(subject, request)}`;
    return [
      {
        rule: 'connection/missing',
        path,
        message: `the ${named} has no git connection`,
        data: { resource, id },
        ...(hint !== undefined && { hint }),
      },
    ];
  }
  const issues: Issue[] = [];
  const drift = request ? connectionDrift(state.connection, request) : [];
  for (const { field, actual, wanted } of drift) {
    issues.push({
      rule: 'connection/drifted',
      path,
      message: `the git connection of the ${named} has ${field} ${actual}, here it is ${wanted}`,
      data: { resource, id, field, actual, wanted },
    });
  }
  const { syncStatus } = state.connection;
  if (syncStatus !== undefined && syncStatus !== 'UP_TO_DATE') {
    const verb = syncStatus === 'REMOTE_IS_NEWER' ? 'pull' : 'push-pr';
    issues.push({
      rule: 'connection/not-in-sync',
      path,
      message: `the platform says of the ${named}: ${syncStatus}`,
      data: { resource, id, syncStatus },
      ...(syncStatus !== 'CONFLICT' && {
        hint: `entropy-data ${resource} gitconnection ${verb} ${id}`,
      }),
    });
  }
  return issues;
}
