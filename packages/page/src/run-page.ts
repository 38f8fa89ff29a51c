import type { VNode } from 'preact';
import type { OutcomeView, RunView } from './fleet-view.js';
import { html } from './html.js';
import { safeUrl, shortTime, toneOf } from './words.js';

/** Runs, the newest first. */
export function runTable(
  runs: readonly RunView[],
  { run: address }: { readonly run?: (id: string) => string } = {},
): VNode {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Runs">
    <table>
      <caption>
        Runs
      </caption>
      <thead>
        <tr>
          ${['Started', 'What', 'State', 'Targets', 'Because of'].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${runs.map(({ id, kind, state, trigger, startedAt, targets, error }) => {
          const time = shortTime(startedAt);
          return html`<tr>
            <th scope="row">${address ? html`<a href=${address(id)}>${time}</a>` : time}</th>
            <td>${kind}</td>
            <td>${stateWord(state)}${error ? html`<br />${error.message}` : null}</td>
            <td class="n">${targetCount(targets)}</td>
            <td>${trigger}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

/** One run with its targets; `live` is the address of its events while it goes on. */
export function runPage(
  run: RunView,
  outcomes: readonly OutcomeView[],
  { live, target }: { readonly live?: string; readonly target?: (name: string) => string } = {},
): VNode {
  return html`<h1>Run of ${shortTime(run.startedAt)} UTC</h1>
    <p class="soft">${run.kind}, because of ${run.trigger}</p>
    <div data-live=${live ?? null}>${runState(run)}</div>
    <div class="scroll" tabindex="0" role="region" aria-label="Targets of this run">
      <table data-rows>
        <caption>
          Targets
        </caption>
        <thead>
          <tr>
            ${['Repository', 'State', 'Rules'].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${outcomes.map((outcome) => outcomeRow(outcome, target))}
        </tbody>
      </table>
    </div>`;
}

/** How far a run is: the piece that a live page replaces. */
export function runState({ state, targets, error }: RunView): VNode {
  const { total, done } = targets;
  return html`<div id="run-state">
    <p role="status">${stateWord(state)} ${targetCount(targets)}</p>
    ${total > 0 ? html`<progress max=${total} value=${done} aria-label="Targets done"></progress>` : null}
    ${error ? html`<div class="note">${error.message}${error.hint ? html`<br />${error.hint}` : null}</div>` : null}
  </div>`;
}

/** One target of a run: the piece that a live page replaces. */
export function outcomeRow(
  { target, state, attempts, items, error }: OutcomeView,
  address?: (name: string) => string,
): VNode {
  return html`<tr id=${`target-${encodeURIComponent(target)}`}>
    <th scope="row">${address ? html`<a href=${address(target)}>${target}</a>` : target}</th>
    <td>
      ${stateWord(state)}${attempts > 1 ? html`<br /><span class="soft">attempt ${attempts}</span>` : null}
    </td>
    <td>
      ${error ? html`<p>${error.message}${error.hint ? html`<br /><span class="soft">${error.hint}</span>` : null}</p>` : null}
      ${items.map((item) => {
        const url = safeUrl(item.request?.url);
        const number = item.request && `#${item.request.number}`;
        return html`<div>
          ${item.rule}: ${item.outcome}${item.version === undefined ? '' : ` (${item.version})`}
          ${number === undefined ? null : html` ${url === undefined ? number : html`<a href=${url}>${number}</a>`}`}
          ${item.detail === undefined ? null : html`<br /><span class="soft">${item.detail}</span>`}
          ${item.error ? html`<br />${item.error.message}${item.error.hint ? html`<br /><span class="soft">${item.error.hint}</span>` : null}` : null}
          ${(item.files ?? []).map(fileDifference)}
        </div>`;
      })}
    </td>
  </tr>`;
}

type PlannedFile = NonNullable<OutcomeView['items'][number]['files']>[number];

function fileDifference({ path, kind, diff }: PlannedFile): VNode {
  if (diff === undefined) return html`<div><code>${path}</code>: ${kind}</div>`;
  return html`<details>
    <summary><code>${path}</code>: ${kind}</summary>
    <pre tabindex="0" aria-label=${`Difference of ${path}`}>
${diff
        .trimEnd()
        .split('\n')
        .map((line) => html`<span class=${toneOfLine(line)}>${`${line}\n`}</span>`)}</pre>
  </details>`;
}

function toneOfLine(line: string): string | null {
  if (/^(?:\+\+\+|---)/.test(line)) return null;
  return line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : null;
}

function stateWord(state: string): VNode {
  return html`<span class=${`word ${toneOf(state)}`}>${state}</span>`;
}

function targetCount({ total, done, failed }: RunView['targets']): string {
  return `${done} of ${total} done${failed > 0 ? `, ${failed} failed` : ''}`;
}
