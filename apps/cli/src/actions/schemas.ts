import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareWithExtraction, compareWithSources, extractSchemas } from '@holdfast/type-schemas';
import type { Extraction, SchemaState } from '@holdfast/type-schemas';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { renderExtraction, renderStates } from '../render/schemas.js';

export interface ExtractInput {
  readonly types: readonly string[];
  readonly type?: readonly string[];
  readonly out: string;
  readonly tsconfig?: string;
  readonly baseUrl?: string;
}

export type CheckInput = Partial<ExtractInput> & Pick<ExtractInput, 'out'>;

/** `holdfast schemas extract`: writes a JSON Schema for each exported type. */
export async function extract(
  context: CommandContext,
  input: ExtractInput,
): Promise<CommandResult> {
  const folder = resolve(context.surroundings.cwd, input.out);
  const extraction = await derive(context, input);
  const states = await compareWithExtraction(folder, extraction.files, isComplete(input));
  await mkdir(folder, { recursive: true });
  const changed = states.filter(({ state }) => state !== 'current' && state !== 'obsolete');
  for (const { name } of changed) {
    await writeFile(join(folder, name), extraction.files.get(name) ?? '');
  }
  return {
    exitCode: extraction.findings.length > 0 ? 1 : 0,
    document: { out: input.out, schemas: states, findings: extraction.findings },
    text: () => renderExtraction(input.out, states, extraction.findings),
  };
}

/**
 * `holdfast schemas check`: says which schemas are stale, by their digests; with `--types`, by
 * extracting them again, which also finds types without a schema.
 */
export async function checkSchemas(
  context: CommandContext,
  input: CheckInput,
): Promise<CommandResult> {
  const folder = resolve(context.surroundings.cwd, input.out);
  const { types } = input;
  const again = types && { ...input, types };
  const states = again
    ? await compareWithExtraction(folder, (await derive(context, again)).files, isComplete(again))
    : await compareWithSources(folder);
  return {
    exitCode: exitCodeOfStates(states),
    document: { out: input.out, schemas: states },
    text: () => renderStates(input.out, states),
  };
}

function derive(
  { surroundings: { cwd, signal } }: CommandContext,
  { types, type = [], out, tsconfig, baseUrl }: ExtractInput,
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
function isComplete({ type = [] }: ExtractInput): { readonly isComplete: boolean } {
  return { isComplete: type.length === 0 };
}

function exitCodeOfStates(states: readonly SchemaState[]): ExitCode {
  return states.every(({ state }) => state === 'current') ? 0 : 1;
}
