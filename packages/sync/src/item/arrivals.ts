import { foldersOf } from '../target/tree-view.js';
import type { EntryTree } from '../target/tree-view.js';
import type { ItemInputs } from './item-inputs.js';

/** A target's tree with what other rules bring to it. */
export interface Arrivals {
  readonly tree: EntryTree;
  /** What questions asked of other rules' files: of those that come, and of those that do not. */
  answered(asked: ReadonlyMap<string, string>): {
    readonly leansOn: ReadonlySet<string>;
    readonly missing: ReadonlySet<string>;
  };
}

/**
 * Lays what other rules bring over a target's tree. What they would deliver and do not bring (a rule that is
 * blocked, manual, or not part of the run) is not there.
 */
export function findArrivals(
  { otherDeliveries, isArriving = () => true, source }: ItemInputs,
  tree: EntryTree,
): Arrivals {
  const get = (path: string) => otherDeliveries.get(path)?.delivery;
  const coming = (path: string) => (isArriving(path) ? get(path) : undefined);
  let folders: Set<string> | undefined;
  let all: Set<string> | undefined;
  const arriving = () =>
    (folders ??= foldersOf([...otherDeliveries.paths()].filter((path) => isArriving(path))));
  const elsewhere = () => (all ??= foldersOf(otherDeliveries.paths()));
  return {
    tree: {
      entry: (path) => tree.entry(path) ?? coming(path),
      hasFolder: (path) => tree.hasFolder(path) || arriving().has(path),
      async read(path) {
        const delivery = tree.entry(path) ? undefined : coming(path);
        return delivery ? source.deriver.source(delivery.oid) : tree.read(path);
      },
    },
    answered(asked) {
      const leansOn = new Set<string>();
      const missing = new Set<string>();
      for (const question of asked.keys()) {
        const path = question.slice(question.indexOf(' ') + 1);
        if (tree.entry(path) || tree.hasFolder(path)) continue;
        if (coming(path) || arriving().has(path)) leansOn.add(path);
        else if (get(path) || elsewhere().has(path)) missing.add(path);
      }
      return { leansOn: deepest(leansOn), missing: deepest(missing) };
    },
  };
}

/** Without the folders that were asked about on the way to something in them. */
function deepest(paths: ReadonlySet<string>): Set<string> {
  const folders = foldersOf(paths);
  return new Set([...paths].filter((path) => !folders.has(path)));
}
