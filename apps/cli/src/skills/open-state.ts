import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { locateStore, openStore } from '@holdfast/skill-sync';
import type { Store, StoreLocation } from '@holdfast/skill-sync';
import type { CommandContext } from '../command-result.js';

/** Which store is meant, as the flags say. */
export interface StoreInput {
  readonly db?: string;
  readonly data?: string;
}

/** Where the store is, by flags and environment. */
export function locate(
  { surroundings: { cwd, environment } }: CommandContext,
  { db, data }: StoreInput,
): StoreLocation {
  return locateStore({ cwd, environment, home: environment['HOME'] || homedir(), db, data });
}

/**
 * Opens the store for a function, and closes it. One that the user named must be there to be read; the
 * one of the data folder is empty until something is written.
 */
export async function withStore<Result>(
  context: CommandContext,
  input: StoreInput,
  access: 'read' | 'write',
  use: (store: Store, location: StoreLocation) => Result | Promise<Result>,
): Promise<Result> {
  const location = locate(context, input);
  const isNamed = location.kind === 'named';
  if (access === 'write' && !isNamed) await mkdir(dirname(location.file), { recursive: true });
  const store = openStore(location.file, {
    access,
    missing: access === 'write' ? 'create' : isNamed ? 'error' : 'empty',
    clock: context.surroundings.clock,
  });
  try {
    return await use(store, location);
  } finally {
    store.close();
  }
}
