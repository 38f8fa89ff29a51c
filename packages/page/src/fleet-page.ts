import type { VNode } from 'preact';
import type { AlertView, FleetRow, FleetView } from './fleet-view.js';
import { html } from './html.js';
import { runTable } from './run-page.js';
import { count, daysBetween, safeUrl, shortTime, toneOf } from './words.js';

/** How a page addresses others; a file that stands alone has none. */
export interface Addresses {
  readonly target?: (name: string) => string;
  readonly run?: (id: string) => string;
}

/** More rows than a browser shows well are left to the command line. */
const MAX_ROWS = 5_000;

const AGES = [
  { text: 'under a day', days: 1 },
  { text: '1–7 days', days: 7 },
  { text: '7–14 days', days: 14 },
  { text: '14–30 days', days: 30 },
  { text: 'over 30 days', days: Number.POSITIVE_INFINITY },
];

/** The fleet at a glance: who is where, who is behind and why, what drifted, what is open. */
export function fleetPage(view: FleetView, addresses: Addresses = {}): VNode {
  const { source, at, rows, runs = [], alerts = [] } = view;
  const byStatus = tally(rows, ({ status }) => status);
  const drifted = rows.filter((row) => (row.drifted ?? 0) > 0);
  const open = rows.filter(({ request }) => request);
  return html`<h1>Fleet of ${source}</h1>
    <p class="soft">
      ${count(new Set(rows.map(({ target }) => target)).size, 'target')},
      ${' '}${count(rows.length, 'delivery rule')}, as of ${shortTime(at)} UTC
    </p>
    <ul class="cards" aria-label="Targets by status">
      ${byStatus.map(([status, n]) => html`<li><b>${n}</b>${word(status)}</li>`)}
      <li><b>${open.length}</b>open requests</li>
    </ul>
    ${alerts.length > 0 ? alertList(alerts) : null}
    <div class="two">
      ${bars(
        'By version',
        tally(rows, ({ version }) => version ?? 'never synced'),
      )}
      ${bars('By age of the last sync', ages(rows, at))}
    </div>
    ${rowTable(rows, at, addresses)} ${drifted.length > 0 ? driftList(drifted, addresses) : null}
    ${runs.length > 0 ? runTable(runs, addresses) : null}`;
}

/** One target: its rows, and what runs did to it. */
export function targetPage(
  target: string,
  { rows, at, runs = [] }: Pick<FleetView, 'rows' | 'at' | 'runs'>,
  addresses: Addresses = {},
): VNode {
  return html`<h1>${target}</h1>
    ${
      rows.length > 0
        ? rowTable(rows, at, {})
        : html`<p>Nobody has looked at it yet, or no rule delivers to it.</p>`
    }
    ${rows.some((row) => (row.drifted ?? 0) > 0) ? driftList(rows, {}) : null}
    <h2>History</h2>
    ${runs.length > 0 ? runTable(runs, addresses) : html`<p class="soft">No run yet.</p>`}`;
}

/** The alerts alone. */
export function alertsPage(alerts: readonly AlertView[]): VNode {
  return html`<h1>Alerts</h1>
    ${alerts.length > 0 ? alertList(alerts) : html`<p>Nothing needs attention.</p>`}`;
}

function word(text: string): VNode {
  return html`<span class=${`word ${toneOf(text)}`}>${text}</span>`;
}

