import { compileGlob } from './glob.js';
import type { Configuration, Target } from './configuration.js';
import type { LocatedRule } from './parse-rules.js';
import type { Wave } from './rollout.js';
import type { SyncRule } from './sync-rule.js';
import { isLiteral } from './target-choice.js';
import type { TargetChoice } from './target-choice.js';

/** A rule for one of its targets: `target_repo` is there and `targets` is not, and `target_path` is what it is for that target. */
export interface TargetRule extends LocatedRule {
  readonly rule: SyncRule & { readonly target_repo: string };
}

/**
 * The rules of a configuration as they apply: one for each rule and target, in the order of the rules,
 * then of the configuration. A rule for no known target is left out, and so are targets whose
 * `target_path` cannot be made: `checkRules` says what is wrong with them.
 */
export function targetRules(
  rules: readonly LocatedRule[],
  { targets }: Pick<Configuration, 'targets'>,
): TargetRule[] {
  const names = Object.keys(targets);
  return rules.flatMap((located) => {
    const { targets: _choice, ...rule } = located.rule;
    return chosenTargets(located.rule, names, targets).flatMap((name): TargetRule[] => {
      const path = fillTargetPath(rule.target_path, name, targets[name]);
      if (path.kind === 'unknown') return [];
      return [{ ...located, rule: { ...rule, target_repo: name, target_path: path.text } }];
    });
  });
}

/** The names of the targets that a rule goes to, those that the configuration does not know left out. */
export function chosenTargets(
  { target_repo: only, targets: choice }: SyncRule,
  names: readonly string[],
  targets: Configuration['targets'],
): readonly string[] {
  if (choice === undefined) return only !== undefined && targets[only] ? [only] : [];
  return chooseTargets(choice, names, targets);
}

/** The names, of those that the configuration knows, that a choice means; in their order. */
function chooseTargets(
  choice: TargetChoice,
  names: readonly string[],
  targets: Configuration['targets'],
): readonly string[] {
  const isMeant = compileChoice(choice);
  return names.filter((name) => {
    const target = targets[name];
    return target !== undefined && isMeant(name, target);
  });
}

/**
 * Shares targets out among waves: each is in the first wave that chooses it, and those that none chooses
 * are in one more, the last. A wave may be empty.
 */
export function waveTargets(
  waves: readonly Pick<Wave, 'targets'>[],
  names: readonly string[],
  targets: Configuration['targets'],
): string[][] {
  const left = new Set(names);
  const shared = waves.map((wave) => {
    const own = chooseTargets(wave.targets, [...left], targets);
    for (const name of own) left.delete(name);
    return [...own];
  });
  return [...shared, [...left]];
}

function compileChoice(choice: TargetChoice): (name: string, target: Target) => boolean {
  const { match, labels, except } = choice;
  const isNamed = match === undefined ? () => true : compileNames(match);
  const isExcepted = except === undefined ? () => false : compileNames(except);
  const wanted = Object.entries(labels ?? {}).map(([key, value]) => [key, [value].flat()] as const);
  return (name, target) =>
    isNamed(name) &&
    !isExcepted(name) &&
    wanted.every(([key, values]) => values.some((value) => value === target.labels[key]));
}

/** Patterns over names; where all of them leave out, they leave out of everything. */
function compileNames(patterns: readonly string[]): (name: string) => boolean {
  const allExclude = patterns.every((pattern) => pattern.startsWith('!'));
  const isPlain = patterns.every(isLiteral);
  if (isPlain) {
    const names = new Set(patterns);
    return (name) => names.has(name);
  }
  return compileGlob(allExclude ? ['**', ...patterns] : patterns);
}

/** A `target_path` for one target, or the name in it that the target has no value for. */
export type FilledPath =
  | { readonly kind: 'filled'; readonly text: string }
  | { readonly kind: 'unknown'; readonly name: string };

/** Puts the target's name, its parts and its variables into a `target_path`. */
export function fillTargetPath(
  path: string,
  name: string,
  target: Pick<Target, 'variables'> | undefined,
): FilledPath {
  const slash = name.lastIndexOf('/');
  const own: Readonly<Record<string, unknown>> = {
    ...target?.variables,
    target: name,
    org: slash < 0 ? '' : name.slice(0, slash),
    repo: name.slice(slash + 1),
  };
  let unknown: string | undefined;
  const text = path.replaceAll(/\{([A-Za-z_][\w-]*)\}/g, (written, key: string) => {
    const value = Object.hasOwn(own, key) ? own[key] : undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    unknown ??= key;
    return written;
  });
  return unknown === undefined ? { kind: 'filled', text } : { kind: 'unknown', name: unknown };
}
