/** One row of the registry: a target under a rule. Keys are those of `holdfast status --json`. */
export interface FleetRow {
  readonly target: string;
  readonly rule: string;
  readonly strategy: string;
  readonly frequency: string;
  /** One word: `Current`, `Behind`, `Stale`, `Drifted`, `Conflict`, `Failing`, `Paused` and so on. */
  readonly status: string;
  /** ISO 8601; absent before the first sync. */
  readonly lastSync?: string;
  readonly version?: string;
  readonly releasesBehind?: number;
  /** How many delivered files differ from the manifest. */
  readonly drifted?: number;
  /** Their paths, where the look brought them along. */
  readonly driftedFiles?: readonly string[];
  /** How many files wait for someone to decide a conflict. */
  readonly unresolved?: number;
  readonly failures?: number;
  /** Nothing is delivered for now, and why. */
  readonly paused?: { readonly reason?: string };
  /** The release that was rolled back and is not delivered again, and why. */
  readonly hold?: { readonly release: string; readonly reason: string };
  readonly request?: {
    readonly number: number;
    readonly url?: string;
    readonly openedAt?: string;
    readonly checks?: string;
  };
  readonly error?: { readonly message: string; readonly hint?: string };
  /** Why the status is what it is, in a sentence. */
  readonly reason?: string;
}

/** One run, as the page lists it. */
export interface RunView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  /** What started it. */
  readonly trigger: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly targets: { readonly total: number; readonly done: number; readonly failed: number };
  readonly error?: { readonly message: string; readonly hint?: string };
}

/** What became of one target in a run. */
export interface OutcomeView {
  readonly target: string;
  readonly state: string;
  readonly attempts: number;
  readonly items: readonly {
    readonly rule: string;
    readonly outcome: string;
    readonly version?: string;
    readonly request?: { readonly number: number; readonly url?: string };
    readonly error?: { readonly message: string; readonly hint?: string };
    readonly detail?: string;
    /** Files that would change, with their differences in the unified format. */
    readonly files?: readonly {
      readonly path: string;
      readonly kind: string;
      readonly diff?: string;
    }[];
  }[];
  readonly error?: { readonly message: string; readonly hint?: string };
}

/** One alert, as `holdfast check --json` records it. */
export interface AlertView {
  readonly type: string;
  readonly rule_id: string;
  readonly target_repo: string;
  readonly detected_at: string;
  readonly details: string;
  readonly action_required: string;
}

/** A whole fleet at a moment. */
export interface FleetView {
  /** What the source is called. */
  readonly source: string;
  /** When it was looked at, ISO 8601. */
  readonly at: string;
  readonly rows: readonly FleetRow[];
  readonly runs?: readonly RunView[];
  readonly alerts?: readonly AlertView[];
}
