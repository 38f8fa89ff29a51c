import type { KnownBreakage, ValidationReport } from '@holdfast/validation';
import { BoundedMap } from '../remember.js';

/** Reports by what was asked: targets that are alike share one. */
export type ValidationMemo = BoundedMap<string, MemoisedReport[]>;

interface MemoisedReport {
  /** What was asked of the target's tree, and what it answered. */
  readonly asked: ReadonlyMap<string, string>;
  readonly report: ValidationReport;
}

/** What becomes of what the source has broken already, by check, as the rule says. */
export interface SourceBreakage {
  readonly links: KnownBreakage;
  readonly schemas: KnownBreakage;
}

/** What is broken in the source already, by which of its files were looked at. */
export type BreakageMemo = BoundedMap<string, Promise<SourceBreakage>>;

/** Of so many sets of files, each for as many different trees, reports are kept. */
const MAX_SETS = 200;
const MAX_TREES = 8;

export function createValidationMemo(): ValidationMemo {
  return new BoundedMap(MAX_SETS);
}

export function createBreakageMemo(): BreakageMemo {
  return new BoundedMap(MAX_SETS);
}

/** Keeps a report beside those of the same files in other trees; the oldest goes when there are many. */
export function keepReport(reports: MemoisedReport[], report: MemoisedReport): void {
  if (reports.length >= MAX_TREES) reports.shift();
  reports.push(report);
}
