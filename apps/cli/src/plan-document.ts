import type {
  FailedItem,
  Outcome,
  ItemSummary,
  PlannedSummary,
  TransformSummary,
} from '@holdfast/sync';
import { documentMeaning } from './catalogue-meaning.js';
import type { ExitCode } from './exit-code.js';
import { exitCodeOf } from './exit-code.js';

/** One item of a plan, as `--json` prints it: no content, and no file that stays as it is. */
export type PlanItemDocument =
  | FailedItem
  | (Pick<PlannedSummary, 'kind' | 'rule' | 'target' | 'source' | 'head' | 'findings'> & {
      readonly counts: PlannedSummary['counts'];
      readonly files: readonly FileDocument[];
      /** What the transforms did to the files that this run derived. */
      readonly transforms?: TransformSummary;
      /** What changes in the meaning of the JSON models that are delivered. */
      readonly semantic?: ReturnType<typeof documentMeaning>;
      readonly request?: NonNullable<PlannedSummary['request']>;
      /** The validation report, in the shape of the distribution specification. */
      readonly validation?: object;
    });

type FileDocument = Omit<Outcome, 'conflict'> & {
  readonly conflict?: Omit<NonNullable<Outcome['conflict']>, 'hunks'>;
};

/** A planned item as data without content. */
export function documentPlanItem(item: ItemSummary): PlanItemDocument {
  if (item.kind === 'failed') return item;
  const { kind, rule, target, source, head, outcomes, counts, findings } = item;
  const { request, transforms, validation, meaning } = item;
  return {
    kind,
    rule,
    target,
    source,
    head,
    counts,
    files: outcomes.map(documentFile),
    findings,
    ...(transforms ? { transforms } : {}),
    ...(meaning ? { semantic: documentMeaning(meaning) } : {}),
    ...(request ? { request } : {}),
    ...(validation ? { validation: validation.sync_validation } : {}),
  };
}

function documentFile({ conflict, ...outcome }: Outcome): FileDocument {
  if (!conflict) return outcome;
  const { hunks: _hunks, ...places } = conflict;
  return { ...outcome, conflict: places };
}

/** How one item counts: a failure by whose problem it is, a conflict or a failed check as a finding. */
export function exitCodeOfItem(item: ItemSummary): ExitCode {
  if (item.kind === 'failed') return exitCodeOf(item.error);
  const open = item.outcomes.some(({ kind }) => kind === 'conflicted' || kind === 'unresolved');
  const found = item.findings.some(({ severity }) => severity === 'error');
  return item.kind === 'blocked' || open || found ? 1 : 0;
}
