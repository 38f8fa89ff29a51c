import { readdir } from 'node:fs/promises';
import { compareText } from '@holdfast/text';

export interface FolderEntries {
  /** Regular files, relative to the folder, sorted. */
  readonly files: string[];
  readonly folders: string[];
  /** What is neither file nor folder: symbolic links are never followed. */
  readonly others: string[];
}

interface WalkOptions {
  /** Whether to go into a folder; given its path and name. Default: always. */
  readonly enter?: (path: string, name: string) => boolean;
  /** Deepest folder. Default 32. */
  readonly maxDepth?: number;
}

/** The files and folders below a folder; none where there is no such folder. */
export async function walkFolder(
  root: string,
  { enter = () => true, maxDepth = 32 }: WalkOptions = {},
): Promise<FolderEntries> {
  const files: string[] = [];
  const folders: string[] = [];
  const others: string[] = [];

  async function visit(path: string, depth: number): Promise<void> {
    const entries = await listFolder(path === '' ? root : `${root}/${path}`);
    const inside: string[] = [];
    for (const entry of entries) {
      const own = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile()) files.push(own);
      else if (!entry.isDirectory()) others.push(own);
      else if (depth < maxDepth && enter(own, entry.name)) inside.push(own);
    }
    for (const one of inside) folders.push(one);
    await Promise.all(inside.map((folder) => visit(folder, depth + 1)));
  }

  await visit('', 0);
  return {
    files: files.sort(compareText),
    folders: folders.sort(compareText),
    others: others.sort(compareText),
  };
}

async function listFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
