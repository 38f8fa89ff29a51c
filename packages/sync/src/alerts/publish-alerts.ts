import { neutralizeReferences } from '@holdfast/forge';
import { withTarget } from '../fleet.js';
import type { Fleet } from '../fleet.js';
import { mapInOrder } from '../map-in-order.js';
import type { StatusRow } from '../look/read-status.js';
import type { ItemError } from '../plan.js';
import type { IssueTracker } from '../ports.js';
import { toItemError } from '../sync-error.js';
import type { SyncAlert } from './find-alerts.js';

/** What became of an alert in the issues of its target. */
export interface AlertOutcome {
  readonly id: string;
  readonly kind: 'opened' | 'edited' | 'unchanged' | 'closed';
  readonly issue?: { readonly number: number; readonly url?: string };
}

/** What became of the alerts of one target. */
export type PublishedAlerts =
  | { readonly kind: 'told'; readonly target: string; readonly alerts: readonly AlertOutcome[] }
  | { readonly kind: 'failed'; readonly target: string; readonly error: ItemError };

/** How to tell. */
export interface AlertOptions {
  /** How many targets are worked on at once. Default 4. */
  readonly concurrency?: number | undefined;
}

/**
 * Tells alerts as issues of the targets that they are about: opened once, edited when they say
 * something else, closed when they are over. Only issues about the rules among `rows` are closed, and
 * no issue of a target that could not be looked at.
 */
export async function publishAlerts(
  fleet: Fleet,
  rows: readonly StatusRow[],
  alerts: readonly SyncAlert[],
  { concurrency = 4 }: AlertOptions = {},
): Promise<PublishedAlerts[]> {
  const byTarget = Map.groupBy(rows, ({ target }) => target);
  const published = mapInOrder(byTarget, concurrency, async ([target, own]) => {
    const wanted = alerts.filter(({ target_repo }) => target_repo === target);
    try {
      return await withTarget(fleet, target, async ({ forge: { issues } }) => ({
        kind: 'told' as const,
        target,
        alerts: await tell(issues, own, wanted, fleet.configuration.namespace),
      }));
    } catch (error) {
      return { kind: 'failed' as const, target, error: toItemError(error) };
    }
  });
  return Array.fromAsync(published);
}

async function tell(
  issues: IssueTracker,
  rows: readonly StatusRow[],
  alerts: readonly SyncAlert[],
  namespace: string,
): Promise<AlertOutcome[]> {
  const prefix = `${namespace}-alert `;
  const outcomes: AlertOutcome[] = [];
  for (const alert of alerts) {
    const { kind, issue } = await issues.report({
      key: `${prefix}${alert.id}`,
      title: titleOf(alert, namespace),
      body: bodyOf(alert),
      labels: [`${namespace}-sync`, `sync-${alert.type}`],
    });
    const { number, url } = issue;
    outcomes.push({ id: alert.id, kind, issue: { number, ...(url === undefined ? {} : { url }) } });
  }
  const lasting = new Set(alerts.map(({ id }) => id));
  const seen = rows.filter(({ error }) => !error);
  for (const { key } of await issues.listOpen(prefix)) {
    const id = key?.slice(prefix.length) ?? '';
    const about = seen.some(({ rule, target }) => id.endsWith(` ${rule} ${target}`));
    if (lasting.has(id) || !about) continue;
    await issues.resolve(`${prefix}${id}`, 'This is over: the last check found nothing of it.');
    outcomes.push({ id, kind: 'closed' });
  }
  return outcomes;
}

const words: Record<SyncAlert['type'], string> = {
  failure: 'syncs fail',
  staleness: 'is out of date',
  drift: 'drifted',
};

function titleOf({ type, rule_id: rule }: SyncAlert, namespace: string): string {
  return `sync(${namespace}): ${rule} ${words[type]}`;
}

/** Says nothing that differs from day to day while the trouble is the same. */
function bodyOf({ details, action_required: action, files = [], channel }: SyncAlert): string {
  return [
    neutralizeReferences(`${details.replace(/\b\d+ days since/, 'too long since')}.`),
    ...(files.length > 0 ? [files.slice(0, 100).map(asItem).join('\n')] : []),
    ...(files.length > 100 ? [`and ${files.length - 100} more`] : []),
    neutralizeReferences(`**Action required:** ${action}`),
    `For: ${channel.join(', ')}`,
  ].join('\n\n');
}

/** A path as it is: what it may hold of backticks does not end the code. */
function asItem(path: string): string {
  const longest = Math.max(0, ...(path.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `- ${fence}${space}${path.replaceAll(/[\r\n]/g, ' ')}${space}${fence}`;
}
