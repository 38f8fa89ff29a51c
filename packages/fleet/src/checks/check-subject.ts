import type { Finding, ValidationFile } from '@holdfast/validation';
import type { Scope } from '../files/open-scope.js';
import { readFiles } from '../files/read-files.js';
import { readSchemaFolder } from '../files/schema-folder.js';
import { selectPaths } from '../files/select-paths.js';
import { isSyncState, readDelivered } from './delivered-files.js';
import type { DeliveredFiles } from './delivered-files.js';

/** What is checked: the files, the tree that they stand in, and what is known of both. */
export interface Subject extends Scope {
  readonly files: readonly ValidationFile[];
  readonly delivered: DeliveredFiles | undefined;
  /** What could not be read, or is wrong with names. */
  readonly findings: readonly Finding[];
  /** Whether a path is among those that are meant, be there a file or not. */
  readonly isMeant: (path: string) => boolean;
}

/** Reads the files that arguments name in a scope, and what is known of them. */
export async function readSubject(
  scope: Scope,
  paths: readonly string[],
  { cwd, schemas }: { readonly cwd: string; readonly schemas: readonly string[] },
): Promise<Subject> {
  const { change, onDisk } = scope;
  const selection = selectPaths(paths, scope.tree, { cwd, onDisk, partial: !!change });
  const named = selection.ignored.map((entry) => [entry.path, entry] as const);
  const tree = { ...scope.tree, entries: new Map([...scope.tree.entries, ...named]) };
  const isMeant = (path: string) =>
    selection.matches(path) &&
    !isSyncState(path) &&
    (!change || change.present.has(path) || change.removed.has(path));
  const delivered = await readDelivered(tree);
  const meant = [...tree.entries.values()].filter(({ path }) => isMeant(path));
  const { files, findings } = await readFiles(tree, meant, (path) =>
    Boolean(delivered?.byPath.has(path)),
  );
  const known = new Set(files.map(({ path }) => path));
  for (const folder of schemas) {
    const more = await readSchemaFolder(folder, { tree, cwd });
    for (const one of more.filter(({ path }) => !known.has(path))) files.push(one);
    for (const { path } of more) known.add(path);
  }
  const problems = tree.problems.filter(({ path }) => isMeant(path));
  return { ...scope, tree, files, delivered, findings: [...findings, ...problems], isMeant };
}
