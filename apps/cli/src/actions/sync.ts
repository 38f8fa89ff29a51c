import { recordRun } from '@holdfast/fleet';
import { parsePlan, streamSync, streamWaves } from '@holdfast/sync';
import type { RolloutStep, SavedPlan, SyncedItem, SyncStream, WaveStream } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { readInputFile } from '../read-input-file.js';
import { documentPlanItem, exitCodeOfItem } from '../plan-document.js';
import { renderRefused, renderSync } from '../render/sync.js';
import { selectionOf } from '../selection.js';
import type { SelectionInput } from '../selection.js';
import { summarizeSynced } from '../synced-summary.js';
import type { SyncedSummary } from '../synced-summary.js';
import { showProgress } from '../show-progress.js';
import { plan } from './plan.js';
import { prune } from './prune.js';
import { documentStep } from './rollout.js';

export interface SyncInput extends SelectionInput {
  readonly plan?: string;
  readonly dryRun?: true;
  readonly liftHolds?: true;
  readonly prune?: true;
}

/** `holdfast sync`: plans, validates and applies a run, or applies exactly a saved plan. */
export async function sync(context: CommandContext, input: SyncInput): Promise<CommandResult> {
  if (input.prune) return prune(context, input);
  if (input.dryRun) return plan(context, input);
  if (input.plan !== undefined && input.rules.length > 0) {
    throw new CliError('bad-argument', 'a saved plan names its rules itself', {
      hint: 'leave the rules out, or leave --plan out',
    });
  }
  const saved = input.plan === undefined ? undefined : await readPlan(context, input.plan);
  return withFleet(context, async (fleet) => {
    const started = context.surroundings.clock();
    const options = {
      ...selectionOf(input),
      ...(saved ? { plan: saved } : {}),
      ...(input.liftHolds ? { liftHolds: true } : {}),
    };
    // Whoever names targets, or a plan, says who is next.
    const byWaves = fleet.configuration.rollout && !saved && !input.target && !input.liftHolds;
    const result = await showProgress(context, async (onProgress) =>
      byWaves
        ? readWaves(streamWaves(fleet, { ...options, onProgress }))
        : readStream(await streamSync(fleet, { ...options, onProgress })),
    );
    await recordRun(fleet, { started, result }, context.surroundings);
    return describeResult(context, result);
  });
}

/** What became of a run, without its content. */
type SyncOutcome =
  | {
      readonly kind: 'synced';
      readonly items: readonly SyncedSummary[];
      /** Where the rollouts stand; absent where there are no waves. */
      readonly rollouts?: readonly RolloutStep[];
    }
  | Extract<SyncStream, { kind: 'refused' }>;

async function readStream(stream: SyncStream): Promise<SyncOutcome> {
  if (stream.kind === 'refused') return stream;
  return { kind: 'synced', items: await readItems(stream.items) };
}

async function readItems(stream: AsyncIterable<SyncedItem>): Promise<SyncedSummary[]> {
  const items: SyncedSummary[] = [];
  for await (const item of stream) items.push(summarizeSynced(item));
  return items;
}

async function readWaves({ items, rollouts }: WaveStream): Promise<SyncOutcome> {
  const read = await readItems(items);
  return { kind: 'synced', items: read, rollouts: rollouts() };
}

async function readPlan({ surroundings }: CommandContext, file: string): Promise<SavedPlan> {
  const hint = 'make one with: holdfast plan --out FILE';
  const content = await readInputFile(surroundings.cwd, file, { named: '--plan', hint });
  return parsePlan(new TextDecoder().decode(content), { file });
}

function describeResult(context: CommandContext, result: SyncOutcome): CommandResult {
  if (result.kind === 'refused') {
    const { moved } = result;
    return {
      exitCode: 1,
      document: { outcome: 'refused', moved },
      text: () => renderRefused(moved),
    };
  }
  const { items, rollouts } = result;
  const halted = rollouts?.some(({ rollout }) => rollout.state === 'halted') ?? false;
  return {
    exitCode: worst([halted ? 1 : 0, ...items.map(exitCodeOfSynced)]),
    document: {
      outcome: 'synced',
      items: items.map(documentSynced),
      ...(rollouts ? { rollouts: rollouts.map(documentStep) } : {}),
    },
    text: () =>
      renderSync(items, { all: context.logLevel === 'debug', ...(rollouts ? { rollouts } : {}) }),
  };
}

function exitCodeOfSynced({ plan, applied, error }: SyncedSummary): ExitCode {
  if (applied?.kind === 'worked-on') return applied.unresolved.length > 0 ? 1 : 0;
  return worst([
    exitCodeOfItem(plan),
    error ? exitCodeOf(error) : 0,
    applied?.kind === 'foreign-commits' ? 1 : 0,
  ]);
}

function documentSynced({ plan, applied, error }: SyncedSummary): object {
  return {
    ...documentPlanItem(plan),
    ...(applied ? { applied: documentApplied(applied) } : {}),
    ...(error ? { error } : {}),
  };
}

/** What was applied, the request by what leads to it. */
export function documentApplied({ kind, ...applied }: NonNullable<SyncedItem['applied']>): object {
  const { request } = applied;
  return {
    outcome: kind,
    ...('commit' in applied ? { commit: applied.commit } : {}),
    ...('unresolved' in applied ? { unresolved: applied.unresolved } : {}),
    ...(request
      ? { request: { number: request.number, url: request.url, state: request.state } }
      : {}),
  };
}
