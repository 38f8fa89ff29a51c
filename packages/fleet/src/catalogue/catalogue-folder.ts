import { lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CATALOGUE_MANIFEST } from '@holdfast/manifest';
import type { CatalogueFolder, Entry, TreeChange } from '@holdfast/sync';
import { checkPath, hashBlob } from '@holdfast/text';
import { FleetError } from '../fleet-error.js';

/** More is not read into memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Holds what is about to be written, in the root; gone when it is written. */
const STAGING = '.holdfast-pull';

/** How many files are looked at once. */
const AT_ONCE = 32;

type Step =
  | { readonly path: string; readonly staged: string; readonly mode: number }
  | { readonly path: string; readonly remove: true };

/**
 * The folder of a catalogue on disk. Writing is all or nothing: everything is staged, a journal says
 * so, then each file takes its place by one rename; a journal that a crash left is worked off by
 * {@link recoverFolder}. Symbolic links are never followed.
 */
export function catalogueFolder(root: string): CatalogueFolder {
  return {
    async readManifest() {
      const path = join(root, CATALOGUE_MANIFEST);
      const stats = await lstatOf(path);
      if (!stats) return undefined;
      if (!stats.isFile()) throw noFile(path);
      if (stats.size > MAX_BYTES) throw tooLarge(path, stats.size);
      return readFile(path, 'utf8');
    },

    async look(paths) {
      const found = new Map<string, Entry>();
      const folders = new Map<string, Promise<boolean>>();
      const waiting = [...paths];
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, waiting.length) }, async () => {
          for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
            const entry = await lookAt(root, path, folders);
            if (entry) found.set(path, entry);
          }
        }),
      );
      return found;
    },

    async read(path) {
      const entry = await lookAt(root, path, new Map());
      if (entry?.mode !== '100644' && entry?.mode !== '100755') throw noFile(join(root, path));
      return readFile(join(root, path));
    },

    async list() {
      const found: string[] = [];
      const folders = [''];
      for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
          (error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOENT') return [];
            throw error;
          },
        );
        for (const entry of entries) {
          const path = `${folder}${entry.name}`;
          if (path === STAGING || path === CATALOGUE_MANIFEST || entry.name === '.git') continue;
          if (entry.isDirectory()) folders.push(`${path}/`);
          else if (entry.isFile()) found.push(path);
        }
      }
      return found.sort();
    },

    async write(changes, manifest) {
      const staging = join(root, STAGING);
      await mkdir(root, { recursive: true });
      try {
        await mkdir(staging);
        const steps = await stage(root, staging, changes);
        await writeFile(join(staging, 'manifest'), manifest, { flag: 'wx' });
        const all: Step[] = [
          ...steps,
          { path: CATALOGUE_MANIFEST, staged: 'manifest', mode: 0o644 },
        ];
        await writeJournal(staging, all);
      } catch (error) {
        await rm(staging, { recursive: true, force: true });
        throw error;
      }
      await recoverFolder(root);
    },
  };
}

/** Finishes what a crash left: written whole where the journal was complete, else as if never begun. */
export async function recoverFolder(root: string): Promise<void> {
  const staging = join(root, STAGING);
  const stats = await lstatOf(staging);
  if (!stats) return;
  if (!stats.isDirectory()) throw noFile(staging);
  const journal = await readFile(join(staging, 'journal.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (journal !== undefined) {
    for (const step of JSON.parse(journal) as Step[]) await perform(root, staging, step);
  }
  await rm(staging, { recursive: true, force: true });
}

async function stage(
  root: string,
  staging: string,
  changes: readonly TreeChange[],
): Promise<Step[]> {
  const steps: Step[] = [];
  const folders = new Map<string, Promise<boolean>>();
  for (const [index, change] of changes.entries()) {
    const { path } = change;
    const problem = checkPath(path);
    if (problem || !(await isPlain(root, dirname(path), folders))) {
      throw new FleetError(
        'bad-argument',
        `${path} ${problem?.message ?? 'leads through a symbolic link'}`,
        {
          hint: 'nothing was written; put a folder in its place',
        },
      );
    }
    if ('remove' in change) steps.push({ path, remove: true });
    else if ('content' in change) {
      const staged = String(index);
      await writeFile(join(staging, staged), change.content, { flag: 'wx' });
      steps.push({ path, staged, mode: change.mode === '100755' ? 0o755 : 0o644 });
    }
  }
  return steps;
}

/** The point of no return: once it is there, the next one to come finishes the writing. */
async function writeJournal(staging: string, steps: readonly Step[]): Promise<void> {
  const file = await open(join(staging, 'journal.new'), 'wx');
  try {
    await file.writeFile(JSON.stringify(steps));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(join(staging, 'journal.new'), join(staging, 'journal.json'));
}

async function perform(root: string, staging: string, step: Step): Promise<void> {
  const target = join(root, step.path);
  if (checkPath(step.path) && step.path !== CATALOGUE_MANIFEST) return;
  if (!(await isPlain(root, dirname(step.path), new Map()))) return;
  if ('remove' in step) {
    await rm(target, { force: true });
    await removeEmpty(root, dirname(step.path));
    return;
  }
  const staged = join(staging, step.staged);
  const stats = await lstatOf(staged);
  if (!stats?.isFile()) return;
  await mkdir(dirname(target), { recursive: true });
  const handle = await open(staged, 'r+');
  try {
    await handle.chmod(step.mode);
  } finally {
    await handle.close();
  }
  await rename(staged, target);
}

/** Folders that a removal left empty go too, up to the root. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== '.' && at !== ''; at = dirname(at)) {
    const names = await readdir(join(root, at)).catch(() => ['']);
    if (names.length > 0) return;
    await rm(join(root, at), { recursive: true });
  }
}

async function lookAt(
  root: string,
  path: string,
  folders: Map<string, Promise<boolean>>,
): Promise<Entry | undefined> {
  if (!(await isPlain(root, dirname(path), folders))) return { oid: '', mode: '120000' };
  const full = join(root, path);
  const stats = await lstatOf(full);
  if (!stats) return undefined;
  if (stats.isSymbolicLink()) return { oid: '', mode: '120000' };
  if (!stats.isFile()) return { oid: '', mode: '160000' };
  if (stats.size > MAX_BYTES) throw tooLarge(full, stats.size);
  const oid = hashBlob(await readFile(full));
  return { oid, mode: (stats.mode & 0o111) === 0 ? '100644' : '100755' };
}

/** Whether each folder on the way is a folder, or not there yet. */
function isPlain(
  root: string,
  folder: string,
  known: Map<string, Promise<boolean>>,
): Promise<boolean> {
  if (folder === '.' || folder === '') return Promise.resolve(true);
  const before = known.get(folder);
  if (before) return before;
  const plain = (async () => {
    if (!(await isPlain(root, dirname(folder), known))) return false;
    const stats = await lstatOf(join(root, folder));
    return stats === undefined || stats.isDirectory();
  })();
  known.set(folder, plain);
  return plain;
}

async function lstatOf(path: string) {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

function noFile(path: string): FleetError {
  return new FleetError('bad-argument', `${path} is no regular file`, {
    hint: 'move it away; symbolic links are not followed',
  });
}

function tooLarge(path: string, size: number): FleetError {
  return new FleetError('too-much', `${path} has ${size} bytes, more than ${MAX_BYTES}`);
}
