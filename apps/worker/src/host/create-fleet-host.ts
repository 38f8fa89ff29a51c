import {
  findTargets,
  fingerprintConfiguration,
  openFleet,
  readConfiguration,
} from '@holdfast/fleet';
import type { FleetSurroundings, OpenFleet, ReadConfiguration } from '@holdfast/fleet';
import { compileGlob, compileSelection, parseConfiguration, targetRules } from '@holdfast/manifest';
import type { WorkerSettings } from '@holdfast/manifest';
import {
  advanceRollout,
  approveWave,
  findAlerts,
  haltRollout,
  listRollouts,
  lookAtRollout,
  resumeRollout,
} from '@holdfast/sync';
import type { StatusRow } from '@holdfast/sync';
import type { Logger } from 'pino';
import type { RunKind, RunSelection } from '../store/runs.js';
import type { Watched } from '../triggers/match-delivery.js';
import { WorkerError } from '../worker-error.js';
import type { FleetHost, Perform } from './fleet-host.js';
import { planTargets } from './plan-targets.js';
import { runCommand } from './run-command.js';
import { eventsBetween, readSourceState, stampRefs } from './source-state.js';
import { checkTargets, syncTargets } from './sync-targets.js';
import { tellAlerts } from './tell-alerts.js';
import { tellDrift } from './tell-drift.js';
import { tellImpact } from './tell-impact.js';

/** Where the configuration is, and what opening the fleet needs. */
export interface FleetHostOptions extends FleetSurroundings {
  /** The configuration; default: the nearest `holdfast.yaml` from `cwd` upward. */
  readonly config?: string;
  readonly logger: Logger;
}

/**
 * The fleet of a configuration on disk. The configuration is read at the start, when its files change,
 * and at the start of each run; one that became wrong leaves the last right one in force.
 *
 * @throws FleetError when there is no configuration, or it is wrong at the start.
 */
