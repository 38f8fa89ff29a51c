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

/** Of findings of one rule, which differ, so many are shown. */
const SHOWN_ALIKE = { error: 10, warning: 2, info: 2 };

/**
 * What was found: errors first, then up to `warnings` kinds of warnings, those of what the source has
 * broken already last; findings of one rule together, with how many more there are. With `all`,
 * every one.
 */
export function summariseFindings(
  findings: readonly Finding[],
  { warnings, all = false }: { readonly warnings: number; readonly all?: boolean },
): string[] {
  const groups = groupFindings(findings);
  if (all) return groups.flatMap((group) => group.map(renderFinding));
  const errors = groups.filter(([{ severity }]) => severity === 'error');
  const others = groups.filter(([{ severity }]) => severity === 'warning');
  const hidden = others.slice(warnings).flat().length;
  const notes = findings.filter(({ severity }) => severity === 'info').length;
  const rest = [
    ...(hidden > 0 ? [count(hidden, 'warning')] : []),
    ...(notes > 0 ? [count(notes, 'note')] : []),
  ];
  return [
    ...[...errors, ...others.slice(0, warnings)].flatMap(renderGroup),
    ...(rest.length > 0 ? [dim(`${rest.join(' and ')} not shown; --verbose lists them`)] : []),
  ];
}

type Group = readonly [Finding, ...Finding[]];

const ORDER = { error: 0, warning: 1, info: 2 };

/** Findings of one rule and severity together; errors first, what is known already last. */
function groupFindings(findings: readonly Finding[]): Group[] {
  const kinds = Map.groupBy(
    findings,
    (finding) => `${finding.severity} ${isKnown(finding)} ${finding.ruleId}`,
  );
  return ([...kinds.values()] as unknown as Group[]).sort(
    ([a], [b]) => ORDER[a.severity] - ORDER[b.severity] || Number(isKnown(a)) - Number(isKnown(b)),
  );
}

/** Findings of one rule: equal ones once, with how often; of others the first. */
function renderGroup(group: Group): string[] {
  const [{ severity, ruleId }] = group;
  const equal = [...Map.groupBy(group, ({ message }) => message).values()];
  const shown = equal.slice(0, SHOWN_ALIKE[severity]);
  const more = group.length - shown.flat().length;
  return [
    ...shown.map(
      (same) => renderFinding(same[0]!) + (same.length > 1 ? dim(` (${timesOf(same)})`) : ''),
    ),
    ...(more > 0 ? [dim(`… ${more} more of ${ruleId}; --verbose lists them`)] : []),
  ];
}

/** `31 times, in 12 files` */
function timesOf(findings: readonly Finding[]): string {
  const files = new Set(findings.map(({ path }) => path)).size;
  return files > 1 ? `${findings.length} times, in ${files} files` : `${findings.length} times`;
}

/** What was found in many targets, once: the warnings of all of them, as {@link summariseFindings} has them. */
export function summariseAcross(
  items: readonly { readonly target: string; readonly findings: readonly Finding[] }[],
  { warnings }: { readonly warnings: number },
): string[] {
  const seen = new Map<string, { finding: Finding; targets: Set<string> }>();
  for (const { target, findings } of items) {
    for (const finding of findings) {
      if (finding.severity !== 'warning') continue;
      const { ruleId, path, message, range } = finding;
      const key = JSON.stringify([ruleId, path, message, range?.start]);
      const known = seen.get(key) ?? { finding, targets: new Set() };
      seen.set(key, known);
      known.targets.add(target);
    }
  }
  const found = [...seen.values()].map(({ finding, targets }) =>
    targets.size > 1
      ? { ...finding, message: `${finding.message} (in ${targets.size} targets)` }
      : finding,
  );
  return summariseFindings(found, { warnings });
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
