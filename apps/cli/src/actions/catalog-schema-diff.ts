import {
  compareSchemas,
  formatSchemaComparison,
  type Dialect,
  type Direction,
} from '@holdfast/catalog-diff';
import { readNamedJson } from '../catalog/read-catalog-file.js';
import type { CommandContext, CommandResult } from '../command-result.js';

export interface SchemaDiffInput {
  readonly old: string;
  readonly new: string;
  readonly direction: string;
  readonly dialect?: string;
}

/** `holdfast catalog schema-diff`: whether a change of one schema breaks. */
export async function schemaDiff(
  { surroundings: { cwd } }: CommandContext,
  input: SchemaDiffInput,
): Promise<CommandResult> {
  const before = await readNamedJson(cwd, input.old);
  const after = await readNamedJson(cwd, input.new);
  const direction = input.direction as Direction;
  const comparison = compareSchemas(before, after, {
    direction,
    ...(input.dialect !== undefined && { dialect: input.dialect as Dialect }),
  });
  return {
    exitCode: comparison.verdict === 'compatible' ? 0 : 1,
    document: { verdict: comparison.verdict, changes: comparison.changes },
    text: () => formatSchemaComparison(comparison, direction),
  };
}
