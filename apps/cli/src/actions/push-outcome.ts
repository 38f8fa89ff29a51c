import type { PushOutcome, PushReport } from '../catalogue-reports.js';
import type { ExitCode } from '../exit-code.js';

export interface PushInput {
  /** A catalogue, or a rule that says `direction: both`. */
  readonly name?: string;
  readonly message?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly target?: readonly string[];
}

/** What was not pushed counts as a finding. */
export function exitCodeOfPush({ outcome }: Pick<PushReport, 'outcome'>): ExitCode {
  const found: readonly PushOutcome[] = ['refused', 'invalid', 'blocked', 'foreign-commits'];
  return found.includes(outcome) ? 1 : 0;
}
