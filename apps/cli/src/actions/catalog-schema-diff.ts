import {
  compareSchemas,
  formatSchemaComparison,
  type Dialect,
  type Direction,
} from '@holdfast/catalog-diff';
import { visible } from '@holdfast/findings';
import { readNamedFile, sentenceOfProblem } from '../catalog/read-catalog-file.js';
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
  const before = await readNamedFile(cwd, input.old);
  const after = await readNamedFile(cwd, input.new);
  const direction = input.direction as Direction;
  const comparison = compareSchemas(before.value, after.value, {
    direction,
    ...(input.dialect !== undefined && { dialect: input.dialect as Dialect }),
  });
  const problems = [...before.problems, ...after.problems];
  const told = problems.map((one) => `\n${visible(sentenceOfProblem(one))}\n`).join('');
  return {
    exitCode: comparison.verdict === 'compatible' ? 0 : 1,
    document: {
      verdict: comparison.verdict,
      changes: comparison.changes,
      ...(problems.length > 0 && { problems }),
    },
    text: () => formatSchemaComparison(comparison, direction) + told,
  };
}
