import { abortRollout, listRollouts, lookAtRollout, resumeRollout } from '@holdfast/sync';
import type { RolloutStep } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderAborted, renderResumed, renderRollouts } from '../render/rollout.js';
import { quote } from '../selection.js';
import { showProgress } from '../show-progress.js';

export interface RolloutInput {
  readonly release?: string;
}

/** `holdfast rollout status`: how far releases are; exits with 1 where one is halted. */
export async function rolloutStatus(
  context: CommandContext,
  { release, all, concurrency }: RolloutInput & { all?: true; concurrency?: number },
): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const known = await listRollouts(fleet);
    const found = known.filter((one) => release === undefined || one.release === release);
    if (release !== undefined && found.length === 0) {
      const names = known.map((one) => one.release).slice(0, 5);
      throw new CliError('bad-argument', `there is no rollout of ${JSON.stringify(release)}`, {
        hint: names.length > 0 ? `there are: ${names.join(', ')}` : 'none has begun yet',
      });
    }
    const wanted = all || release !== undefined ? found : found.slice(0, 1);
    const steps: RolloutStep[] = [];
    await showProgress(context, async (onProgress) => {
      for (const one of wanted) {
        steps.push(await lookAtRollout(fleet, one, { concurrency, onProgress }));
      }
    });
    return {
      exitCode: worst(steps.map(({ rollout }) => (rollout.state === 'halted' ? 1 : 0))),
      document: { rollouts: steps.map(documentStep) },
      text: () => renderRollouts(steps, fleet.configuration.rollout !== undefined),
    };
  });
}

/** `holdfast rollout resume`: lets a halted rollout go on. */
export async function rolloutResume(
  context: CommandContext,
  { release }: RolloutInput,
): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const rollout = await resumeRollout(fleet, release === undefined ? {} : { release });
    return { exitCode: 0, document: { rollout }, text: () => renderResumed(rollout) };
  });
}

/** `holdfast rollout abort`: gives a rollout up, and says how to bring back who has the release. */
export async function rolloutAbort(
  context: CommandContext,
  { release, reason }: RolloutInput & { readonly reason: string },
): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const aborted = await abortRollout(fleet, {
      reason,
      ...(release === undefined ? {} : { release }),
    });
    const offers = aborted.offers.map((offer) => ({
      ...offer,
      command: [
        'holdfast rollback',
        ...offer.targets.map(quote),
        ...['--to', quote(offer.to), '--reason', quote(reason)],
        ...offer.rules.flatMap((rule) => ['--rule', quote(rule)]),
      ].join(' '),
    }));
    return {
      exitCode: worst(aborted.failed.map(({ error }) => exitCodeOf(error))),
      document: { ...aborted, offers },
      text: () => renderAborted({ ...aborted, offers }),
    };
  });
}

/** Where a rollout is, as `--json` prints it. */
export function documentStep({ rollout, waiting, waitsFor, items }: RolloutStep): object {
  return { ...rollout, waiting, waitsFor, items };
}
