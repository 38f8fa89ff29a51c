import type { VerifyRuns } from '../artifacts/artifact-schemas.js';

/** The phases in which a proxy comes to serve the intended catalog, with the switches of each. */
export const phases = [
  { phase: 0, name: 'prep', emitLive: false, useIntended: false },
  { phase: 1, name: 'dual write', emitLive: true, useIntended: false },
  { phase: 2, name: 'flagged read', emitLive: true, useIntended: true },
  { phase: 3, name: 'default flip', emitLive: true, useIntended: true },
  { phase: 4, name: 'cleanup', emitLive: true, useIntended: true },
] as const;

export interface PhaseEvidence {
  /** Whether the proxy writes the live catalog. */
  readonly emitLive: boolean;
  /** Whether the proxy reads the intended catalog. */
  readonly useIntended: boolean;
  readonly runs: VerifyRuns['runs'];
  readonly hasIntended: boolean;
  readonly hasLive: boolean;
  readonly now: Date;
}

/** Where the migration stands. */
export interface PhaseState {
  readonly phase: (typeof phases)[number]['phase'];
  readonly name: string;
  /** What has to hold before the next phase. */
  readonly criterion: string;
  /** Whether it does; undefined where these files cannot tell. */
  readonly holds: boolean | undefined;
  /** What was found. */
  readonly reason: string;
}

const hour = 3_600_000;

/**
 * Says which phase the switches stand for, and whether what ends it holds: in phase 1 two verifications in a row without a
 * gap, in phase 2 at least 48 hours of them with no gap but outages. The switches do not tell phases 2, 3 and 4 apart.
 */
export function stateOfPhase({
  emitLive,
  useIntended,
  runs,
  hasIntended,
  hasLive,
  now,
}: PhaseEvidence): PhaseState {
  if (!useIntended && !emitLive)
    return {
      phase: 0,
      name: phases[0].name,
      criterion: 'an intended catalog is rendered, and a verification has run',
      holds: hasIntended && runs.length > 0,
      reason: `${hasIntended ? 'an' : 'no'} intended catalog, ${runs.length} verifications`,
    };
  if (!useIntended) {
    const last = runs.slice(-2);
    return {
      phase: 1,
      name: phases[1].name,
      criterion: 'two verifications in a row find no gap, and a live catalog is written',
      holds: hasLive && last.length === 2 && last.every(({ gaps }) => gaps === 0),
      reason: `gaps of the last verifications: ${last.map(({ gaps }) => gaps).join(', ') || 'none has run'}; ${hasLive ? 'a' : 'no'} live catalog`,
    };
  }
  const lastBad = runs.findLastIndex(({ gaps, outages }) => gaps > outages);
  const good = runs.slice(lastBad + 1);
  const since = good[0] === undefined ? undefined : now.getTime() - Date.parse(good[0].at);
  return {
    phase: 2,
    name: phases[2].name,
    criterion: 'verifications of at least 48 hours find no gap but outages',
    holds: emitLive && since !== undefined && since >= 48 * hour,
    reason: !emitLive
      ? 'no live catalog is written, which this phase goes on with: set HOLDFAST_EMIT_LIVE_CATALOG=1'
      : since === undefined
        ? 'the last verification found a gap, or none has run'
        : `no gap but outages for ${Math.floor(since / hour)} hours, in ${good.length} verifications`,
  };
}
