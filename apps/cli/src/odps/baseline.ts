import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { compareBaseline, readBaseline } from '@holdfast/findings';
import type { AuditFinding, AuditOptions } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';

/** The name of the file where nothing else is configured. */
export const DEFAULT_BASELINE = '.odps-baseline.json';

/** What lets pass the findings of a baseline file. */
export async function acceptBaseline(
  folder: string,
  file: string,
): Promise<NonNullable<AuditOptions['accept']>> {
  const text = await readText(resolve(folder, file), file);
  const read = readBaseline(text);
  if (read.kind === 'invalid') {
    throw new CliError('bad-argument', `${file}: ${read.message}`, {
      hint: 'write it anew: holdfast odps audit --write-baseline',
    });
  }
  return (findings: readonly AuditFinding[]) =>
    new Set(compareBaseline(findings, read.baseline).known);
}

async function readText(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR') throw cause;
    throw new CliError('file-missing', `there is no baseline ${shown}`, {
      cause,
      hint: 'write it: holdfast odps audit --write-baseline',
    });
  }
}
