import {
  checkPath,
  compileSelection,
  findPathCollisions,
  mapDeliveredPath,
} from '@holdfast/manifest';
import type { SyncRule } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { FileMode, Snapshot, SnapshotEntry } from '../ports.js';

/** A source file with its target path under a rule. */
export interface Delivery {
  /** Path in the source. */
  readonly source: string;
  /** Path in the target. */
  readonly path: string;
  readonly oid: string;
  readonly mode: FileMode;
}

/** What a rule selects from a snapshot of the source; rules that ask for the same share it. */
export interface Selection {
  /** Sorted by target path. */
  readonly deliveries: readonly Delivery[];
  readonly byPath: ReadonlyMap<string, Delivery>;
  readonly findings: readonly Finding[];
}

/** A delivery, and the rule that it is of. */
export interface RuleDelivery {
  readonly rule: string;
  readonly delivery: Delivery;
}

/** What other rules deliver to the same target. */
export interface OtherDeliveries {
  has(path: string): boolean;
  get(path: string): RuleDelivery | undefined;
  paths(): Iterable<string>;
}

/** What a rule's patterns match in a snapshot, wherever it is delivered to. */
export interface MatchedFiles {
  readonly entries: readonly SnapshotEntry[];
  /** Names that are not valid UTF-8. */
  readonly unreadable: readonly string[];
}

/** The files of a snapshot that match `source` and the filters and are not internal. */
export function matchFiles(
  rule: SyncRule,
  snapshot: Snapshot,
  internal: readonly string[],
): MatchedFiles {
  const isSelected = compileSelection(rule, internal);
  return {
    entries: [...snapshot.entries.values()].filter(({ path }) => isSelected(path)),
    unreadable: snapshot.unreadable.filter(isSelected),
  };
}

/**
 * What a rule delivers of the files that it matches, each with its target path. Submodules, and names
 * that are not valid UTF-8, are left out with a finding.
 *
 * @param mapPath what the rule's transforms make of a target path
 */
export function placeDeliveries(
  rule: SyncRule,
  { entries, unreadable }: MatchedFiles,
  mapPath: (path: string) => string,
): Selection {
  const findings: Finding[] = [];
  const deliveries: Delivery[] = [];
  for (const { path: source, oid, mode } of entries) {
    const path = mapPath(mapDeliveredPath(rule, source));
    const problem = checkPath(path) ?? leavesTargetPath(rule, path);
    if (mode === '160000') findings.push(submodule(source));
    else if (problem) findings.push(unsafePath(source, path, problem.message));
    else deliveries.push({ source, path, oid, mode });
  }
  for (const path of unreadable) findings.push(unreadableName(path));
  deliveries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const byPath = new Map(deliveries.map((delivery) => [delivery.path, delivery]));
  for (const finding of collisions(deliveries)) findings.push(finding);
  return { deliveries, byPath, findings };
}

/** A rename may give files other names, not another place: what lies elsewhere is not the rule's. */
function leavesTargetPath({ target_path: folder }: SyncRule, path: string) {
  const inside = path.startsWith(folder) && !/^\.[^/]+-(overrides|sync-state)\//.test(path);
  return inside
    ? undefined
    : { message: `lies outside the target_path ${JSON.stringify(folder)} of the rule` };
}

function collisions(deliveries: readonly Delivery[]): Finding[] {
  return findPathCollisions(deliveries.map(({ path }) => path)).map(({ kind, paths }) => {
    const [path = '', ...others] = paths;
    const same = others.every((other) => other === path);
    const sources = deliveries.filter((one) => one.path === path).map(({ source }) => source);
    return {
      ruleId: 'delivery/path-collision',
      severity: 'error',
      path,
      message: same
        ? `is where ${firstOf(sources)} would all be delivered; rename or exclude all but one of them`
        : `cannot lie beside ${firstOf(others)} on every file system; rename or exclude one of the source files`,
      data: { kind, paths, sources },
    };
  });
}

function firstOf(paths: readonly string[]): string {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return `${paths
    .slice(0, 3)
    .map((path) => JSON.stringify(path))
    .join(', ')}${more}`;
}

function submodule(path: string): Finding {
  return {
    ruleId: 'delivery/submodule',
    severity: 'warning',
    path,
    message: 'is a submodule and is not delivered; exclude it, or deliver from its own repository',
  };
}

function unsafePath(path: string, deliveredPath: string, problem: string): Finding {
  return {
    ruleId: 'delivery/unsafe-path',
    severity: 'error',
    path,
    message: `would be delivered to ${JSON.stringify(deliveredPath)}, which ${problem}; exclude or rename the source file`,
    data: { deliveredPath },
  };
}

function unreadableName(path: string): Finding {
  return {
    ruleId: 'delivery/unreadable-name',
    severity: 'warning',
    path,
    message: 'has a name that is not valid UTF-8 and is not delivered; rename it',
  };
}
