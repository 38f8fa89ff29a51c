import type { StatusRow } from '../look/read-status.js';
import { allowedDays, defaultThresholds } from '../look/thresholds.js';
import type { Thresholds } from '../look/thresholds.js';

/** Something that a person should know: the `sync_alert` of the distribution specification. */
export interface SyncAlert {
  readonly type: 'failure' | 'staleness' | 'drift';
  readonly rule_id: string;
  readonly target_repo: string;
  /** ISO 8601 in UTC. */
  readonly detected_at: string;
  readonly details: string;
  readonly action_required: string;
  /**
   * The same for the same trouble, however often it is looked at: `drift RULE TARGET`. Nothing is
   * told twice under one identity.
   */
  readonly id: string;
  /** Whom the specification's escalation column names. */
  readonly channel: readonly ('orchestrator' | 'owner')[];
  /** Of drift: the delivered files that differ from the manifest. */
  readonly files?: readonly string[];
}

/** When something is worth an alert. */
export interface FindAlertsOptions {
  readonly now: Date;
  /** The namespace of the configuration: the folder of overrides is named after it. */
  readonly namespace: string;
  /** Of rows that bear none of their own. Default: those of the specification. */
  readonly thresholds?: Thresholds;
}

/**
 * The alerts of a registry, in its order. A target that could not be looked at is told as a failure at
 * once; one that holds what its rule delivers is never stale, however old its last sync is.
 */
export function findAlerts(
  rows: readonly StatusRow[],
  { now, namespace, thresholds = defaultThresholds }: FindAlertsOptions,
): SyncAlert[] {
  return rows.flatMap((row) => {
    const own = row.thresholds ?? thresholds;
    return [
      ...failureOf(row, now, own),
      ...stalenessOf(row, now, own),
      ...driftOf(row, now, namespace),
    ];
  });
}

function failureOf(row: StatusRow, now: Date, { failures: allowed }: Thresholds): SyncAlert[] {
  const { error, failures = 0, rule } = row;
  if (!error && failures <= allowed) return [];
  const again = failures > 0 ? `${count(failures, 'run')} in a row failed` : '';
  return [
    {
      ...head('failure', row, now),
      details: [again, error?.message ?? ''].filter(Boolean).join('; '),
      action_required: error?.hint ?? `Run: holdfast plan ${rule}, and look at what it says`,
      channel: ['orchestrator', 'owner'],
    },
  ];
}

function stalenessOf(row: StatusRow, now: Date, thresholds: Thresholds): SyncAlert[] {
  const { status, days = 0, releasesBehind = 0, version, request, rule, frequency } = row;
  if (
    status === 'Current' ||
    row.hold ||
    row.paused ||
    (frequency === 'manual' && releasesBehind === 0)
  )
    return [];
  const missed = releasesBehind > thresholds.releases;
  const allowed = allowedDays(frequency, thresholds);
  // Drift and conflicts hide the word that says stale.
  const old = status === 'Stale' || (releasesBehind > 0 && days >= allowed);
  if (!missed && !old) return [];
  return [
    {
      ...head('staleness', row, now),
      details: [
        ...(missed ? [`${count(releasesBehind, 'release')} behind, at ${version ?? 'none'}`] : []),
        ...(old ? [`${count(days, 'day')} since the last sync, ${allowed} allowed`] : []),
      ].join('; '),
      action_required: request
        ? `Review sync PR #${request.number}`
        : `Trigger manual re-sync: holdfast sync ${rule} --target ${row.target}`,
      channel: missed ? ['owner'] : ['orchestrator'],
    },
  ];
}

function driftOf(row: StatusRow, now: Date, namespace: string): SyncAlert[] {
  const { drifted = 0, driftedFiles: files = [] } = row;
  if (drifted === 0) return [];
  return [
    {
      ...head('drift', row, now),
      details: `${count(drifted, 'delivered file')} changed since ${row.version ?? 'the last sync'}`,
      action_required: `Re-sync (holdfast sync ${row.rule} --target ${row.target}), or move the changes to .${namespace}-overrides/`,
      channel: ['owner'],
      files,
    },
  ];
}

function head(
  type: SyncAlert['type'],
  { rule, target }: StatusRow,
  now: Date,
): Pick<SyncAlert, 'type' | 'rule_id' | 'target_repo' | 'detected_at' | 'id'> {
  return {
    type,
    rule_id: rule,
    target_repo: target,
    detected_at: now.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    id: `${type} ${rule} ${target}`,
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
