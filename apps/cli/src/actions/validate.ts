import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkFiles } from '@holdfast/fleet';
import type { CheckFilesInput, FleetError } from '@holdfast/fleet';
import { formatReport } from '@holdfast/validation';
import type { ReportFormat, ValidationReport } from '@holdfast/validation';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import { exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { renderReport } from '../render/report.js';

export interface ValidateInput extends CheckFilesInput {
  readonly format?: ReportFormat;
  readonly out?: string;
  readonly maxWarnings?: number;
}

/** `holdfast validate`: the checks alone, on a work tree, an index, or the commits of a range. */
export async function validate(
  { surroundings, config }: CommandContext,
  input: ValidateInput,
): Promise<CommandResult> {
  const configured = config === undefined ? {} : { config };
  const { report, failure } = await checkFiles(surroundings, { ...input, ...configured });
  if (input.out !== undefined) {
    await writeReport(report, input.out, input.format, surroundings.cwd);
  }
  return resultOf(report, input, failure);
}

async function writeReport(
  report: ValidationReport,
  out: string,
  format: ReportFormat = 'text',
  cwd: string,
): Promise<void> {
  try {
    await writeFile(resolve(cwd, out), formatReport(report, format));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('unwritable', `--out ${out} cannot be written: ${why}`, {
      blame: 'environment',
      hint: 'name a file in a folder that is there and may be written to',
      cause,
    });
  }
}

function resultOf(
  report: ValidationReport,
  { format = 'text', out, maxWarnings }: ValidateInput,
  failure: FleetError | undefined,
): CommandResult {
  const warnings = report.findings.filter(({ severity }) => severity === 'warning').length;
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  const found: ExitCode = report.blocked || tooMany ? 1 : 0;
  return {
    exitCode: failure ? exitCodeOf(failure) : found,
    ...(failure ? { error: describeError(failure) } : {}),
    document: { ...report, ...(out === undefined ? {} : { out }) },
    text: () =>
      renderReport(report, {
        format: out === undefined ? format : 'text',
        ...(out === undefined ? {} : { out }),
        ...(tooMany ? { maxWarnings } : {}),
      }),
  };
}
