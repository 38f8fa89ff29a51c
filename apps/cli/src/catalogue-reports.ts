import type { PlannedPush, Pulled } from '@holdfast/sync';
import type { documentMeaning } from './catalogue-meaning.js';
import type { ErrorDocument } from './describe-error.js';

/** What became of one catalogue. */
export type PulledCatalogue =
  | { readonly name: string; readonly outcome: 'failed'; readonly error: ErrorDocument }
  | (Omit<Pulled, 'kind'> & {
      readonly name: string;
      readonly outcome: Pulled['kind'] | 'would-change';
      readonly semantic?: ReturnType<typeof documentMeaning>;
      readonly message?: string;
      readonly committed?: string;
    });

/** How a push ended. */
export type PushOutcome =
  | 'nothing'
  | 'planned'
  | 'refused'
  | 'invalid'
  | 'blocked'
  | 'opened'
  | 'updated'
  | 'unchanged'
  | 'foreign-commits';

/** What a push came to, as `--json` prints it. */
export interface PushReport extends Pick<PlannedPush, 'branch' | 'base' | 'files'> {
  readonly name: string;
  readonly outcome: PushOutcome;
  readonly title: string;
  readonly semantic: ReturnType<typeof documentMeaning>;
  readonly problems: readonly string[];
  readonly commit?: string;
  readonly request?: { readonly number: number; readonly url?: string };
}

/** What a push of one target's edits came to, as `--json` prints it. */
export type DeliveredReport =
  | { readonly target: string; readonly outcome: 'never-synced' }
  | { readonly target: string; readonly outcome: 'failed'; readonly error: ErrorDocument }
  | (Omit<PushReport, 'name'> & { readonly target: string });
