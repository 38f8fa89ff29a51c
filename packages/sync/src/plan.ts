import type { ModelComparison } from '@holdfast/catalog-diff/models';
import type { Manifest } from '@holdfast/manifest';
import type { ValidationReport } from '@holdfast/validation';
import type { Finding, Range } from './finding.js';
import type { Entry, Signature, TreeChange } from './ports.js';

/** What happens to one file of a target. */
export type OutcomeKind =
  /** New in the target. */
  | 'added'
  /** Upstream changed it, the downstream did not. */
  | 'updated'
  /** No longer delivered, and unmodified: removed. */
  | 'removed'
  /** The downstream deleted it; the rule's `recreate` brings it back. */
  | 'recreated'
  /** The downstream's version is replaced, as the rule's `on_drift` or `on_existing` says. */
  | 'overwritten'
  /** The target already holds the delivered content; only the manifest learns of it. */
  | 'adopted'
  /** Both sides changed; merged without conflict. */
  | 'merged'
  /** The downstream's override is written to the delivered path. */
  | 'overridden'
  /** Both sides changed and someone must decide; see `conflict`. */
  | 'conflicted'
  /** Markers of an earlier conflict are still there; the file is left alone. */
  | 'unresolved'
  /** The downstream's version stays: upstream has nothing new. */
  | 'customised'
  /** The downstream deleted it, and it stays deleted. */
  | 'deleted'
  /** The rule's `protect` keeps Holdfast from touching it. */
  | 'protected'
  /** No longer delivered, and not there any more or never delivered by the rule: nothing becomes of it. */
  | 'forgotten'
  | 'unchanged';

/** Why a file is `conflicted`, and where. */
export interface Conflict {
  /**
   * `content`: both sides changed the same lines; `existing`: a file was there that no release
   * matches; `modify-delete`: upstream withdrew what the downstream changed; `binary`: both sides
   * changed a file that has no lines; `type`: a file on one side, a symbolic link on the other.
   */
  readonly kind: 'content' | 'existing' | 'modify-delete' | 'binary' | 'type';
  /** The places of the conflict markers in the delivered file: 1-based lines, both ends included. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** Of JSON and YAML, the places by key, like `spec.ports[name=http].port`. */
  readonly keys?: readonly string[];
  /** The conflicting lines, each hunk with its markers. */
  readonly hunks?: readonly string[];
}

/** What happens to one file of a target, and from what to what. */
export interface Outcome {
  readonly path: string;
  readonly kind: OutcomeKind;
  /** The source file that is delivered there. */
  readonly source?: string;
  /** What lies in the target before and after; absent: nothing. */
  readonly before?: Entry;
  readonly after?: Entry;
  /** The file differed from its manifest, outside overrides. */
  readonly drifted?: boolean;
  /** The path of the override that took part. */
  readonly override?: string;
  readonly conflict?: Conflict;
  /** The earlier release whose content was found in the target, or the path that it moved from. */
  readonly note?: string;
  /** The other target whose decision of the same conflict this is: a proposal, never merged by itself. */
  readonly proposedBy?: string;
}

/** The commit of the source that is delivered. */
export interface PlannedSource {
  /** What manifests and change requests call the source (`owner/name`). */
  readonly name: string;
  /** The release's tag, or the branch. */
  readonly ref: string;
  readonly commit: string;
  /** What stands in the version's place: the tag, or the branch and the short commit id. */
  readonly version: string;
}

/** The change request that a plan opens. */
export interface PlannedRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly autoMerge: boolean;
}

/** The commit that a plan writes. */
export interface PlannedCommit {
  readonly parent: string;
  readonly message: string;
  readonly signature: Signature;
  /** Everything that changes in the target's tree: delivered files, overrides and state. */
  readonly changes: readonly TreeChange[];
}

/** What a rule's transforms did in this run. */
export interface TransformSummary {
  /** One line for each step. */
  readonly steps: readonly string[];
  /** How many links were rewritten, stripped, turned into permalinks and kept. */
  readonly links: Readonly<Record<'rewritten' | 'stripped' | 'permalinked' | 'kept', number>>;
  /** Files that an edit made downstream cannot be carried back from exactly, and by which steps' doing. */
  readonly irreversible: readonly { readonly path: string; readonly steps: readonly string[] }[];
  /** Files that steps passed by, and why: not UTF-8, not Markdown, too large … */
  readonly notApplied: readonly {
    readonly path: string;
    readonly step: string;
    readonly reason: string;
  }[];
}

