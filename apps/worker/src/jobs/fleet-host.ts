import type { OutcomeItem, RunError, RunKind, RunSelection } from '../store/runs.js';
import type { Watched } from '../triggers/match-delivery.js';
import type { Schedules } from './schedules.js';

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

/** The fleet, as the jobs need it: the functions that the command line calls, on one configuration. */
export interface FleetHost {
  /** What webhooks are matched against. */
  watched(): Promise<Watched>;
  /** What the configuration says of schedules. */
  schedules(): Promise<Partial<Schedules>>;
  /** All targets that rules deliver to. */
  targets(): Promise<readonly string[]>;
  /** The targets that a selection addresses. */
  select(kind: RunKind, selection: RunSelection): Promise<readonly string[]>;
  /** Does a run on some of its targets; each result is handed on as it comes. */
  perform(
    kind: RunKind,
    selection: RunSelection,
    targets: readonly string[],
    options: {
      readonly signal: AbortSignal;
      /** Whether the registry says already that a target is current: it is not looked at again then. */
      readonly isCurrent: (target: string) => boolean;
      readonly onResult: (result: TargetResult) => Promise<void>;
    },
  ): Promise<void>;
  /** Reads the configuration anew where it changed; a wrong one is an error, and the old one stays. */
  reload(): Promise<void>;
  close(): Promise<void>;
}
