import type { AbortedRollout, RolloutState, RolloutStep } from '@holdfast/sync';
import { bold, cyan, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { count, indent, text } from './words.js';

const paint: Record<RolloutState['state'], (text: string) => string> = {
  running: cyan,
  halted: red,
  done: green,
  aborted: red,
  superseded: dim,
};

const LISTED = 20;

/** Rollouts for people: how far each is, what it waits for, and what to do. */
export function renderRollouts(steps: readonly RolloutStep[], configured: boolean): string {
  if (steps.length > 0) {
    return text(steps.flatMap((step, index) => [...(index > 0 ? [''] : []), ...renderStep(step)]));
  }
  return text(
    configured
      ? ['No rollout has begun: the next holdfast sync begins one.']
      : ['No rollout has begun, and the configuration has no rollout: add waves to it.'],
  );
}

/** One rollout with its waves, a line each. */
export function renderStep({ rollout, waitsFor, waiting }: RolloutStep): string[] {
  const { release, state, wave, waves, reasons } = rollout;
  const where =
    state === 'done'
      ? ''
      : `  wave ${wave + 1} of ${waves.length}, ${waiting.length} targets to come`;
  return [
    `${bold(release)}  ${paint[state](state)}${dim(where)}`,
    ...indent(
      waves.map(({ targets, wait, openedAt }, index) => {
        const own = targets.slice(0, 8).join(', ');
        const more = targets.length > 8 ? ` and ${targets.length - 8} more` : '';
        const sign =
          state === 'done' || index < wave ? green('✓') : index === wave ? '▸' : dim('·');
        const since = openedAt === undefined ? '' : dim(`  since ${openedAt}`);
        return `${sign} ${own}${more}${dim(`  ${wait}`)}${since}`;
      }),
    ),
    ...indent(listed(reasons).map(red)),
    ...indent(listed(waitsFor).map((line) => `waits: ${line}`)),
    ...(state === 'halted'
      ? indent([
          `go on with: holdfast rollout resume ${release}`,
          `give up with: holdfast rollout abort ${release} --reason TEXT`,
        ])
      : []),
  ];
}

/** A rollout that goes on. */
export function renderResumed({ release, accepted, wave, waves }: RolloutState): string {
  return text([
    `${bold(release)}  ${cyan('running')}, wave ${wave + 1} of ${waves.length}`,
    ...(accepted.length > 0
      ? indent([`accepted as they are: ${listed(accepted).join(', ')}`])
      : []),
    ...indent(['the next holdfast sync goes on from here']),
  ]);
}

/** A rollout that was given up, what was closed, and the way back. */
export function renderAborted({
  rollout: { release },
  closed,
  failed,
  offers,
}: Omit<AbortedRollout, 'offers'> & {
  readonly offers: readonly { to: string; targets: readonly string[]; command: string }[];
}): string {
  return text([
    `${bold(release)}  ${red('aborted')}`,
    ...indent(closed.map(({ target, number, rule }) => `closed #${number} of ${target} (${rule})`)),
    ...failed.flatMap(({ target, error }) => [
      ...indent([yellow(`${target} could not be reached: its request may still be open`)]),
      ...indent(renderItemError(error)),
    ]),
    ...offers.flatMap(({ to, targets, command }) =>
      indent([
        `${count(targets.length, 'target')} ${targets.length === 1 ? 'has' : 'have'} it already, and had ${to} before; to bring ${targets.length === 1 ? 'it' : 'them'} back:`,
        `  ${command}`,
      ]),
    ),
    ...(failed.length > 0
      ? indent([
          `run it again to close what is left: holdfast rollout abort ${release} --reason TEXT`,
        ])
      : []),
  ]);
}

function listed(lines: readonly string[]): string[] {
  const more = lines.length - LISTED;
  return [...lines.slice(0, LISTED), ...(more > 0 ? [`and ${more} more`] : [])];
}
