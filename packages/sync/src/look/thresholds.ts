import type { Configuration, TargetRule, ThresholdSettings } from '@holdfast/manifest';

/** From where on something is worth an alert; what is more than these is. */
export interface Thresholds {
  /** Days since the last sync. Default 14. */
  readonly days: number;
  /** The same for `on_change` rules. Default 7. */
  readonly onChangeDays: number;
  /** Releases behind. Default 1. */
  readonly releases: number;
  /** Failed runs in a row. Default 2. */
  readonly failures: number;
}

/** The thresholds of the specification. */
export const defaultThresholds: Thresholds = {
  days: 14,
  onChangeDays: 7,
  releases: 1,
  failures: 2,
};

/** The thresholds of a rule in a target: the target's own go before the rule's, those before the configuration's. */
export function thresholdsOf(
  { thresholds, targets }: Pick<Configuration, 'thresholds' | 'targets'>,
  { rule }: TargetRule,
): Thresholds {
  const settings: ThresholdSettings = {
    ...thresholds,
    ...rule.thresholds,
    ...targets[rule.target_repo]?.thresholds,
  };
  const { days, on_change_days: onChangeDays, releases, failures } = settings;
  return {
    days: days ?? defaultThresholds.days,
    onChangeDays: onChangeDays ?? defaultThresholds.onChangeDays,
    releases: releases ?? defaultThresholds.releases,
    failures: failures ?? defaultThresholds.failures,
  };
}

/** The days that a rule of this frequency may go without a sync. */
export function allowedDays(frequency: string, { days, onChangeDays }: Thresholds): number {
  return frequency === 'on_change' ? onChangeDays : days;
}
