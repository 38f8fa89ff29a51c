import type { RolloutState, RolloutStep, SyncAlert, WaveOutcome } from '@holdfast/sync';
import type { WorkerSettings } from '@holdfast/manifest';
import type { Logger } from 'pino';
import type { OutcomeItem, RunError, RunKind, RunSelection } from '../store/runs.js';
import type { ForgeEvent } from '../triggers/forge-event.js';
import type { Watched } from '../triggers/match-delivery.js';
import type { SourceState } from './source-state.js';

/** What one attempt on one target came to. */
export interface TargetResult {
  readonly target: string;
  readonly items: readonly OutcomeItem[];
  /** `retry`: its surroundings failed, another attempt may go well. */
  readonly verdict: 'done' | 'failed' | 'retry';
  /** The rows of the registry after it, as `holdfast status --json` prints them; none: as before. */
  readonly registry: readonly { readonly target: string; readonly rule: string }[];
  readonly error?: RunError;
}

/** What doing a run on some targets needs beside the run. */
export interface PerformOptions {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Whether the registry says already that a target is current: it is not looked at again then. */
  readonly isCurrent: (target: string) => boolean;
  /** How many runs in a row failed for a rule and a target. */
  readonly failures: (item: { readonly rule: string; readonly target: string }) => number;
  readonly onResult: (result: TargetResult) => Promise<void>;
}

/** Does one kind of run on some targets; each result is handed on as it comes. */
export type Perform<Fleet> = (
  fleet: Fleet,
  selection: RunSelection,
  targets: readonly string[],
  options: PerformOptions,
) => Promise<void>;

/** What somebody wants of a rollout. */
export type RolloutChange =
  | { readonly action: 'approve'; readonly release: string; readonly wave: number }
  | { readonly action: 'halt'; readonly release: string; readonly reason: string }
  | { readonly action: 'resume'; readonly release: string };

/** The fleet, as the jobs need it: the functions that the command line calls, on one configuration. */
export interface FleetHost {
  /** What webhooks are matched against. */
  watched(): Promise<Watched>;
  /** What the configuration says of the worker, with its defaults. */
  settings(): WorkerSettings;
  /** All targets that rules deliver to. */
  targets(): readonly string[];
  /** What needs attention among rows of the registry. */
  alerts(rows: readonly unknown[]): readonly SyncAlert[];
  /** The targets that a selection addresses. */
  select(kind: RunKind, selection: RunSelection): Promise<readonly string[]>;
  /** Whether releases go out in waves. */
  hasWaves(): boolean;
  /** Makes one step of the rollouts that a selection is about; none without waves. */
  advance(
    selection: Pick<RunSelection, 'rules' | 'release' | 'ref'>,
    outcomes: readonly WaveOutcome[],
  ): Promise<readonly RolloutStep[]>;
  /** Where rollouts stand, the newest first, those under way looked at. */
  rollouts(): Promise<readonly RolloutStep[]>;
  /** Lets the next wave open, halts, or lets go on what is halted. */
  changeRollout(change: RolloutChange): Promise<RolloutState>;
  /** Does a run on some of its targets. */
  perform(
    kind: RunKind,
    selection: RunSelection,
    targets: readonly string[],
    options: PerformOptions,
  ): Promise<void>;
  /**
   * Where the source stands, when it is a repository on this machine that moved since this was asked
   * last: no forge tells of that.
   */
  sourceMove(): Promise<SourceState | undefined>;
  /** What happened in the source between two states. */
  eventsBetween(before: SourceState, now: SourceState): Promise<readonly ForgeEvent[]>;
  /** Reads the configuration anew when its files changed; says whether it did. */
  refresh(): Promise<boolean>;
  /** Reads the configuration anew; one that is wrong now is logged, and the last right one stays. */
  reload(): Promise<void>;
  close(): Promise<void>;
}
