import { compareBaseline, readBaseline } from '@holdfast/findings';
import type { AuditFinding, AuditOptions } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import { readInputFile } from '../read-input-file.js';

/** The name of the file where nothing else is configured. */
export const DEFAULT_BASELINE = '.odps-baseline.json';

/** What lets pass the findings of a baseline file. */
export async function acceptBaseline(
  folder: string,
  file: string,
): Promise<NonNullable<AuditOptions['accept']>> {
  const content = await readInputFile(folder, file, {
    named: '--baseline',
    hint: 'write it: holdfast odps audit --write-baseline',
  });
  const text = new TextDecoder().decode(content);
  const read = readBaseline(text);
  if (read.kind === 'invalid') {
    throw new CliError('bad-argument', `${file}: ${read.message}`, {
      hint: 'write it anew: holdfast odps audit --write-baseline',
    });
  }
  return (findings: readonly AuditFinding[]) =>
    new Set(compareBaseline(findings, read.baseline).known);
}
