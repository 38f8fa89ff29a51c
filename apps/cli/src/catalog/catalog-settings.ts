import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { phases, switchesOf, type Phase } from '@holdfast/catalog-diff/adopt';
import { CliError } from '../cli-error.js';
import type { CommandContext } from '../command-result.js';

/** Flags that say where the files of a catalog are. */
export interface CatalogFolders {
  readonly stateHome?: string;
  readonly configHome?: string;
}

/** What flags and environment say of a catalog: `HOLDFAST_NAME`, or its older name `STELAE_NAME`. */
export interface CatalogSettings {
  readonly stateHome: string;
  readonly configHome: string;
  /** The folder whose `config/` has the tracked files. */
  readonly root: string;
  readonly allowStaleDescriptors: boolean;
  /** How old descriptors may be, in hours. */
  readonly descriptorMaxAgeHours: number;
  readonly allowLiveDrift: boolean;
  /** The phase that is set to be on, which gives the two switches below their defaults. */
  readonly phase?: Phase;
  readonly emitLive: boolean;
  readonly useIntended: boolean;
  readonly retention: {
    readonly liveHistory: number;
    readonly descriptorHistory: number;
    readonly intendedHistory: boolean;
    readonly driftEntries: number;
    readonly archiveStatus: boolean;
  };
  readonly thresholds: { readonly successes: number; readonly failures: number };
  /** Renders after which a stable schema is settled. */
  readonly settleAfter: number;
}

export function readSettings(
  { surroundings: { cwd, environment } }: CommandContext,
  folders: CatalogFolders,
): CatalogSettings {
  const read = (name: string): { name: string; value: string } | undefined => {
    for (const full of [`HOLDFAST_${name}`, `STELAE_${name}`, name]) {
      const isBare = full === name;
      if (isBare && !name.startsWith('SCHEMA_')) continue;
      const value = environment[full];
      if (value !== undefined && value !== '') return { name: full, value };
    }
    return undefined;
  };
  const flag = (name: string): boolean => {
    const found = read(name);
    return found !== undefined && !/^(?:0|false|no|off)$/i.test(found.value);
  };
  const switchOf = (name: string): boolean | undefined =>
    read(name) === undefined ? undefined : flag(name);
  const readPhase = (): Phase | undefined => {
    const found = read('CATALOG_PHASE');
    const known = phases.find(({ phase }) => String(phase) === found?.value);
    if (found !== undefined && known === undefined)
      throw new CliError(
        'bad-argument',
        `${found.name} must be a phase from 0 to 4, got ${JSON.stringify(found.value)}`,
      );
    return known?.phase;
  };
  const number = (name: string, fallback: number): number => {
    const found = read(name);
    if (found === undefined) return fallback;
    if (/^\d{1,6}$/.test(found.value)) return Number(found.value);
    throw new CliError(
      'bad-argument',
      `${found.name} must be a whole number, got ${JSON.stringify(found.value)}`,
    );
  };
  const phase = readPhase();
  const emitLive = switchOf('EMIT_LIVE_CATALOG');
  const useIntended = switchOf('USE_INTENDED_CATALOG');
  const ci = environment['CI'] ?? '';
  const switches = switchesOf(phase, {
    ...(emitLive !== undefined && { emitLive }),
    ...(useIntended !== undefined && { useIntended }),
    isCi: ci !== '' && !/^(?:0|false)$/i.test(ci),
  });
  const home = environment['HOME'] || homedir();
  const place = (given: string | undefined, name: string, fallback: string): string =>
    resolve(cwd, given ?? read(name)?.value ?? fallback);
  return {
    stateHome: place(
      folders.stateHome,
      'STATE_HOME',
      join(environment['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'holdfast', 'catalog'),
    ),
    configHome: place(
      folders.configHome,
      'CONFIG_HOME',
      join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'holdfast'),
    ),
    root: cwd,
    allowStaleDescriptors: flag('ALLOW_STALE_DESCRIPTORS'),
    descriptorMaxAgeHours: number('DESCRIPTOR_MAX_AGE_HOURS', 24),
    allowLiveDrift: flag('ALLOW_LIVE_DRIFT'),
    ...(phase !== undefined && { phase }),
    ...switches,
    retention: {
      liveHistory: number('LIVE_HISTORY_COUNT', 5),
      descriptorHistory: number('DESCRIPTOR_HISTORY_COUNT', 3),
      intendedHistory: /^keep$/i.test(read('INTENDED_HISTORY')?.value ?? ''),
      driftEntries: number('DRIFT_LOG_MAX', 200),
      archiveStatus: flag('SCHEMA_STATUS_ARCHIVE'),
    },
    thresholds: {
      successes: Math.max(1, number('SCHEMA_SUCCESS_THRESHOLD', 2)),
      failures: Math.max(1, number('SCHEMA_FAILURE_THRESHOLD', 2)),
    },
    settleAfter: number('SCHEMA_SETTLE_RENDERS', 10),
  };
}
