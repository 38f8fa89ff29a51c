import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';
import { editConfiguration } from './edit-files.js';
import { openRegistry } from './open-registry.js';

/** What to pause. */
export interface PauseOptions {
  readonly config?: string;
  /** Default: every rule, those to come too. */
  readonly rules?: readonly string[];
  readonly reason?: string;
}

/** Writes into the configuration that nothing is delivered to a target until {@link resumeTarget}. */
export async function pauseTarget(
  surroundings: FleetSurroundings,
  name: string,
  { config, rules = [], reason }: PauseOptions = {},
): Promise<void> {
  const { path, configuration, rules: known } = await openRegistry(surroundings, config);
  const target = configuration.targets[name];
  if (!target) throw unknownTarget(name, Object.keys(configuration.targets));
  const own = known.filter(({ rule }) => rule.target_repo === name).map(({ rule }) => rule.id);
  const stray = rules.find((rule) => !own.includes(rule));
  if (stray !== undefined) {
    throw new FleetError('bad-argument', `no rule ${JSON.stringify(stray)} delivers to ${name}`, {
      hint: `these do: ${own.join(', ') || 'none'}`,
    });
  }
  await editConfiguration(path, (document) => {
    if (!document.hasIn(['targets', name])) {
      // Found on a forge: written down, so that it can be said.
      const { url, forge } = target;
      document.setIn(['targets', name], document.createNode({ url, forge }));
    }
    const paused = {
      ...(reason === undefined ? {} : { reason }),
      ...(rules.length > 0 ? { rules: [...rules] } : {}),
    };
    document.setIn(['targets', name, 'paused'], document.createNode(paused, { flow: true }));
  });
}

/** Takes the pause of a target from the configuration, or that of some rules; false when it had none. */
export async function resumeTarget(
  surroundings: FleetSurroundings,
  name: string,
  { config, rules = [] }: Omit<PauseOptions, 'reason'> = {},
): Promise<boolean> {
  const { path, configuration, rules: known } = await openRegistry(surroundings, config);
  const target = configuration.targets[name];
  if (!target) throw unknownTarget(name, Object.keys(configuration.targets));
  const { paused } = target;
  if (!paused) return false;
  const own = known.filter(({ rule }) => rule.target_repo === name).map(({ rule }) => rule.id);
  const left =
    rules.length === 0 ? [] : (paused.rules ?? own).filter((rule) => !rules.includes(rule));
  await editConfiguration(path, (document) => {
    if (left.length === 0) document.deleteIn(['targets', name, 'paused']);
    else
      document.setIn(
        ['targets', name, 'paused', 'rules'],
        document.createNode(left, { flow: true }),
      );
  });
  return true;
}

/** The error for a target that the configuration does not know. */
export function unknownTarget(name: string, known: readonly string[]): FleetError {
  return new FleetError('bad-argument', `the configuration has no target ${JSON.stringify(name)}`, {
    hint: `the targets are: ${known.join(', ') || 'none'}`,
  });
}
