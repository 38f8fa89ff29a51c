import { isAbsolute, relative } from 'node:path';
import { checkFiles, markOf, readSourceFile } from '@holdfast/odps-audit';
import type { CheckedFile, SourceFile } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderFindings } from '../render/odps-audit.js';
import { text } from '../render/words.js';

/** `holdfast odps check`: judges single files by their content and name. */
export async function checkOdps(
  { surroundings: { cwd } }: CommandContext,
  { files: paths }: { readonly files: readonly string[] },
): Promise<CommandResult> {
  const files = await Promise.all(paths.map((path) => readNamed(cwd, path)));
  const checked = await checkFiles(files);
  const isGood = checked.every(({ findings }) =>
    findings.every(({ severity }) => severity === 'info'),
  );
  return {
    exitCode: isGood ? 0 : 1,
    document: { files: checked },
    text: () => renderChecked(checked),
  };
}

async function readNamed(cwd: string, path: string): Promise<SourceFile> {
  const found = await readSourceFile(cwd, isAbsolute(path) ? relative(cwd, path) : path);
  if (found) return { ...found, path };
  throw new CliError('file-missing', `there is no file ${path}`, {
    hint: 'name files of a data product: *.odps.yaml, *.odcs.yaml, openlineage.yml, a workflow',
  });
}

function renderChecked(checked: readonly CheckedFile[]): string {
  return text(
    checked.flatMap(({ path, status, artifact, findings }) => [
      `${markOf(status)} ${path} (${[artifact, status].filter((word) => word !== null).join(', ')})`,
      ...renderFindings(findings),
    ]),
  );
}
