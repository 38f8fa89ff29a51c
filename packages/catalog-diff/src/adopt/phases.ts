import type { VerifyRuns } from '../artifacts/artifact-schemas.js';

/**
 * The phases in which a proxy comes to serve the intended catalog: the switches that each has where nothing else is set,
 * who reads the intended catalog then, and what becomes of the way before (overrides applied while serving).
 */
export const phases = [
  {
    phase: 0,
    name: 'prep',
    emitLive: false,
    useIntended: false,
    readers: 'nobody',
    legacy: 'used',
  },
  {
    phase: 1,
    name: 'dual write',
    emitLive: true,
    useIntended: false,
    readers: 'nobody',
    legacy: 'used',
  },
  {
    phase: 2,
    name: 'flagged read',
    emitLive: true,
    useIntended: false,
    readers: 'ci',
    legacy: 'fallback',
  },
  {
    phase: 3,
    name: 'default flip',
    emitLive: true,
    useIntended: true,
    readers: 'everybody',
    legacy: 'deprecated',
  },
  {
    phase: 4,
    name: 'cleanup',
    emitLive: true,
    useIntended: true,
    readers: 'everybody',
    legacy: 'removed',
  },
] as const;

export type Phase = (typeof phases)[number]['phase'];

/** The two switches of the phases. */
export interface PhaseSwitches {
  /** Whether the proxy writes the live catalog. */
  readonly emitLive: boolean;
  /** Whether the proxy reads the intended catalog. */
  readonly useIntended: boolean;
}

/**
 * The switches that hold: what is set, else what the phase has by default. In phase 2 the intended catalog is read in CI
 * and where it is asked for; in phase 4 there is no other way left, so that switching it off says nothing.
 *
 * @param phase what is set to be on; undefined: nothing is, as in phase 0
 */
export function switchesOf(
  phase: Phase | undefined,
  { isCi, ...set }: Partial<PhaseSwitches> & { readonly isCi: boolean },
): PhaseSwitches {
  const { emitLive, useIntended, readers, legacy } = phases[phase ?? 0];
  const isRead = useIntended || (readers === 'ci' && isCi);
  return {
    emitLive: set.emitLive ?? emitLive,
    useIntended: legacy === 'removed' || (set.useIntended ?? isRead),
  };
}

export interface PhaseEvidence extends PhaseSwitches {
  /** The phase that is set to be on; undefined: the switches alone say. */
  readonly declared?: Phase | undefined;
  readonly runs: VerifyRuns['runs'];
  readonly hasIntended: boolean;
  readonly hasLive: boolean;
  /** When the drift log has entries from, ISO 8601 in UTC: what is served in production differed then. */
  readonly driftAt?: readonly string[];
  /** Files of the way before that are still there. */
  readonly legacyFiles?: readonly string[];
  readonly now: Date;
}

/** Where the migration stands. */
export interface PhaseState {
  readonly phase: Phase;
  readonly name: string;
  /** What has to hold before the next phase. */
  readonly criterion: string;
  /** Whether it does; undefined where these files cannot tell. */
  readonly holds: boolean | undefined;
  /** What was found. */
  readonly reason: string;
}

type Finding = Pick<PhaseState, 'criterion' | 'holds' | 'reason'>;

const hour = 3_600_000;

/**
 * Says which phase is on, and whether what ends it holds: in phase 1 two verifications in a row without a gap, in phase 2
 * at least 48 hours of them with no gap but outages, in phase 3 a whole release without any gap, verified or served, in
 * phase 4 that nothing of the way before is left. A phase that is set counts where the switches do not contradict it:
 * phase 3 with the intended catalog switched off has been rolled back.
 */
export function stateOfPhase(evidence: PhaseEvidence): PhaseState {
  const phase = phaseOf(evidence);
  return { phase, name: phases[phase].name, ...ends[phase](evidence) };
}

function phaseOf({ declared, emitLive, useIntended }: PhaseEvidence): Phase {
  if (useIntended) return declared === 3 || declared === 4 ? declared : 2;
  if (!emitLive) return 0;
  return declared === 2 ? 2 : 1;
}

const ends: Readonly<Record<Phase, (evidence: PhaseEvidence) => Finding>> = {
  0: ({ hasIntended, runs }) => ({
    criterion: 'an intended catalog is rendered, and a verification has run',
    holds: hasIntended && runs.length > 0,
    reason: `${hasIntended ? 'an' : 'no'} intended catalog, ${runs.length} verifications`,
  }),
  1: ({ hasLive, runs }) => {
    const last = runs.slice(-2);
    return {
      criterion: 'two verifications in a row find no gap, and a live catalog is written',
      holds: hasLive && last.length === 2 && last.every(({ gaps }) => gaps === 0),
      reason: `gaps of the last verifications: ${last.map(({ gaps }) => gaps).join(', ') || 'none has run'}; ${hasLive ? 'a' : 'no'} live catalog`,
    };
  },
  2: ({ emitLive, runs, now }) => {
    const lastBad = runs.findLastIndex(({ gaps, outages }) => gaps > outages);
    const good = runs.slice(lastBad + 1);
    const since = good[0] === undefined ? undefined : now.getTime() - Date.parse(good[0].at);
    return {
      criterion: 'verifications of at least 48 hours find no gap but outages',
      holds: emitLive && since !== undefined && since >= 48 * hour,
      reason: !emitLive
        ? noLive
        : since === undefined
          ? 'the last verification found a gap, or none has run'
          : `no gap but outages for ${Math.floor(since / hour)} hours, in ${good.length} verifications`,
    };
  },
  3: ({ emitLive, runs, driftAt = [] }) => {
    const whole = wholeRelease(runs);
    const gaps = whole?.runs.filter((run) => run.gaps > 0).length ?? 0;
    const served = whole === undefined ? [] : driftAt.filter((at) => at >= whole.runs[0]!.at);
    return {
      criterion:
        'a whole release goes by in which neither a verification nor what is served shows a gap',
      holds: emitLive && whole !== undefined && gaps === 0 && served.length === 0,
      reason: !emitLive
        ? noLive
        : whole === undefined
          ? 'no release has been verified from its beginning to the next one'
          : `since ${whole.release}: ${whole.runs.length} verifications, ${gaps} of them with a gap, ${served.length} entries in the drift log`,
    };
  },
  4: ({ runs, legacyFiles = [] }) => {
    const last = runs.at(-1);
    const isClean = last !== undefined && last.gaps === 0 && last.failures === 0;
    return {
      criterion: 'a verification is clean, and no file of the overrides at run time is left',
      holds: isClean && legacyFiles.length === 0,
      reason: `${last === undefined ? 'no verification has run' : isClean ? 'the last verification is clean' : 'the last verification found gaps or failures'}; ${legacyFiles.length === 0 ? 'no such file' : `there is ${legacyFiles.join(', ')}`}`,
    };
  },
};

const noLive =
  'no live catalog is written, which this phase goes on with: set HOLDFAST_EMIT_LIVE_CATALOG=1';

/** The runs since the release before the present one began; undefined where there has been one release only. */
function wholeRelease(
  runs: VerifyRuns['runs'],
): { release: string; runs: VerifyRuns['runs'] } | undefined {
  const present = runs.at(-1)?.release;
  const end = runs.findLastIndex(({ release }) => release !== present);
  const release = runs[end]?.release;
  if (present === undefined || release === undefined) return undefined;
  const start = runs.slice(0, end).findLastIndex((run) => run.release !== release) + 1;
  return { release, runs: runs.slice(start) };
}
