import type { TargetRow } from '@holdfast/fleet';
import { dim, yellow } from '../markup.js';
import { renderTable } from './table.js';
import { text } from './words.js';

/** Targets as a table; those that are listed no more say so. */
export function renderTargets(rows: readonly TargetRow[]): string {
  if (rows.length === 0) return text(['No target.']);
  return text(
    renderTable(
      ['Repo', 'Forge', 'From', 'Labels', 'Rules'],
      rows.map(({ target, forge, from, labels, rules, leftAt }) => [
        target,
        forge,
        leftAt === undefined ? from : yellow(`left ${leftAt.slice(0, 10)}`),
        describeLabels(labels),
        rules.join(', ') || dim('none'),
      ]),
    ),
  );
}

function describeLabels(labels: TargetRow['labels']): string {
  const words = Object.entries(labels).map(([name, value]) =>
    value === true ? name : `${name}=${String(value)}`,
  );
  return words.join(', ') || dim('–');
}
