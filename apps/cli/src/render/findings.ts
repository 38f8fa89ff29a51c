import type { Finding } from '@holdfast/sync';
import type { ValidationReport } from '@holdfast/validation';
import { bold, dim, red, yellow } from '../markup.js';
import { count } from './words.js';

const severities = { error: '', warning: `${yellow('warning:')} `, info: `${dim('note:')} ` };

/** `rules/web.yaml:3:11: warning: what is wrong` */
export function renderFinding({ path, range, severity, message }: Finding): string {
  const file = path.replaceAll('\n', '\\n'); // a file's name cannot begin a line of the output
  const place = range ? `${file}:${range.start.line}:${range.start.column}:` : `${file}:`;
  return `${severity === 'error' ? red(place) : bold(place)} ${severities[severity]}${message}`;
}

/** All errors, the first few warnings, those of what the source has broken already last, and how many more there are. */
export function summariseFindings(
  findings: readonly Finding[],
  { warnings }: { readonly warnings: number },
): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const others = findings
    .filter(({ severity }) => severity === 'warning')
    .sort((a, b) => Number(isKnown(a)) - Number(isKnown(b)));
  const notes = findings.length - errors.length - others.length;
  const rest = [
    ...(others.length > warnings ? [count(others.length - warnings, 'warning')] : []),
    ...(notes > 0 ? [count(notes, 'note')] : []),
  ];
  return [
    ...[...errors, ...others.slice(0, warnings)].map(renderFinding),
    ...(rest.length > 0 ? [dim(`${rest.join(' and ')} not shown; --json lists them`)] : []),
  ];
}

function isKnown({ data }: Finding): boolean {
  return data?.['known'] === true;
}

/** Checks that failed without a finding: they did not come to an end, and say why in their row. */
export function renderFailedChecks({
  sync_validation: { checks },
  findings,
}: ValidationReport): string[] {
  const explained = new Set(
    findings.filter(({ severity }) => severity === 'error').map(({ check }) => check),
  );
  return checks
    .filter(({ name, status }) => status === 'fail' && !explained.has(name))
    .map(({ name, details }) => `${red(`${name}:`)} ${details}`);
}
