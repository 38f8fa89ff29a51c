import type { ValidationReport } from '@holdfast/validation';

/** Reports by what was asked: targets that are alike share one. */
export type ValidationMemo = Map<string, MemoisedReport[]>;

interface MemoisedReport {
  /** What was asked of the target's tree, and what it answered. */
  readonly asked: ReadonlyMap<string, string>;
  readonly report: ValidationReport;
}