interface ItemIdentity {
  /** The rule's id. */
  readonly rule: string;
  /** The target's name (`org/repo`). */
  readonly target: string;
}

interface PlannedBase extends ItemIdentity {
  readonly source: PlannedSource;
  readonly head: { readonly branch: string; readonly commit: string };
  /** Every file that is delivered, was delivered or is in the way; sorted by path. */
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  /** The manifest as the plan would write it. */
  readonly manifest: Manifest;
  /** The manifest in the target; absent before the first sync. */
  readonly previous?: Manifest;
  /** What the transforms did to the files that this run derived; absent for a rule without any. */
  readonly transforms?: TransformSummary;
  /** SHA-256 of the commit and the change request that applying would make. */
  readonly digest: string;
}

/** What a plan proposes to its target. */
interface Proposal {
  readonly validation: ValidationReport;
  readonly commit: PlannedCommit;
  readonly request: PlannedRequest;
  /** What it changes in the meaning of the JSON models that it delivers; absent where it changes none. */
  readonly meaning?: ModelComparison;
}

/** The target holds what the release delivers. */
export interface CurrentItem extends PlannedBase {
  readonly kind: 'current';
}

/** A change request is wanted. */
export interface ChangedItem extends PlannedBase, Proposal {
  readonly kind: 'changed';
}

/** A finding of severity `error` forbids it; what is proposed is there when only the checks do. */
export interface BlockedItem extends PlannedBase, Partial<Proposal> {
  readonly kind: 'blocked';
}

/** What a run would do for one rule and its target, as data. */
export type PlannedItem = CurrentItem | ChangedItem | BlockedItem;

/** A rule whose target could not be planned; the other targets are not affected. */
export interface FailedItem extends ItemIdentity {
  readonly kind: 'failed';
  readonly error: ItemError;
}

/** An error as data: `blame` says whose problem it is. */
export interface ItemError {
  readonly code: string;
  readonly message: string;
  readonly blame: 'input' | 'environment' | 'repository' | 'bug';
  readonly hint?: string;
  readonly path?: string;
  readonly range?: Range;
}

export type PlanItem = PlannedItem | FailedItem;

/** What is left to tell of an item once its content is gone: of files, those that something becomes of. */
export interface PlannedSummary extends Omit<PlannedBase, 'manifest' | 'previous'> {
  readonly kind: PlannedItem['kind'];
  /** Of all files, the unchanged ones too. */
  readonly counts: Partial<Record<OutcomeKind, number>>;
  readonly validation?: ValidationReport;
  readonly request?: Omit<PlannedRequest, 'body'>;
  readonly meaning?: ModelComparison;
}

export type ItemSummary = PlannedSummary | FailedItem;

/** Lets go of an item's content, so that a run over many targets can be told of at its end. */
export function summarizeItem(item: PlanItem): ItemSummary {
  if (item.kind === 'failed') return item;
  const { kind, rule, target, source, head, outcomes, findings, transforms, digest } = item;
  const { validation, request, meaning }: Partial<Proposal> = item.kind === 'current' ? {} : item;
  return {
    kind,
    rule,
    target,
    source,
    head,
    outcomes: outcomes.filter((outcome) => outcome.kind !== 'unchanged'),
    counts: countOutcomes(outcomes),
    findings,
    digest,
    ...(transforms ? { transforms } : {}),
    ...(validation ? { validation } : {}),
    ...(request ? { request: withoutBody(request) } : {}),
    ...(meaning ? { meaning } : {}),
  };
}

function withoutBody({ body: _body, ...request }: PlannedRequest): Omit<PlannedRequest, 'body'> {
  return request;
}

/** A whole run, as data. */
export interface SyncPlan {
  readonly items: readonly PlanItem[];
}

/** How many outcomes there are of each kind. */
export function countOutcomes(outcomes: readonly Outcome[]): Partial<Record<OutcomeKind, number>> {
  const counts: Partial<Record<OutcomeKind, number>> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
