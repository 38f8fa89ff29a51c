import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { ValidationFile } from '@holdfast/validation';
import { FleetError } from '../fleet-error.js';
import type { LocalTree } from './local-tree.js';
import { readFiles } from './read-files.js';
import { readFolder } from './work-tree.js';

/**
 * The schemas of a folder, to be checked beside the other files, so that these find them by `$id` or
 * by path. A folder of the tree is read as the tree has it (staged, or of the commit); one that lies
 * elsewhere, or that git ignores, from the disk.
 *
 * @throws FleetError `bad-argument` where the folder holds no JSON or YAML file.
 */
export async function readSchemaFolder(
  folder: string,
  { tree, cwd }: { readonly tree: LocalTree; readonly cwd: string },
): Promise<ValidationFile[]> {
  const location = await realpath(resolve(cwd, folder)).catch(() => {
    throw noSchemas(folder, 'there is no such folder');
  });
  const place = relative(tree.root, location).split(sep).join('/');
  const below = (path: string) => place === '' || path.startsWith(`${place}/`);
  const inTree = [...tree.entries.values()].filter(({ path }) => isData(path) && below(path));
  const { files } = inTree.length > 0 ? await readFiles(tree, inTree) : await readElsewhere();
  if (files.length === 0) throw noSchemas(folder, 'it holds no JSON or YAML file');
  return files;

  async function readElsewhere() {
    const own = await readFolder(location);
    const read = await readFiles(
      own,
      [...own.entries.values()].filter(({ path }) => isData(path)),
    );
    const base = place.replace(/^(?:\.\.(?:\/|$))+/, '');
    const files = read.files.map((file) => ({
      ...file,
      path: base === '' ? file.path : `${base}/${file.path}`,
    }));
    return { files };
  }
}

function isData(path: string): boolean {
  return /\.(?:json|ya?ml)$/i.test(path);
}

function noSchemas(folder: string, why: string): FleetError {
  return new FleetError('bad-argument', `--schemas ${folder}: ${why}`, {
    hint: 'write schemas there with: holdfast schemas extract',
  });
}
