import type { RunKind, RunSelection } from '../store/runs.js';
import type { Delivery, EventRepository } from './forge-event.js';

/** What the configuration says of repositories and rules, as far as events meet it. */
export interface Watched {
  readonly namespace: string;
  readonly source: {
    readonly name: string;
    /** Its URL, or the URL of its origin; absent for a folder without one. */
    readonly url?: string;
    /** The branch that `on_change` rules follow. */
    readonly branch: string;
    /** Says whether a tag is a release. */
    readonly isRelease: (tag: string) => boolean;
  };
  /** Targets by name, with their paths or URLs. */
  readonly targets: Readonly<Record<string, { readonly url: string; readonly branch?: string }>>;
  /** Whether requests of others are told their impact and their drift. */
  readonly comments: boolean;
  readonly rules: readonly {
    readonly id: string;
    readonly frequency: 'on_release' | 'on_change' | 'manual';
    /** Says whether the rule delivers this file of the source. */
    readonly selects: (path: string) => boolean;
  }[];
}

/** What follows from a delivery. */
export type Consequence =
  | {
      readonly kind: 'run';
      readonly run: RunKind;
      readonly selection: RunSelection;
      readonly detail: string;
    }
  | { readonly kind: 'nothing'; readonly reason: string };

/**
 * Says what follows from an event. In the source: a release → the `on_release` rules; a push to its
 * branch → the `on_change` rules whose files it touched; a request, or a push to another branch → its
 * impact, as a comment. In a target: something about a request of ours, or a push to the branch that is
 * delivered to → a look at that target; a request of others, or a push to another branch → the drift
 * that it brings, as a comment. A release is never pinned here: the run delivers the newest one, so
 * that a tag pushed late, or played back, never takes a target back.
 */
export function matchDelivery({ event, repository }: Delivery, watched: Watched): Consequence {
  if (event.kind === 'none') return { kind: 'nothing', reason: event.reason };
  if (isRepository(repository, watched.source)) return matchSource(event, watched);
  const target = Object.entries(watched.targets).find(([name, { url }]) =>
    isRepository(repository, { name, url }),
  )?.[0];
  if (target === undefined)
    return {
      kind: 'nothing',
      reason: `${repository.name || 'it'} is neither the source nor a target`,
    };
  return matchTarget(event, target, repository, watched);
}

/** What of a request leaves its commits as they are. */
const QUIET_ACTIONS = /^(?:closed?|merged?|approved|unapproved|approval|assigned|label|unlabel)/;

function matchTarget(
  event: Exclude<Delivery['event'], { kind: 'none' }>,
  target: string,
  { defaultBranch }: EventRepository,
  { namespace, targets, comments }: Watched,
): Consequence {
  if (event.kind === 'tag') return { kind: 'nothing', reason: 'a tag of a target' };
  const branch = event.kind === 'request' ? event.head : event.branch;
  const isOurs = branch.startsWith(`${namespace}-sync/`);
  const delivered = targets[target]?.branch ?? defaultBranch ?? 'main';
  const detail =
    event.kind === 'request'
      ? `request #${event.number} of ${target}: ${event.action}`
      : `push to ${branch} of ${target}`;
  if (isOurs || (event.kind === 'push' && branch === delivered))
    return { kind: 'run', run: 'check', selection: { targets: [target] }, detail };
  if (event.kind === 'request' && QUIET_ACTIONS.test(event.action))
    return { kind: 'nothing', reason: 'a request of others' };
  if (!comments) return { kind: 'nothing', reason: 'comments are off' };
  return { kind: 'run', run: 'drift', selection: { targets: [target], ref: branch }, detail };
}

function matchSource(
  event: Exclude<Delivery['event'], { kind: 'none' }>,
  { source, rules, comments }: Watched,
): Consequence {
  if (event.kind === 'tag') {
    if (!source.isRelease(event.tag))
      return { kind: 'nothing', reason: `${event.tag} is not named like a release` };
    return sync(
      rules.filter(({ frequency }) => frequency === 'on_release'),
      `release ${event.tag}`,
    );
  }
  if (event.kind === 'request' || event.branch !== source.branch) {
    const branch = event.kind === 'request' ? event.head : event.branch;
    if (event.kind === 'request' && QUIET_ACTIONS.test(event.action))
      return { kind: 'nothing', reason: 'it changes nothing downstream' };
    if (!comments) return { kind: 'nothing', reason: 'comments are off' };
    const detail = `${event.kind} of ${branch} in the source`;
    return { kind: 'run', run: 'impact', selection: { ref: branch }, detail };
  }
  const { paths } = event;
  return sync(
    rules.filter(
      ({ frequency, selects }) => frequency === 'on_change' && (!paths || paths.some(selects)),
    ),
    `push to ${event.branch}`,
  );
}

function sync(rules: Watched['rules'], detail: string): Consequence {
  if (rules.length === 0) return { kind: 'nothing', reason: `no rule follows a ${detail}` };
  return { kind: 'run', run: 'sync', selection: { rules: rules.map(({ id }) => id) }, detail };
}

function isRepository(
  { name, urls }: EventRepository,
  known: { readonly name: string; readonly url?: string },
): boolean {
  const place = known.url === undefined ? undefined : placeOf(known.url);
  if (place !== undefined) return urls.some((url) => placeOf(url) === place);
  return name !== '' && name.toLowerCase() === known.name.toLowerCase();
}

/** `host/owner/name` of a web, https, ssh or scp-like address, in lower case; undefined for a path. */
function placeOf(location: string): string | undefined {
  const parts =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^:/]+)(?::\d+)?\/(.+)$/i.exec(location) ??
    /^(?:[^@/]*@)?([^:/]{2,}):(?!\/\/)(.+)$/.exec(location);
  const [, host, path] = parts ?? [];
  if (host === undefined || path === undefined) return undefined;
  return `${host}/${path.replace(/\/+$/, '').replace(/\.git$/, '')}`.toLowerCase();
}
