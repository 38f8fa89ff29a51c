import type { Finding } from '@holdfast/findings';
import type { MakeFailure } from './make-outputs.js';

/** What became of one output. */
export interface GeneratedOutput {
  readonly file: string;
  readonly change: 'created' | 'updated' | 'unchanged';
  /** Where the file that was replaced is kept, when it was not one that we wrote. */
  readonly kept?: string;
}

/** An output with its two contents, for whoever shows the difference. */
export interface DifferingOutput {
  readonly file: string;
  /** What was written last (`edited`), or what is there (`stale`); absent when that is gone. */
  readonly before?: Buffer;
  /** What is there (`edited`), or what would be written (`stale`); absent when it is not known. */
  readonly after?: Buffer;
}

/** What generating one skill came to. */
export type GenerateOutcome = { readonly skill: string } & (
  | {
      readonly kind: 'generated';
      readonly outputs: readonly GeneratedOutput[];
      /** Whether the generator wrote to the output itself, past `SYNC_OUTPUT_FILE`. */
      readonly writesPast: boolean;
    }
  /** Everything is what the state says; nothing was run. */
  | { readonly kind: 'current'; readonly outputs: readonly string[] }
  /** Only with `check`: what would be written differs. */
  | { readonly kind: 'stale'; readonly outputs: readonly DifferingOutput[] }
  /** What is there was not written by us: nothing was run. */
  | {
      readonly kind: 'edited';
      readonly outputs: readonly DifferingOutput[];
      /** Whether these are files of which nothing was known. */
      readonly isForeign: boolean;
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | MakeFailure
);
