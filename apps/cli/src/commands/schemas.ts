import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CommandContext, CommandResult } from '../command.js';
import type { ExitCode } from '../exit-code.js';
import { renderExtraction, renderStates } from '../render/schemas.js';
import { compareWithExtraction, compareWithSources } from '../schemas/compare-schemas.js';
import type { SchemaState } from '../schemas/compare-schemas.js';
import { extractSchemas } from '../schemas/extract-schemas.js';
import type { Extraction } from '../schemas/extract-schemas.js';

export interface ExtractFlags {
  readonly types: readonly string[];
  readonly type?: readonly string[];
  readonly out: string;
  readonly tsconfig?: string;
  readonly baseUrl?: string;
}

export type CheckFlags = Partial<ExtractFlags> & Pick<ExtractFlags, 'out'>;

/** `holdfast schemas extract`: writes a JSON Schema for each exported type. */
export async function extract(
  context: CommandContext,
  flags: ExtractFlags,
): Promise<CommandResult> {
  const folder = resolve(context.surroundings.cwd, flags.out);
  const extraction = await derive(context, flags);
  const states = await compareWithExtraction(folder, extraction.files, isComplete(flags));
  await mkdir(folder, { recursive: true });
  const changed = states.filter(({ state }) => state !== 'current' && state !== 'obsolete');
  for (const { name } of changed) {
    await writeFile(join(folder, name), extraction.files.get(name) ?? '');
  }
  return {
    exitCode: extraction.findings.length > 0 ? 1 : 0,
    document: { out: flags.out, schemas: states, findings: extraction.findings },
    text: () => renderExtraction(flags.out, states, extraction.findings),
  };
}

/**
 * `holdfast schemas check`: says which schemas are stale, by their digests; with `--types`, by
 * extracting them again, which also finds types without a schema.
 */
export async function checkSchemas(
  context: CommandContext,
  flags: CheckFlags,
): Promise<CommandResult> {
  const folder = resolve(context.surroundings.cwd, flags.out);
  const { types } = flags;
  const again = types && { ...flags, types };
  const states = again
    ? await compareWithExtraction(folder, (await derive(context, again)).files, isComplete(again))
    : await compareWithSources(folder);
  return {
    exitCode: exitCodeOfStates(states),
    document: { out: flags.out, schemas: states },
    text: () => renderStates(flags.out, states),
  };
}

function derive(
  { surroundings: { cwd, signal } }: CommandContext,
  { types, type = [], out, tsconfig, baseUrl }: ExtractFlags,
): Promise<Extraction> {
  return extractSchemas({
    cwd,
    signal,
    types,
    names: type,
    out,
    ...(tsconfig === undefined ? {} : { tsconfig }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
}

/** Where only some types are named, other schemas are not known to be of none. */
function isComplete({ type = [] }: ExtractFlags): { readonly isComplete: boolean } {
  return { isComplete: type.length === 0 };
}

function exitCodeOfStates(states: readonly SchemaState[]): ExitCode {
  return states.every(({ state }) => state === 'current') ? 0 : 1;
}
