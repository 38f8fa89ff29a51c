import { isAbsolute, relative, resolve, sep } from 'node:path';
import { compileGlob } from '@holdfast/manifest';
import { FleetError } from '../fleet-error.js';
import type { LocalEntry, LocalTree } from './local-tree.js';
import { lookUp } from './work-tree.js';

/** Which paths the arguments of a command name. */
export interface PathSelection {
  readonly matches: (path: string) => boolean;
  /** Files that were named one by one, and that git ignores. */
  readonly ignored: readonly LocalEntry[];
}

/**
 * Understands the arguments of a command as files, folders and glob patterns relative to `cwd`; one
 * with a leading `!` leaves out. No argument, or only such ones, means everything.
 *
 * @throws FleetError `bad-argument` for a path outside the tree, and for one that names nothing.
 */
export function selectPaths(
  paths: readonly string[],
  tree: LocalTree,
  { cwd, onDisk, partial }: { cwd: string; onDisk: boolean; partial: boolean },
): PathSelection {
  const ignored: LocalEntry[] = [];
  const place = (path: string) => placeInTree(path, tree.root, cwd);
  const leftOut = paths
    .filter((path) => path.startsWith('!'))
    .map((path) => compilePath(place(path.slice(1)), tree));
  const wanted: ((path: string) => boolean)[] = [];
  for (const argument of paths.filter((path) => !path.startsWith('!'))) {
    const path = place(argument);
    const matches = compilePath(path, tree);
    wanted.push(matches);
    if (partial || [...tree.entries.keys()].some(matches)) continue;
    const found = onDisk ? lookUp(tree.root, path) : undefined;
    if (!found) throw namesNothing(argument, tree);
    ignored.push(found);
  }
  return {
    ignored,
    matches: (path) =>
      (wanted.length === 0 || wanted.some((matches) => matches(path))) &&
      !leftOut.some((matches) => matches(path)),
  };
}

function placeInTree(argument: string, root: string, cwd: string): string {
  const location = resolve(cwd, argument);
  const path = relative(root, location);
  if (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)) {
    return path.split(sep).join('/');
  }
  throw new FleetError('bad-argument', `${argument} lies outside ${root}`, {
    hint: 'run holdfast validate where that file belongs',
  });
}

/** A path that exists is meant literally, whatever characters it has. */
function compilePath(path: string, { entries }: LocalTree): (path: string) => boolean {
  if (path === '') return () => true;
  const within = (candidate: string) => candidate === path || candidate.startsWith(`${path}/`);
  if (entries.has(path) || !/[*?[\]{}()!]/.test(path)) return within;
  const glob = compileGlob(path);
  return (candidate) => within(candidate) || glob(candidate);
}

function namesNothing(argument: string, { name }: LocalTree): FleetError {
  return new FleetError('bad-argument', `${argument} names nothing in the ${name}`, {
    hint: 'name files, folders or patterns; quote a pattern, so that the shell leaves it alone',
  });
}
