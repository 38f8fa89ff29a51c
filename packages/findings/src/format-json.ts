import { countFindings } from './count-findings.js';
import type { Finding } from './finding.js';

/** The findings as one JSON document: `{findings, counts: {error, warning, info}}`, two spaces, final line feed. */
export function formatJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ findings, counts: countFindings(findings) }, null, 2)}\n`;
}
