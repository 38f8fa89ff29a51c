import type { VNode } from 'preact';
import { html } from './html.js';
import { count, shortTime, toneOf } from './words.js';

/** Where the waves of one release stand, as `holdfast rollout status --json` says it. */
export interface RolloutView {
  readonly release: string;
  readonly state: string;
  readonly wave: number;
  readonly waves: readonly {
    readonly targets: readonly string[];
    readonly wait: string;
    readonly openedAt?: string;
  }[];
  readonly reasons: readonly string[];
  readonly startedAt: string;
  /** What the open wave waits for, a line each. */
  readonly waitsFor: readonly string[];
}

/** Targets of a wave that are named before they are only counted. */
const NAMED = 50;

/** Rollouts, the newest first; `act` is where forms are sent by who may act. */
export function rolloutsPage(
  rollouts: readonly RolloutView[],
  { act, target }: { readonly act?: string; readonly target?: (name: string) => string } = {},
): VNode {
  if (rollouts.length === 0)
    return html`<h1>Rollouts</h1>
      <p>
        No release is rolled out in waves. The configuration's <code>rollout</code> begins one.
      </p>`;
  return html`<h1>Rollouts</h1>
    ${rollouts.map(
      (rollout) =>
        html`<section class="box" aria-labelledby=${`rollout-${rollout.release}`}>
          <h2 id=${`rollout-${rollout.release}`}>${rollout.release}</h2>
          <p>
            <span class=${`word ${toneOf(rollout.state)}`}>${rollout.state}</span>,${' '} wave${' '}
            ${rollout.wave + 1} of ${rollout.waves.length},
            ${`since ${shortTime(rollout.startedAt)} UTC`}
          </p>
          ${
            rollout.reasons.length > 0
              ? html`<div class="note">
                  ${rollout.reasons.map((reason) => html`<div>${reason}</div>`)}
                </div>`
              : null
          }
          <ol>
            ${rollout.waves.map((wave, i) => waveItem(wave, i <= rollout.wave, target))}
          </ol>
          ${
            rollout.waitsFor.length > 0
              ? html`<h3>Waits for</h3>
                  <ul>
                    ${rollout.waitsFor.map((line) => html`<li>${line}</li>`)}
                  </ul>`
              : null
          }
          ${act === undefined ? null : actions(rollout, act)}
        </section>`,
    )}`;
}

function waveItem(
  { targets, wait, openedAt }: RolloutView['waves'][number],
  reached: boolean,
  address: ((name: string) => string) | undefined,
): VNode {
  const names = targets.slice(0, NAMED);
  const when =
    reached && openedAt !== undefined ? `open since ${shortTime(openedAt)} UTC` : 'to come';
  return html`<li>
    ${count(targets.length, 'target')}, ${when}; then waits: ${wait}
    <div class="soft">
      ${names.map((name, i) => html`${i > 0 ? ', ' : ''}${address ? html`<a href=${address(name)}>${name}</a>` : name}`)}
      ${targets.length > NAMED ? ` and ${targets.length - NAMED} more` : ''}
    </div>
  </li>`;
}

function actions({ release, state, wave, waves }: RolloutView, act: string): VNode | null {
  const last = wave + 1 >= waves.length;
  const next = last ? 'Call it done' : `Open wave ${wave + 2} now`;
  if (state !== 'running' && state !== 'halted') return null;
  return html`<form class="row" method="post" action=${act} aria-label=${`Rollout of ${release}`}>
    <input type="hidden" name="release" value=${release} />
    <input type="hidden" name="wave" value=${wave} />
    ${
      state === 'running'
        ? html`<button class="do" name="action" value="approve">${next}</button>
            <button class="do" name="action" value="halt">Halt</button>`
        : html`<button class="do" name="action" value="resume">Resume</button>`
    }
  </form>`;
}
