import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkPath } from '@holdfast/text';
import { describeTypes } from './extract-schemas.js';
import type { Extraction } from './extract-schemas.js';
import { runExtraction } from './run-extraction.js';
import { SchemaError } from './schema-error.js';

export interface ExtractTextsOptions {
  /** Where the project is whose generator is used, if it has one. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** The paths whose exported types become schemas. */
  readonly wanted: readonly string[];
  /** Names of types; empty: all. */
  readonly names?: readonly string[];
}

/**
 * Derives the schemas of types that lie in no folder: TypeScript files by their paths, such as those of
 * a commit. Nothing but them is read, whatever they import. The schemas name the files by these paths.
 *
 * @throws SchemaError as `extractSchemas` does, and `bad-argument` for a path that leads out.
 */
export async function extractFromTexts(
  texts: ReadonlyMap<string, string>,
  { cwd, signal, wanted, names = [] }: ExtractTextsOptions,
): Promise<Extraction> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-types-')));
  try {
    for (const [path, text] of texts) {
      const problem = checkPath(path);
      if (problem) throw new SchemaError('bad-argument', `${path} ${problem.message}`);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { flag: 'wx' });
    }
    const files = wanted.filter((path) => texts.has(path)).map((path) => join(folder, path));
    const answer = await runExtraction({ files, types: names, within: folder }, { cwd, signal });
    return await describeTypes(answer, { cwd: folder, out: '.' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
