import type { ItemError, PostedAlerts, PublishedAlerts, SyncAlert } from '@holdfast/sync';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { count, indent, text } from './words.js';

const paint: Record<SyncAlert['type'], (text: string) => string> = {
  failure: red,
  staleness: yellow,
  drift: yellow,
};

const LISTED_FILES = 20;

/** Alerts for people: what is wrong where, what to do, and what became of the issues. */
export function renderAlerts(
  alerts: readonly SyncAlert[],
  issues: readonly PublishedAlerts[] = [],
  webhook?: PostedAlerts | { readonly kind: 'failed'; readonly error: ItemError },
): string {
  const told = issues.flatMap((one) => (one.kind === 'told' ? one.alerts : []));
  const written = told.filter(({ kind }) => kind !== 'unchanged');
  return text([
    ...alerts.flatMap((alert) => [...renderAlert(alert), '']),
    ...issues.flatMap((one) =>
      one.kind === 'failed'
        ? [
            `${bold(one.target)}  its issues could not be written`,
            ...renderItemError(one.error),
            '',
          ]
        : [],
    ),
    ...written.map(
      ({ id, kind, issue }) => `issue ${issue ? `#${issue.number} ` : ''}${kind}: ${id}`,
    ),
    ...(webhook ? renderWebhook(webhook) : []),
    ...(written.length > 0 || webhook ? [''] : []),
    alerts.length === 0 ? green('Nothing needs attention.') : `${count(alerts.length, 'alert')}.`,
  ]);
}

function renderWebhook(
  webhook: PostedAlerts | { readonly kind: 'failed'; readonly error: ItemError },
): string[] {
  if (webhook.kind === 'failed') {
    return ['the message could not be posted', ...renderItemError(webhook.error)];
  }
  if (webhook.kind === 'nothing-new') return [dim('nothing new to post')];
  return [`posted: ${count(webhook.told.length, 'new alert')}, ${webhook.over.length} over`];
}

function renderAlert(alert: SyncAlert): string[] {
  const { type, rule_id: rule, target_repo: target, details, action_required: action } = alert;
  const { files = [] } = alert;
  const more = files.length - LISTED_FILES;
  return [
    `${bold(target)}  ${rule}  ${paint[type](type)}: ${details}`,
    ...indent(files.slice(0, LISTED_FILES), 4),
    ...(more > 0 ? indent([dim(`and ${more} more`)], 4) : []),
    ...indent([action]),
  ];
}
