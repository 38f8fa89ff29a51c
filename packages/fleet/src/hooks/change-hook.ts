import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FleetError } from '../fleet-error.js';
import type { HookPlace } from './hook-place.js';
import { KEPT_HOOK, hookText, ownerOf, withBlock, withoutBlock } from './hook-text.js';

/** What came of installing or removing a hook. */
export type HookOutcome =
  /** Written; `kept` is the hook that was there and now runs first. */
  | { readonly kind: 'installed'; readonly kept?: string }
  | { readonly kind: 'updated' }
  | { readonly kind: 'already-installed' }
  /** Taken away; `restored` where an earlier hook is back. */
  | { readonly kind: 'removed'; readonly restored: boolean }
  | { readonly kind: 'not-installed' };

export interface ChangeOptions {
  /** Write into a folder that others share, and over what others changed of ours. */
  readonly force: boolean;
}

/**
 * Installs the hook. A hook that is there is kept beside it and runs first; with a hook manager, a
 * marked block goes to the end of its script. Doing it again changes nothing.
 *
 * @throws FleetError `hook-elsewhere`, `hook-changed`.
 */
export async function installHook(place: HookPlace, options: ChangeOptions): Promise<HookOutcome> {
  refuseElsewhere(place, options);
  await mkdir(dirname(place.path), { recursive: true });
  return place.style === 'block' ? installBlock(place) : installFile(place, options);
}

/**
 * Takes the hook away and puts back what was there, byte for byte and with its mode.
 *
 * @throws FleetError `hook-elsewhere`, `hook-changed`.
 */
export async function removeHook(place: HookPlace, options: ChangeOptions): Promise<HookOutcome> {
  const current = await readText(place.path);
  if (place.style === 'block') return removeBlock(place, current);
  const kept = join(dirname(place.path), KEPT_HOOK);
  const hasKept = (await readText(kept)) !== undefined;
  const owner = current === undefined ? 'none' : ownerOf(current);
  if (owner === 'foreign' || (owner === 'none' && !hasKept)) return { kind: 'not-installed' };
  refuseElsewhere(place, options);
  if (owner === 'edited') refuseEdited(place, options);
  if (hasKept) await rename(kept, place.path);
  else await rm(place.path);
  return { kind: 'removed', restored: hasKept };
}

async function installFile(place: HookPlace, options: ChangeOptions): Promise<HookOutcome> {
  const kept = join(dirname(place.path), KEPT_HOOK);
  const current = await readText(place.path);
  const text = hookText();
  if (current === text) return { kind: 'already-installed' };
  const owner = current === undefined ? 'none' : ownerOf(current);
  if (owner === 'edited') refuseEdited(place, options);
  if (owner === 'foreign') {
    if ((await readText(kept)) !== undefined) throw replaced(place);
    await rename(place.path, kept);
  }
  await writeWhole(place.path, text);
  if (owner === 'ours' || owner === 'edited') return { kind: 'updated' };
  const chained = owner === 'foreign' || (await readText(kept)) !== undefined;
  return chained ? { kind: 'installed', kept: KEPT_HOOK } : { kind: 'installed' };
}

async function installBlock(place: HookPlace): Promise<HookOutcome> {
  const current = await readText(place.path);
  const text = withBlock(current);
  if (text === current) return { kind: 'already-installed' };
  const updates = current !== undefined && withoutBlock(current) !== current;
  if (current === undefined) await writeWhole(place.path, text);
  else await writeFile(place.path, text, 'latin1');
  return updates ? { kind: 'updated' } : { kind: 'installed' };
}

async function removeBlock({ path }: HookPlace, current: string | undefined): Promise<HookOutcome> {
  const rest = current === undefined ? current : withoutBlock(current);
  if (rest === current) return { kind: 'not-installed' };
  if (rest === undefined) await rm(path);
  else await writeFile(path, rest, 'latin1');
  return { kind: 'removed', restored: rest !== undefined };
}

/** Puts a script there at once: a commit that runs meanwhile finds the old one or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.holdfast-new`;
  await writeFile(temporary, text, 'latin1');
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

/** Text byte by byte, so that a hook in any encoding, even a program, comes back as it was. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw error;
    return undefined;
  }
}

function refuseElsewhere({ path, owner }: HookPlace, { force }: ChangeOptions): void {
  if (owner !== 'elsewhere' || force) return;
  throw new FleetError(
    'hook-elsewhere',
    `core.hooksPath puts the hooks of this repository into ${dirname(path)}, which other repositories may share`,
    {
      hint: 'with --force the hook is written there for all of them; or unset core.hooksPath for this repository',
    },
  );
}

function refuseEdited({ shown }: HookPlace, { force }: ChangeOptions): void {
  if (force) return;
  throw new FleetError('hook-changed', `${shown} was written by holdfast and edited since`, {
    hint: 'move what was added into a hook of its own, or drop it with --force',
  });
}

function replaced({ shown }: HookPlace): FleetError {
  return new FleetError(
    'hook-changed',
    `${shown} was replaced by another tool; the hook from before lies beside it as ${KEPT_HOOK}`,
    { hint: `make one hook of the two, delete ${KEPT_HOOK}, and run it again` },
  );
}