function rowTable(rows: readonly FleetRow[], at: string, addresses: Addresses): VNode {
  const statuses = [...new Set(rows.map(({ status }) => status))].sort();
  const columns = ['Repository', 'Rule', 'Status', 'Version', 'Last sync', 'Request', 'Why'];
  return html`<form class="row" role="search" aria-label="Filter the targets">
      <div>
        <label for="filter">Filter</label><input id="filter" type="search" autocomplete="off" />
      </div>
      <div>
        <label for="status">Status</label>
        <select id="status">
          <option value="">all</option>
          ${statuses.map((status) => html`<option value=${status}>${status}</option>`)}
        </select>
      </div>
      <span id="shown" class="soft" role="status"></span>
    </form>
    <div class="scroll" tabindex="0" role="region" aria-label="Targets">
      <table data-sortable>
        <caption>
          Targets
        </caption>
        <thead>
          <tr>
            ${columns.map((name) => html`<th scope="col"><button type="button">${name}</button></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, MAX_ROWS).map((row) => tableRow(row, at, addresses))}
        </tbody>
      </table>
    </div>
    ${
      rows.length > MAX_ROWS
        ? html`<p>
            The first ${count(MAX_ROWS, 'row')} of ${rows.length.toLocaleString('en')}; all of them:
            <code>holdfast status</code>.
          </p>`
        : null
    }`;
}

function tableRow(row: FleetRow, at: string, { target: address }: Addresses): VNode {
  const { target, rule, status, version, lastSync, request } = row;
  const days = lastSync === undefined ? undefined : daysBetween(lastSync, at);
  return html`<tr data-status=${status}>
    <th scope="row">${address ? html`<a href=${address(target)}>${target}</a>` : target}</th>
    <td>${rule}<br /><span class="soft">${row.strategy}, ${row.frequency}</span></td>
    <td>${word(status)}</td>
    <td class="n">${version ?? '–'}</td>
    <td class="n" data-key=${lastSync ?? ''}>
      ${lastSync === undefined ? '–' : html`${lastSync.slice(0, 10)}<br /><span class="soft">${count(days ?? 0, 'day')} ago</span>`}
    </td>
    <td class="n" data-key=${request?.openedAt ?? ''}>
      ${request ? requestLink(request) : '–'}
      ${request?.openedAt === undefined ? null : html`<br /><span class="soft">open ${count(daysBetween(request.openedAt, at), 'day')}</span>`}
    </td>
    <td>${reasonOf(row)}</td>
  </tr>`;
}

/** A change request by its number, as a link where the forge has a page for it. */
export function requestLink({
  number,
  url,
  checks,
}: {
  readonly number: number;
  readonly url?: string;
  readonly checks?: string;
}): VNode {
  const safe = safeUrl(url);
  return html`${safe === undefined ? `#${number}` : html`<a href=${safe}>#${number}</a>`}${checks === undefined ? null : html`<br /><span class="soft">checks: ${checks}</span>`}`;
}

function reasonOf(row: FleetRow): string {
  if (row.error) return [row.error.message, row.error.hint].filter(Boolean).join('; ');
  if (row.reason !== undefined) return row.reason;
  const reasons = [
    row.paused ? (row.paused.reason ?? 'paused') : '',
    row.hold ? `rolled back from ${row.hold.release}: ${row.hold.reason}` : '',
    row.releasesBehind ? `${count(row.releasesBehind, 'release')} behind` : '',
    row.unresolved ? `${count(row.unresolved, 'conflict')} to decide` : '',
    row.drifted ? `${count(row.drifted, 'file')} drifted` : '',
    row.failures ? `${count(row.failures, 'failure')} in a row` : '',
  ];
  return reasons.filter((reason) => reason !== '').join(', ');
}

function driftList(rows: readonly FleetRow[], { target: address }: Addresses): VNode {
  return html`<h2>Drift by file</h2>
    <ul>
      ${rows
        .filter((row) => (row.drifted ?? 0) > 0)
        .map(
          ({ target, rule, drifted = 0, driftedFiles = [] }) =>
            html`<li>
              ${address ? html`<a href=${address(target)}>${target}</a>` : target} (${rule}):
              ${
                driftedFiles.length > 0
                  ? html`<ul>
                      ${driftedFiles.map((path) => html`<li><code>${path}</code></li>`)}
                    </ul>`
                  : ` ${count(drifted, 'file')}; holdfast drift ${rule} names them`
              }
            </li>`,
        )}
    </ul>`;
}

function alertList(alerts: readonly AlertView[]): VNode {
  return html`<section aria-labelledby="alerts">
    <h2 id="alerts">${count(alerts.length, 'alert')}</h2>
    ${alerts.map(
      ({ type, rule_id, target_repo, detected_at, details, action_required }) =>
        html`<div class="note">
          <strong>${type}</strong>: ${target_repo} (${rule_id}), seen ${shortTime(detected_at)}
          UTC<br />
          ${details}<br /><span class="soft">${action_required}</span>
        </div>`,
    )}
  </section>`;
}

function bars(title: string, counts: readonly (readonly [string, number])[]): VNode {
  const most = Math.max(1, ...counts.map(([, n]) => n));
  return html`<section class="box">
    <h2>${title}</h2>
    <dl class="bars">
      ${counts.map(
        ([name, n]) =>
          html`<dt>${name}</dt>
            <dd>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect width=${(100 * n) / most} height="10" />
              </svg>
              <span>${n.toLocaleString('en')}</span>
            </dd>`,
      )}
    </dl>
  </section>`;
}

function ages(rows: readonly FleetRow[], at: string): [string, number][] {
  const counts = AGES.map(({ text }): [string, number] => [text, 0]);
  let never = 0;
  for (const { lastSync } of rows) {
    if (lastSync === undefined) never += 1;
    else {
      const days = daysBetween(lastSync, at);
      const slot = counts[AGES.findIndex((age) => days < age.days)];
      if (slot) slot[1] += 1;
    }
  }
  return never > 0 ? [...counts, ['never', never]] : counts;
}

/** Counts by name, the most frequent first. */
function tally(
  rows: readonly FleetRow[],
  nameOf: (row: FleetRow) => string,
): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
