import type { TargetRule } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { Fleet } from '../fleet.js';
import type { ValidationMemo } from '../item/validation-memo.js';
import type { FailedItem } from '../plan.js';
import type { Release } from '../ports.js';
import { createResolutions } from '../resolve/resolutions.js';
import type { Resolutions } from '../resolve/resolutions.js';
import { checkDenyPatterns, checkSchemaUses } from '../source/check-rule.js';
import type { Derivation } from '../source/derive-files.js';
import type { Delivery, Elsewhere, Selection } from '../source/select-deliveries.js';
import { scheduleRules } from '../source/select-rules.js';
import type { RunSelection, ScheduledRule } from '../source/select-rules.js';
import { createSourceView } from '../source/source-view.js';
import type { SourceView } from '../source/source-view.js';
import { createWorkshop } from '../source/workshop.js';

/** A rule of the run with what it delivers. */
export interface PreparedRule extends ScheduledRule {
  readonly selection: Selection;
  /** What it delivers, and to where, from another commit of the source. */
  readonly derivationAt: (
    release: Pick<Release, 'tag' | 'commit'>,
    branch: string,
  ) => Promise<Derivation>;
  /** Paths that other rules deliver to the same target, with the rule's id. */
  readonly elsewhere: Elsewhere;
  readonly findings: readonly Finding[];
}

/** A run before any target is looked at: what each rule delivers, and how. */
export interface PreparedRun {
  readonly source: SourceView;
  /** By target name. */
  readonly targets: ReadonlyMap<string, readonly PreparedRule[]>;
  readonly resolutions: Resolutions;
  /** Validation reports that targets share. */
  readonly validations: ValidationMemo;
  /** Rules that contradict each other. */
  readonly failed: readonly FailedItem[];
}

/** Reads the source once for all targets: releases, snapshots and what each rule selects. */
export async function prepareRun(fleet: Fleet, selection: RunSelection): Promise<PreparedRun> {
  const { configuration, rules } = fleet;
  const source = createSourceView(fleet);
  const scheduled = await scheduleRules(configuration, rules, source, selection);
  const workshop = createWorkshop(configuration, rules, source);
  const targets = new Map<string, PreparedRule[]>();
  const failed: FailedItem[] = [];
  for (const item of scheduled) {
    const { located, release } = item;
    const wrong = workshop.check(located) ?? (await checkDenyPatterns(located));
    if (wrong) {
      failed.push(wrong);
      continue;
    }
    const selected = await workshop.select(located, release.commit);
    const elsewhere = await workshop.deliveredElsewhere(located, release.commit);
    const clash = selected.deliveries.find(({ path }) => elsewhere.has(path));
    if (clash) {
      failed.push(samePath(located, clash, elsewhere.get(clash.path)?.rule ?? '', rules));
      continue;
    }
    const name = located.rule.target_repo;
    const prepared = targets.get(name) ?? [];
    targets.set(name, prepared);
    prepared.push({
      ...item,
      selection: selected,
      elsewhere,
      derivationAt: (at, branch) => workshop.derive(located, at, branch),
      findings:
        selected.deliveries.length === 0
          ? [noMatch(located, release.version)]
          : checkSchemaUses(located, selected.deliveries, release.version),
    });
  }
  const resolutions = createResolutions(fleet, [...targets.keys()]);
  return { source, targets, resolutions, validations: new Map(), failed };
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
