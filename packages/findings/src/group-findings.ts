import type { Finding, Severity } from './finding.js';

/** Findings that say the same, wherever they are. */
export interface FindingGroup<F extends Finding = Finding> {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  /** In the order in which they were given; never empty. */
  readonly findings: readonly F[];
}

export interface GroupOptions<F extends Finding> {
  /** Findings of equal keys are one group. Default: severity, rule and message. */
  readonly keyOf?: (finding: F) => string;
}

const weights: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/**
 * Gathers equal findings, across files and whatever else they were found in: errors first, then warnings, each group
 * where its first finding was given. A group speaks with the words of its first finding.
 */
export function groupFindings<F extends Finding>(
  findings: Iterable<F>,
  { keyOf = equalityKey }: GroupOptions<F> = {},
): FindingGroup<F>[] {
  const groups = new Map<string, F[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()]
    .map((all) => {
      const [{ ruleId, severity, message }] = all as [F];
      return { ruleId, severity, message, findings: all };
    })
    .sort((a, b) => weights[a.severity] - weights[b.severity]);
}

function equalityKey({ ruleId, severity, message }: Finding): string {
  return `${severity}\0${ruleId}\0${message}`;
}
