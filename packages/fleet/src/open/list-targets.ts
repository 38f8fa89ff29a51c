import type { Configuration, TargetRule } from '@holdfast/manifest';
import { FleetError } from '../fleet-error.js';
import { readConfiguration } from './read-configuration.js';
import type { FleetSurroundings } from '../surroundings.js';
import { findTargets } from '../forges/find-targets.js';
import { readKnownTargets, writeKnownTargets } from '../forges/known-targets.js';
import type { KnownTargets } from '../forges/known-targets.js';

/** One target, and where it comes from. */
export interface TargetRow {
  readonly target: string;
  readonly url: string;
  readonly forge: string;
  /** `left`: `targets_from` listed it once, and does so no more. */
  readonly from: 'configuration' | 'targets_from' | 'left';
  readonly branch?: string;
  readonly labels: Readonly<Record<string, string | number | boolean>>;
  /** The ids of the rules that deliver to it. */
  readonly rules: readonly string[];
  /** ISO 8601; since when it is listed no more. */
  readonly leftAt?: string;
}

/**
 * Every target of a configuration by name: those that are written, those that `targets_from` finds
 * now, and those that it found once.
 *
 * @throws FleetError when the configuration is wrong; ForgeError when a forge cannot be asked
 */
export async function listTargets(
  surroundings: FleetSurroundings,
  config?: string,
): Promise<TargetRow[]> {
  let written: Configuration | undefined;
  let known: KnownTargets = {};
  const { configuration, rules } = await readConfiguration(surroundings.cwd, config, {
    rulesRequired: false,
    async findTargets(parsed, place) {
      written = parsed;
      const found = await findTargets(parsed, { ...place, ask: true }, surroundings);
      ({ known } = found);
      return found;
    },
  });
  const rows = Object.entries(configuration.targets).map(
    ([target, { url, forge, branch, labels }]) => ({
      target,
      url,
      forge,
      from:
        target in (written?.targets ?? {}) ? ('configuration' as const) : ('targets_from' as const),
      ...(branch === undefined ? {} : { branch }),
      labels: { ...labels },
      rules: rulesOf(rules, target),
    }),
  );
  const left = Object.entries(known).flatMap(([target, { url, forge, leftAt }]) =>
    leftAt === undefined || target in configuration.targets
      ? []
      : [{ target, url, forge, from: 'left' as const, labels: {}, rules: [], leftAt }],
  );
  return [...rows, ...left].sort((a, b) => (a.target < b.target ? -1 : 1));
}

function rulesOf(rules: readonly TargetRule[], target: string): string[] {
  return rules.filter(({ rule }) => rule.target_repo === target).map(({ rule }) => rule.id);
}

/**
 * Forgets a target that `targets_from` lists no more.
 *
 * @throws FleetError `bad-argument` when there is none of that name that has left
 */
export async function forgetTarget(
  surroundings: FleetSurroundings,
  name: string,
  config?: string,
): Promise<void> {
  const { folder } = await readConfiguration(surroundings.cwd, config, {
    rulesRequired: false,
    findTargets: (parsed, place) => findTargets(parsed, { ...place, ask: false }, surroundings),
  });
  const known = await readKnownTargets(folder, surroundings);
  if (known[name]?.leftAt === undefined) {
    const gone = Object.keys(known).filter((other) => known[other]?.leftAt !== undefined);
    throw new FleetError('bad-argument', `no target ${JSON.stringify(name)} has left`, {
      hint: gone.length > 0 ? `these have: ${gone.join(', ')}` : 'every target is listed still',
    });
  }
  const { [name]: _, ...others } = known;
  await writeKnownTargets(folder, others, surroundings);
}
