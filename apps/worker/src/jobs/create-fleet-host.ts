import { findTargets, openFleet, readConfiguration } from '@holdfast/fleet';
import type { FleetSurroundings, OpenFleet, ReadConfiguration } from '@holdfast/fleet';
import { compileGlob, compileSelection, targetRules } from '@holdfast/manifest';
import { readStatus, syncFleet } from '@holdfast/sync';
import type { StatusRow, SyncedItem } from '@holdfast/sync';
import type { Logger } from 'pino';
import type { OutcomeItem, RunSelection } from '../store/runs.js';
import type { Watched } from '../triggers/match-delivery.js';
import type { FleetHost, TargetResult } from './fleet-host.js';

/** Where the configuration is, and what opening the fleet needs. */
export interface FleetHostOptions extends FleetSurroundings {
  /** The configuration; default: the nearest `holdfast.yaml` from `cwd` upward. */
  readonly config?: string;
  readonly logger: Logger;
}

/**
 * The fleet of a configuration on disk. The configuration is read at the start and at each
 * {@link FleetHost.reload}; one that became wrong leaves the last right one in force.
 *
 * @throws FleetError when there is no configuration, or it is wrong at the start.
 */
export async function createFleetHost(options: FleetHostOptions): Promise<FleetHost> {
  const { config, cwd, logger } = options;
  let current = await read();
  let watched: Promise<Watched> | undefined;

  function read(): Promise<ReadConfiguration> {
    return readConfiguration(cwd, config, {
      findTargets: (configuration, place) =>
        findTargets(configuration, { ...place, ask: true }, options),
    });
  }

  async function reload(): Promise<void> {
    try {
      current = await read();
      watched = undefined;
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
    schedules: async () => ({}),
    targets: async () => targetsOf(current, {}),
    async select(_kind, selection) {
      await reload();
      return targetsOf(current, selection);
    },
    async perform(kind, selection, targets, { signal, isCurrent, onResult }) {
      await withFleet(signal, async (fleet) => {
        if (kind === 'check') {
          const rows = await readStatus(fleet, { ...rulesOf(selection), targets });
          for (const [target, own] of Map.groupBy(rows, (row) => row.target))
            await onResult(checked(target, own));
          return;
        }
        const result = await syncFleet(fleet, { ...selection, targets });
        const items = result.kind === 'synced' ? result.items : [];
        const byTarget = Map.groupBy(items, ({ plan }) => plan.target);
        const moved = [...byTarget].filter(
          ([target, own]) =>
            !isCurrent(target) || own.some(({ plan, error }) => error || plan.kind !== 'current'),
        );
        const rows = Map.groupBy(
          moved.length === 0
            ? []
            : await readStatus(fleet, { targets: moved.map(([target]) => target) }),
          (row) => row.target,
        );
        for (const [target, own] of byTarget)
          await onResult(synced(target, own, rows.get(target) ?? []));
      });
    },
    reload,
    close: async () => undefined,
  };
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

function rulesOf({ rules }: RunSelection): { readonly rules?: readonly string[] } {
  return rules ? { rules } : {};
}

function checked(target: string, rows: readonly StatusRow[]): TargetResult {
  const failed = rows.filter(({ error }) => error);
  return {
    target,
    items: rows.map(({ rule, status, version, request, error }) => ({
      rule,
      outcome: status,
      ...(version === undefined ? {} : { version }),
      ...(request ? { request } : {}),
      ...(error ? { error: shortError(error) } : {}),
    })),
    verdict: failed.length === 0 ? 'done' : verdictOf(failed.flatMap(({ error }) => error ?? [])),
    registry: rows,
  };
}

function synced(
  target: string,
  items: readonly SyncedItem[],
  registry: readonly StatusRow[],
): TargetResult {
  const errors = items.flatMap(
    ({ plan, error }) => error ?? (plan.kind === 'failed' ? plan.error : []),
  );
  return {
    target,
    items: items.map(describeItem),
    verdict: errors.length === 0 ? 'done' : verdictOf(errors),
    registry,
  };
}

function verdictOf(errors: readonly { readonly blame: string }[]): 'failed' | 'retry' {
  return errors.some(({ blame }) => blame === 'environment') ? 'retry' : 'failed';
}

function describeItem({ plan, applied, error }: SyncedItem): OutcomeItem {
  const failure = error ?? (plan.kind === 'failed' ? plan.error : undefined);
  const request = applied?.request;
  return {
    rule: plan.rule,
    outcome: failure ? 'failed' : (applied?.kind ?? plan.kind),
    ...(plan.kind === 'failed' ? {} : { version: plan.source.version }),
    ...(request
      ? {
          request: {
            number: request.number,
            ...(request.url === undefined ? {} : { url: request.url }),
          },
        }
      : {}),
    ...(failure ? { error: shortError(failure) } : {}),
  };
}

function shortError({ code, message, hint }: { code: string; message: string; hint?: string }) {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
