import type { WaveOutcome } from '@holdfast/sync';
import type { Logger } from 'pino';
import type { FleetHost } from '../host/fleet-host.js';
import type { Database } from '../store/database.js';
import { listOutcomes, untouchedTargets } from '../store/runs.js';
import type { Run, RunSelection } from '../store/runs.js';
import { tokenDigest } from '../store/settings.js';
import type { RunService } from './run-service.js';

/** What going on to the next wave needs. */
export interface WaveContext {
  readonly database: Database;
  readonly host: FleetHost;
  readonly runs: RunService;
  readonly logger: Logger;
}

/**
 * Makes one step of the rollouts, by what a run came to where one just ended, and starts a run for the
 * targets of a wave that opened and that no run was asked to reach since: once, whichever worker is first.
 */
export async function advanceWaves(
  { database, host, runs, logger }: WaveContext,
  ended?: Run,
): Promise<void> {
  const { rules, release, ref }: RunSelection = ended?.kind === 'sync' ? ended.selection : {};
  const selection = {
    ...(rules ? { rules } : {}),
    ...(release === undefined ? {} : { release }),
    ...(ref === undefined ? {} : { ref }),
  };
  const outcomes = ended?.kind === 'sync' ? await outcomesOf(database, ended.id) : [];
  for (const { rollout, due } of await host.advance(selection, outcomes)) {
    const { wave, waves, release: name } = rollout;
    const reached = waves.slice(0, wave + 1).map(({ targets: own, openedAt }) => {
      const open = own.filter((target) => due.includes(target));
      return openedAt === undefined ? [] : untouchedTargets(database, open, openedAt);
    });
    const targets = (await Promise.all(reached)).flat();
    if (rollout.state !== 'running' || targets.length === 0) continue;
    const trigger = {
      by: 'rollout',
      detail: `wave ${wave + 1} of ${waves.length} of ${name}`,
    } as const;
    const run = {
      kind: 'sync',
      selection: { ...selection, rules: rollout.rules, targets },
      trigger,
    } as const;
    const claim = tokenDigest(JSON.stringify([name, rollout.startedAt, wave, targets]));
    const [id] = await runs.startOnce([run], async (query) => {
      const rows = await query(
        'INSERT INTO holdfast.setting VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name',
        [`wave ${claim}`, name],
      );
      return rows.length > 0;
    });
    if (id === undefined) continue;
    logger.info({ run: id, release: name, wave: wave + 1, targets: targets.length }, 'wave opened');
  }
}

async function outcomesOf(database: Database, run: string): Promise<WaveOutcome[]> {
  const { outcomes } = await listOutcomes(database, run);
  return outcomes.flatMap(({ target, items, error }) =>
    items.map(({ rule, outcome, error: own }) => {
      const failure =
        own?.message ?? (outcome === 'blocked' ? 'kept back by its checks' : error?.message);
      const opened = ['opened', 'updated', 'merged'].includes(outcome);
      return {
        rule,
        target,
        ...(failure === undefined ? {} : { failure }),
        ...(opened ? { opened } : {}),
      };
    }),
  );
}
