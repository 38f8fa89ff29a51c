import { createHash, type Hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { absent, isWithin } from '../skill/resolve-path.js';
import type { Skill, SkillParts } from '../skill/skill.js';
import { walkSkill } from '../skill/walk-skill.js';
import type { StateEntry } from '../store/store.js';

/** Changes when the same rows and template would be rendered to other bytes. */
const renderingVersion = 1;

/** Files larger than this are known by size and date, as are all after the first `maxFiles`. */
const maxFileSize = 1_048_576;
const maxFiles = 2_000;

/**
 * A digest of all that an output is made from: the rows, `SYNC.json`, the generator or template, whatever
 * else is in the skill (the scripts that it calls), and the version of the rendering.
 *
 * @returns SHA-256 in hexadecimal.
 */
export async function digestInputs(
  skill: Skill & { readonly parts: SkillParts },
  rowsDigest: string,
): Promise<string> {
  const hash = createHash('sha256');
  add(hash, 'rendering', String(renderingVersion));
  add(hash, 'rows', rowsDigest);
  for (const file of await inputFiles(skill)) {
    add(
      hash,
      relative(skill.realDirectory, file.path),
      file.isKnownByDate ? file.stamp : await readFile(file.path),
    );
  }
  return hash.digest('hex');
}

/** Adds texts so that no two lists of them come to one digest. */
function add(hash: Hash, ...parts: (string | Uint8Array)[]): void {
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(`${bytes.byteLength}:`).update(bytes);
  }
}

/** A digest of rows, in their order; takes them one by one. */
export function digestRows(rows: Iterable<StateEntry>): string {
  const hash = createHash('sha256');
  for (const { key, value, updatedAt } of rows) add(hash, key, value, updatedAt);
  return hash.digest('hex');
}

interface InputFile {
  readonly path: string;
  readonly stamp: string;
  readonly isKnownByDate: boolean;
}

async function inputFiles({
  realDirectory,
  parts,
}: Skill & { parts: SkillParts }): Promise<InputFile[]> {
  const { makerFile, outputs } = parts;
  const named = [
    join(realDirectory, 'SYNC.json'),
    makerFile,
    ...outputs.flatMap(({ templateFile }) => templateFile ?? []),
  ];
  const others: string[] = [];
  for await (const path of walkSkill(realDirectory)) others.push(path);
  const targets = outputs.map(({ target }) => target);
  const paths = [...new Set([...named, ...others.sort()])].filter(
    (path) => !targets.some((target) => isWithin(path, target)),
  );
  const files: InputFile[] = [];
  for (const [index, path] of paths.entries()) {
    const stats = await stat(path).catch(absent);
    if (!stats?.isFile()) continue;
    const { size, mtimeMs, mode } = stats;
    const isKnownByDate = size > maxFileSize || index >= maxFiles;
    files.push({ path, stamp: `${size} ${mtimeMs} ${mode}`, isKnownByDate });
  }
  return files;
}
