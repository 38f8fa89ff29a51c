import { constants, open } from 'node:fs/promises';
import { decodeText, indexLines, readJson } from '@holdfast/text';
import { CatalogError } from './catalog-error.js';

/** Largest file that is read, in bytes. */
const maxBytes = 64 * 1024 * 1024;
/** Deepest nesting that is read; a schema takes two levels for each of its own. */
const maxDepth = 8000;

/** A JSON file's value, and what is odd about it. */
export interface JsonFile {
  readonly value: unknown;
  /** Keys that stand twice, with their place. The last one counts. */
  readonly warnings: readonly string[];
}

/**
 * Reads a JSON file strictly: UTF-8, bounded in size and depth.
 *
 * @returns undefined when there is no such file.
 * @throws {CatalogError} `damaged` with the line and column of what is wrong, `too-large`.
 */
export async function readJsonFile(path: string): Promise<JsonFile | undefined> {
  const bytes = await readBytes(path);
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes);
  if (text === undefined)
    throw new CatalogError('damaged', path, 'not UTF-8', { hint: 'save it in UTF-8' });
  const { values, problems } = readJson(text, { maxDepth, maxLength: maxBytes });
  const lines = indexLines(text);
  const say = ({ start, message }: { start: number; message: string }): string => {
    const { line, column } = lines.positionAt(start);
    return `${line}:${column}: ${message}`;
  };
  const [value] = values;
  if (value === undefined || value.isEmpty) {
    const message = problems.at(-1) === undefined ? 'it is empty' : say(problems.at(-1)!);
    throw new CatalogError('damaged', path, `no JSON: ${message}`, {
      hint: 'correct the file at this place, or restore it',
    });
  }
  const warnings = problems.filter(({ code }) => code === 'duplicate-key').map(say);
  return { value: value.value, warnings };
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  let handle;
  try {
    // A pipe would be waited for when it is opened.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CatalogError('damaged', path, `cannot be read (${code})`, { cause: error });
  }
  try {
    const found = await handle.stat();
    if (!found.isFile() && !found.isDirectory())
      throw new CatalogError('damaged', path, 'it is no regular file', {
        hint: 'name a file; what stands in a pipe can be written to one first',
      });
    const { size } = found;
    if (size > maxBytes)
      throw new CatalogError('too-large', path, `${size} bytes, of at most ${maxBytes}`);
    return await handle.readFile();
  } catch (error) {
    if (error instanceof CatalogError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new CatalogError('damaged', path, `cannot be read (${code})`, { cause: error });
  } finally {
    await handle.close();
  }
}
