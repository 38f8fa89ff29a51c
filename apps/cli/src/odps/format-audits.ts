import { formatJunit, formatMarkdown, formatSarif } from '@holdfast/findings';
import { formatAudit, rules } from '@holdfast/odps-audit';
import type { Audit, AuditFinding, Rule } from '@holdfast/odps-audit';
import type { AuditedProject } from './audited-project.js';

export type AuditFormat = 'text' | 'markdown' | 'sarif' | 'junit';

/** All findings of an audit, artifact by artifact. */
export function findingsOfAudit({ artifacts }: Audit): AuditFinding[] {
  return artifacts.flatMap(({ findings, files }) => [
    ...findings,
    ...files.flatMap((file) => file.findings),
  ]);
}

/** The report of several projects in a form that other programs read. */
export function formatAudits(audited: readonly AuditedProject[], format: AuditFormat): string {
  const findings = audited.flatMap(({ audit }) => findingsOfAudit(audit));
  switch (format) {
    case 'sarif':
      return formatSarif(findings, {
        tool: { name: 'holdfast odps audit' },
        rules: ruleHelp(),
        propertiesOf: ({ data, hint }) => ({ ...data, hint }),
      });
    case 'junit': {
      const files = audited.flatMap(({ audit }) =>
        audit.artifacts.flatMap((artifact) => artifact.files.map(({ path }) => path)),
      );
      return formatJunit(findings, { name: 'holdfast odps audit', files });
    }
    case 'markdown':
      return audited
        .map(({ audit }) => {
          const report = `\`\`\`text\n${formatAudit(audit)}\`\`\`\n`;
          return `${report}\n${formatMarkdown(findingsOfAudit(audit))}`;
        })
        .join('\n');
    case 'text':
      return audited.map(({ audit }) => formatAudit(audit)).join('\n');
  }
}

function ruleHelp(): Map<string, { summary: string; help: string }> {
  const entries = Object.entries<Rule>(rules);
  return new Map(entries.map(([id, { reason, hint }]) => [id, { summary: reason, help: hint }]));
}
