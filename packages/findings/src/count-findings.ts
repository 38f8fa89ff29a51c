import type { Finding, Severity } from './finding.js';

/** How many findings there are of each severity. */
export function countFindings(findings: Iterable<Finding>): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