export async function createFleetHost(options: FleetHostOptions): Promise<FleetHost> {
  const { config, cwd, logger, clock } = options;
  let current = await read();
  let fingerprint = await fingerprintOf();
  let watched: Promise<Watched> | undefined;
  let localSource: Promise<string | undefined> | undefined;
  let stamp = '';

  const performers: Record<Exclude<RunKind, 'command'>, Perform<OpenFleet>> = {
    sync: syncTargets,
    plan: planTargets,
    check: checkTargets,
    alerts: tellAlerts,
    drift: tellDrift,
    impact: tellImpact(options),
  };

  function read(): Promise<ReadConfiguration> {
    return readConfiguration(cwd, config, {
      findTargets: (configuration, place) =>
        findTargets(configuration, { ...place, ask: true }, options),
    });
  }

  function fingerprintOf(): Promise<string> {
    return fingerprintConfiguration(cwd, config, current.configuration.rules);
  }

  async function reload(): Promise<void> {
    try {
      current = await read();
      fingerprint = await fingerprintOf();
      watched = undefined;
      localSource = undefined;
    } catch (error) {
      logger.error({ err: error }, 'the configuration is wrong now; the last right one stays');
    }
  }

  async function withFleet<Result>(
    signal: AbortSignal,
    use: (fleet: OpenFleet) => Promise<Result>,
  ): Promise<Result> {
    const both = AbortSignal.any([signal, options.signal]);
    await using fleet = await openFleet(current, { ...options, signal: both });
    return await use(fleet);
  }

  return {
    watched() {
      watched ??= withFleet(options.signal, watchedOf).catch((error: unknown) => {
        watched = undefined;
        throw error;
      });
      return watched;
    },
    settings: () => current.configuration.worker ?? DEFAULTS,
    targets: () => targetsOf(current, {}),
    alerts: (rows) =>
      findAlerts(rows as readonly StatusRow[], {
        now: clock(),
        namespace: current.configuration.namespace,
      }),
    async select(kind, selection) {
      await reload();
      if (kind === 'command') return [selection.job ?? ''];
      if (kind === 'impact') return [current.configuration.source.name ?? 'the source'];
      return targetsOf(current, selection);
    },
    hasWaves: () => current.configuration.rollout !== undefined,
    advance: async (selection, outcomes) =>
      current.configuration.rollout
        ? withFleet(options.signal, (fleet) => advanceRollout(fleet, { ...selection, outcomes }))
        : [],
    rollouts: () =>
      withFleet(options.signal, async (fleet) => {
        if (!fleet.configuration.rollout) return [];
        const known = (await listRollouts(fleet)).slice(0, SHOWN_ROLLOUTS);
        return Promise.all(known.map((rollout) => lookAtRollout(fleet, rollout)));
      }),
    changeRollout: (change) =>
      withFleet(options.signal, (fleet) => {
        const { release } = change;
        if (change.action === 'halt') return haltRollout(fleet, { release, reason: change.reason });
        if (change.action === 'resume') return resumeRollout(fleet, { release });
        return approveWave(fleet, { release, wave: change.wave });
      }),
    async perform(kind, selection, targets, performOptions) {
      const { signal, onResult } = performOptions;
      if (kind !== 'command')
        return withFleet(signal, (fleet) =>
          performers[kind](fleet, selection, targets, performOptions),
        );
      const { job = '' } = selection;
      const known = current.configuration.worker?.jobs[job];
      if (!known)
        throw new WorkerError('bad-configuration', `the configuration has no job ${job} any more`);
      return onResult(
        await runCommand(job, known.run, { ...options, signal, folder: current.folder }),
      );
    },
    async sourceMove() {
      localSource ??= withFleet(options.signal, async ({ source }) =>
        source.remote ? undefined : source.directory,
      ).catch((error: unknown) => {
        localSource = undefined;
        throw error;
      });
      const directory = await localSource;
      if (directory === undefined) return undefined;
      const now = await stampRefs(directory);
      if (now === stamp) return undefined;
      const state = await withFleet(options.signal, readSourceState);
      stamp = now;
      return state;
    },
    eventsBetween: (before, now) =>
      withFleet(options.signal, (fleet) => eventsBetween(before, now, fleet)),
    async refresh() {
      const now = await fingerprintOf().catch(() => fingerprint);
      if (now === fingerprint) return false;
      fingerprint = now;
      await reload();
      return true;
    },
    reload,
    close: async () => undefined,
  };
}

/** Older rollouts are left to the command line. */
const SHOWN_ROLLOUTS = 5;

const DEFAULTS = defaultSettings();

/** What an empty section stands for. */
function defaultSettings(): WorkerSettings {
  const parsed = parseConfiguration('worker: {}\n', { file: 'defaults' });
  if (parsed.kind === 'invalid' || !parsed.value.worker) throw new TypeError('no defaults');
  return parsed.value.worker;
}

async function watchedOf({ configuration, rules, source, ...fleet }: OpenFleet): Promise<Watched> {
  const branch = configuration.source.branch ?? (await source.defaultBranch()) ?? 'main';
  const url = source.remote ? source.location : fleet.sourceUrl;
  return {
    namespace: configuration.namespace,
    source: {
      name: fleet.sourceName,
      branch,
      isRelease: compileGlob(configuration.source.release_tags),
      ...(url === undefined ? {} : { url }),
    },
    targets: configuration.targets,
    comments: configuration.worker?.comments ?? DEFAULTS.comments,
    rules: rules.map(({ rule }) => ({
      id: rule.id,
      frequency: rule.frequency,
      selects: compileSelection(rule, configuration.source.internal),
    })),
  };
}

function targetsOf(
  { rules, configuration }: ReadConfiguration,
  { rules: ids = [], targets = [] }: RunSelection,
): string[] {
  const chosen = targetRules(rules, configuration).filter(
    ({ rule }) =>
      (ids.length === 0 ? rule.frequency !== 'manual' : ids.includes(rule.id)) &&
      (targets.length === 0 || targets.includes(rule.target_repo)),
  );
  return [...new Set(chosen.map(({ rule }) => rule.target_repo))].sort();
}
