import type { Configuration, TargetRule } from '@holdfast/manifest';
import type { PlannedSource } from '../plan.js';
import type { Commit, Release } from '../ports.js';
import type { Resolutions } from '../resolve/resolutions.js';
import type { Derivation } from '../source/derive-files.js';
import type { OtherDeliveries, Selection } from '../source/select-deliveries.js';
import type { SourceView } from '../source/source-view.js';
import type { TargetView } from '../target/target-view.js';
import type { BreakageMemo, ValidationMemo } from './validation-memo.js';

/** Everything that the plan of one rule and its target is made from. */
export interface ItemInputs {
  readonly configuration: Configuration;
  readonly located: TargetRule;
  readonly source: SourceView;
  /** The commit that is delivered, and what it is called. */
  readonly release: PlannedSource;
  readonly sourceCommit: Commit;
  readonly selection: Selection;
  readonly derivation: Derivation;
  /** How the rule derived files at an earlier release. */
  readonly derivationAt: (release: Release) => Promise<Derivation>;
  readonly target: TargetView;
  /** Paths that other rules deliver to the same target. */
  readonly otherDeliveries: OtherDeliveries;
  /** Of these, what comes to the target with this run or an open request; links may lead there. Default: all. */
  readonly isArriving?: (path: string) => boolean;
  /** Deliver a tag although it is no longer the commit that the manifest records. */
  readonly acceptMovedTag: boolean;
  /** The release was named, and is not just the newest: only then may it be older than what a target has. */
  readonly named: boolean;
  /** Deliver what a rollback of the target says it does not want again. */
  readonly liftHolds: boolean;
  /** When the run takes place; it goes into the validation report alone. */
  readonly runAt: Date;
  /** Validation reports that the targets of the run share. */
  readonly validations: ValidationMemo;
  readonly breakages: BreakageMemo;
  /** What was decided of conflicts before, in the target or by a decider. */
  readonly resolutions: Resolutions;
}
