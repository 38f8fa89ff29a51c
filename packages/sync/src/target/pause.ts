import type { Configuration, TargetRule } from '@holdfast/manifest';

/** Why nothing is delivered to a target for now, as the configuration says. */
export interface Pause {
  readonly reason?: string;
}

/** The pause of a rule in its target; undefined where it goes on. */
export function pauseOf(
  { targets }: Pick<Configuration, 'targets'>,
  { rule }: TargetRule,
): Pause | undefined {
  const paused = targets[rule.target_repo]?.paused;
  if (!paused || (paused.rules && !paused.rules.includes(rule.id))) return undefined;
  return paused.reason === undefined ? {} : { reason: paused.reason };
}
