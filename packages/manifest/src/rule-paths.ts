import { compileGlob, globBase } from './glob.js';
import { ManifestError } from './manifest-error.js';
import type { SyncRule } from './sync-rule.js';

/** Where a target keeps what the last sync of a rule left, relative to the target's root. */
export interface RuleStatePaths {
  /** The folder that holds the rest: `.NAMESPACE-sync-state/RULE-ID`. */
  readonly state: string;
  readonly manifest: string;
  /** Where the base of a delivered path is kept. */
  base(deliveredPath: string): string;
}

/** The state paths of a rule. */
export function ruleStatePaths(namespace: string, ruleId: string): RuleStatePaths {
  const state = `.${namespace}-sync-state/${ruleId}`;
  return {
    state,
    manifest: `${state}/manifest.json`,
    base: (deliveredPath) => `${state}/base/${deliveredPath}`,
  };
}

/**
 * Where a delivered file is delivered: the rule's `target_path` and the source path without the
 * static base of the rule's `source`. Renaming transforms come after it.
 *
 * @throws ManifestError `not-selected` when `source` cannot have matched the path.
 */
export function mapDeliveredPath(
  rule: Pick<SyncRule, 'source' | 'target_path'>,
  sourcePath: string,
): string {
  const base = globBase(rule.source);
  if (!sourcePath.startsWith(base)) {
    throw new ManifestError(
      'not-selected',
      `${sourcePath} is not below ${base}, where ${rule.source} looks`,
      {
        blame: 'bug',
        data: { sourcePath, source: rule.source },
      },
    );
  }
  return rule.target_path + sourcePath.slice(base.length);
}

/**
 * Where a target keeps its own version of a delivered file: `.NAMESPACE-overrides/` and the
 * delivered path without the rule's override root. The root is `override_root`, or the longest `to`
 * of the rule's `rewrite_paths` that `target_path` begins with, or empty.
 *
 * @returns undefined for a path outside that root: such a file has no override.
 */
export function overridePath(
  rule: Pick<SyncRule, 'override_root' | 'target_path' | 'transforms'>,
  namespace: string,
  deliveredPath: string,
): string | undefined {
  const root = overrideRoot(rule);
  if (!deliveredPath.startsWith(root)) return undefined;
  return `.${namespace}-overrides/${deliveredPath.slice(root.length)}`;
}

/** The beginning of delivered paths that those of overrides lack, as {@link overridePath} has it. */
export function overrideRoot(
  rule: Pick<SyncRule, 'override_root' | 'target_path' | 'transforms'>,
): string {
  return rule.override_root ?? defaultOverrideRoot(rule);
}

function defaultOverrideRoot({
  transforms,
  target_path: targetPath,
}: Pick<SyncRule, 'target_path' | 'transforms'>): string {
  return transforms
    .flatMap((step) => ('rewrite_paths' in step ? step.rewrite_paths : []))
    .map(({ to }) => to.replace(/^(?:\.\/)+/, '').replace(/([^/])$/, '$1/'))
    .filter((root) => targetPath.startsWith(root))
    .reduce((longest, root) => (root.length > longest.length ? root : longest), '');
}

/**
 * Compiles which source files a rule delivers: those that match `source`, one of `filters.include`
 * where there are any, none of `filters.exclude`, and none of the configuration's internal patterns.
 */
export function compileSelection(
  rule: Pick<SyncRule, 'source' | 'filters'>,
  internal: readonly string[],
): (sourcePath: string) => boolean {
  const { include, exclude } = rule.filters;
  const inSource = compileGlob(rule.source, { ignore: [...exclude, ...internal] });
  const isIncluded = include.length > 0 ? compileGlob(include) : () => true;
  return (sourcePath) => inSource(sourcePath) && isIncluded(sourcePath);
}
