import type { TargetRule } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { Fleet } from '../fleet.js';
import { createBreakageMemo, createValidationMemo } from '../item/validation-memo.js';
import type { BreakageMemo, ValidationMemo } from '../item/validation-memo.js';
import type { FailedItem } from '../plan.js';
import type { OpenTarget, Release } from '../ports.js';
import { targetBranch } from '../target/target-branch.js';
import { createResolutions } from '../resolve/resolutions.js';
import type { Resolutions } from '../resolve/resolutions.js';
import { checkDenyPatterns, checkSchemaUses } from '../source/check-rule.js';
import type { Derivation } from '../source/derive-files.js';
import type { Delivery, OtherDeliveries, Selection } from '../source/select-deliveries.js';
import { scheduleRules } from '../source/select-rules.js';
import type { RunSelection, ScheduledRule, UnscheduledRule } from '../source/select-rules.js';
import { createSourceView } from '../source/source-view.js';
import type { SourceView } from '../source/source-view.js';
import { failedItem } from '../sync-error.js';
import { createDeliveryMaker } from '../source/delivery-maker.js';
import type { DeliveryMaker } from '../source/delivery-maker.js';

/** A rule of the run with what it delivers. */
export interface PreparedRule extends ScheduledRule {
  readonly selection: Selection;
  /** What it delivers, and to where, from another commit of the source. */
  readonly derivationAt: (
    release: Pick<Release, 'tag' | 'commit'>,
    branch: string,
  ) => Promise<Derivation>;
  /** Paths that other rules deliver to the same target, with the rule's id. */
  readonly otherDeliveries: OtherDeliveries;
  readonly findings: readonly Finding[];
}

/** A run before any target is looked at: what each rule delivers, and how. */
export interface PreparedRun {
  readonly source: SourceView;
  /** By target name, in the order of the rules. */
  readonly targets: ReadonlyMap<string, readonly (ScheduledRule | UnscheduledRule)[]>;
  /** What a rule delivers to its target, worked out when that is visited; or what is wrong with the rule. */
  prepare(scheduled: ScheduledRule | UnscheduledRule): Promise<PreparedRule | FailedItem>;
  /** What any rule delivers from a commit. */
  select(located: TargetRule, commit: string): Promise<Selection>;
  readonly resolutions: Resolutions;
  /** Validation reports that targets share. */
  readonly validations: ValidationMemo;
  readonly breakages: BreakageMemo;
}

/** Reads the source once for all targets: releases, snapshots and what each rule selects. */
export async function prepareRun(fleet: Fleet, selection: RunSelection): Promise<PreparedRun> {
  const { configuration, rules } = fleet;
  const source = createSourceView(fleet);
  const scheduled = await scheduleRules(configuration, rules, source, selection);
  const maker = createDeliveryMaker(configuration, rules, source);
  const targets = Map.groupBy(scheduled, ({ located }) => located.rule.target_repo);
  return {
    source,
    targets,
    select: (located, commit) => maker.select(located, commit),
    resolutions: createResolutions(fleet),
    validations: createValidationMemo(),
    breakages: createBreakageMemo(),
    prepare: (item) => prepareRule(item, { rules, maker }),
  };
}

async function prepareRule(
  scheduled: ScheduledRule | UnscheduledRule,
  { rules, maker }: { readonly rules: Fleet['rules']; readonly maker: DeliveryMaker },
): Promise<PreparedRule | FailedItem> {
  const { located } = scheduled;
  if ('error' in scheduled) {
    return failedItem(located.rule.id, located.rule.target_repo, scheduled.error);
  }
  const { release } = scheduled;
  const wrong = maker.check(located) ?? (await checkDenyPatterns(located));
  if (wrong) return wrong;
  const selection = await maker.select(located, release.commit);
  const otherDeliveries = await maker.deliveredByOthers(located, release.commit);
  const clash = selection.deliveries.find(({ path }) => otherDeliveries.has(path));
  if (clash) return samePath(located, clash, otherDeliveries.get(clash.path)?.rule ?? '', rules);
  return {
    ...scheduled,
    selection,
    otherDeliveries,
    derivationAt: (at, branch) => maker.derive(located, at, branch),
    findings:
      selection.deliveries.length === 0
        ? [noMatch(located, release.version)]
        : checkSchemaUses(located, selection.deliveries, release.version),
  };
}

function noMatch({ rule, file, place }: TargetRule, version: string): Finding {
  const range = place('source');
  return {
    ruleId: 'delivery/no-match',
    severity: 'warning',
    path: file,
    ...(range ? { range } : {}),
    message: `${rule.id} delivers nothing of ${version}: source ${JSON.stringify(rule.source)} with its filters matches no file; check the patterns against \`git ls-tree -r --name-only ${version}\``,
  };
}

/**
 * A rule that meets the given one on a path although it names another branch, or none: once the target is open
 * it is known that both are the same branch.
 */
export async function findBranchClash(
  fleet: Fleet,
  run: PreparedRun,
  open: OpenTarget,
  { located, selection, release, branch }: PreparedRule & { readonly branch: string },
): Promise<FailedItem | undefined> {
  const { rule } = located;
  for (const other of fleet.rules) {
    const { id, target_repo: target, target_branch: named } = other.rule;
    if (target !== rule.target_repo || id === rule.id || named === rule.target_branch) continue;
    if ((await targetBranch(fleet, open, other)) !== branch) continue;
    const { byPath } = await run.select(other, release.commit);
    const clash = selection.deliveries.find(({ path }) => byPath.has(path));
    if (clash) return samePath(located, clash, id, fleet.rules);
  }
  return undefined;
}

function samePath(
  located: TargetRule,
  { path, source }: Delivery,
  otherId: string,
  rules: readonly TargetRule[],
): FailedItem {
  const other = rules.find(({ rule }) => rule.id === otherId);
  const range = located.place('target_path');
  return {
    kind: 'failed',
    rule: located.rule.id,
    target: located.rule.target_repo,
    error: {
      code: 'same-path',
      blame: 'input',
      message: `${located.rule.id} and ${otherId}${other ? ` (${other.file})` : ''} both deliver to ${path} of ${located.rule.target_repo} (from ${source})`,
      hint: 'give one of the rules another target_path, or exclude the file in its filters',
      path: located.file,
      ...(range ? { range } : {}),
    },
  };
}
