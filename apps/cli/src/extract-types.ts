import type { ExtractTypes } from '@holdfast/sync';
import { extractFromTexts, SchemaError } from '@holdfast/type-schemas';
import type { CommandContext } from './command-result.js';

/** How many complaints are told; the first ones are the reason of the others. */
const TOLD = 5;

/** Makes schemas of a source's types with the generator of the project; what cannot be made is told. */
export function typeExtractor({ surroundings: { cwd, signal } }: CommandContext): ExtractTypes {
  return async ({ files, wanted, names }) => {
    try {
      const { files: schemas, findings } = await extractFromTexts(files, {
        cwd,
        signal,
        wanted,
        names,
      });
      const problems = findings.map(({ path, message }) => `${path}: ${message}`);
      return { kind: 'extracted', schemas, problems };
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      const places = error.findings
        .slice(0, TOLD)
        .map(({ path, range, message }) => `${path}:${range?.start.line ?? 1}: ${message}`);
      const hint = places.length > 0 ? places.join('; ') : error.hint;
      const reason = hint === undefined ? error.message : `${error.message} (${hint})`;
      return { kind: 'failed', reason };
    }
  };
}
