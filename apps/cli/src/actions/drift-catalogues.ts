import { readConfiguration } from '@holdfast/fleet';
import { detectCatalogueDrift } from '@holdfast/sync';
import type { CommandContext } from '../command-result.js';
import { describeError } from '../describe-error.js';
import { exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withCatalogue } from '../open-catalogue.js';
import type { CatalogueDriftItem } from '../render/catalogues.js';

/** What `holdfast drift` is about: catalogues, and rules of the distribution. */
export interface DriftSubjects {
  readonly catalogues: readonly string[];
  readonly rules: readonly string[];
  /** Whether rules are looked at: where some are named, or nothing is and there are any. */
  readonly withRules: boolean;
}

/** Tells names of catalogues from those of rules; with none, everything that is configured. */
export async function chooseDrift(
  { surroundings, config }: CommandContext,
  names: readonly string[],
): Promise<DriftSubjects> {
  const { configuration, rules } = await readConfiguration(surroundings.cwd, config, {
    rulesRequired: false,
  });
  const known = Object.keys(configuration.catalogues);
  if (names.length === 0)
    return { catalogues: known, rules: [], withRules: rules.length > 0 || known.length === 0 };
  const catalogues = names.filter((name) => known.includes(name));
  const others = names.filter((name) => !known.includes(name));
  return { catalogues, rules: others, withRules: others.length > 0 };
}

/** Compares catalogues with their manifests and sources; one that fails does not stop the rest. */
export async function driftCatalogues(
  context: CommandContext,
  names: readonly string[],
): Promise<CatalogueDriftItem[]> {
  const items: CatalogueDriftItem[] = [];
  for (const name of names) {
    try {
      items.push({ name, ...(await withCatalogue(context, name, detectCatalogueDrift)) });
    } catch (error) {
      items.push({ name, kind: 'failed', error: describeError(error) });
    }
  }
  return items;
}

/** Drifted and never pulled count as findings. */
export function exitCodeOfCatalogue(item: CatalogueDriftItem): ExitCode {
  if (item.kind === 'failed') return exitCodeOf(item.error);
  return item.kind === 'in-sync' ? 0 : 1;
}
