import { writeFile } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { createBaseline, writeBaseline } from '@holdfast/findings';
import { audit, createSchemaLibrary } from '@holdfast/odps-audit';
import type { Audit, AuditFinding, AuditOptions } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ErrorDocument } from '../describe-error.js';
import type { ExitCode } from '../exit-code.js';
import { acceptBaseline, DEFAULT_BASELINE } from '../odps/baseline.js';
import { openProjects, readBase } from '../odps/open-projects.js';
import type { OpenProject } from '../odps/open-projects.js';
import { askPlatform, openPlatform } from '../odps/open-platform.js';
import type { Platform, PlatformInput } from '../odps/open-platform.js';
import { findingsOfAudit, formatAudits } from '../odps/format-audits.js';
import type { AuditFormat } from '../odps/format-audits.js';
import { renderAudits } from '../render/odps-audit.js';
import type { AuditedProject } from '../odps/audited-project.js';

export interface OdpsAuditInput extends PlatformInput {
  readonly folder?: string;
  readonly base?: string;
  readonly baseline?: string;
  readonly writeBaseline?: true;
  readonly format: AuditFormat;
  readonly out?: string;
}

/** `holdfast odps audit`: judges the dbt projects of a folder. */
export async function auditOdps(
  { surroundings }: CommandContext,
  input: OdpsAuditInput,
): Promise<CommandResult> {
  const opened = await openProjects(input.folder, surroundings);
  const platform = await openPlatform(input, surroundings);
  const schemas = createSchemaLibrary();
  const audited: AuditedProject[] = [];
  const written: string[] = [];
  let error: ErrorDocument | undefined;
  for (const one of opened) {
    const { options, failed } = await optionsFor(one, platform, input, surroundings);
    error ??= failed;
    const found = await audit(one.project, { ...options, schemas });
    if (input.writeBaseline) written.push(await saveBaseline(one, found, input.baseline));
    audited.push({ folder: one.shown, audit: rebase(found, one.shown) });
  }
  const isGood = audited.every((one) => one.audit.isWellIntegrated);
  const exitCode: ExitCode = error ? 3 : isGood || input.writeBaseline ? 0 : 1;
  if (input.out !== undefined) await saveReport(audited, input, surroundings.cwd);
  return {
    exitCode,
    ...(error && { error }),
    document: documentOf(audited),
    text: () => {
      if (input.format !== 'text' && input.out === undefined)
        return formatAudits(audited, input.format);
      return renderAudits(audited, { written, ...(input.out !== undefined && { out: input.out }) });
    },
  };
}

async function optionsFor(
  one: OpenProject,
  platform: Platform,
  input: OdpsAuditInput,
  surroundings: CommandContext['surroundings'],
): Promise<{ options: AuditOptions; failed: ErrorDocument | undefined }> {
  const answer = await askPlatform(platform, one.project);
  const baseline = input.writeBaseline ? undefined : (input.baseline ?? one.config.baseline);
  const host = platform.kind === 'offline' ? platform.host : platform.client.host;
  return {
    options: {
      git: one.git,
      rules: one.config.rules,
      ...(host !== undefined && { host }),
      ...(answer.kind === 'answered' && { platform: answer.state }),
      ...(input.base !== undefined && { base: await readBase(one, input.base, surroundings) }),
      ...(baseline !== undefined && { accept: await acceptBaseline(one.folder, baseline) }),
    },
    failed: answer.kind === 'failed' ? answer.error : undefined,
  };
}

async function saveBaseline(
  { folder, shown, config }: OpenProject,
  found: Audit,
  given: string | undefined,
): Promise<string> {
  const file = given ?? config.baseline ?? DEFAULT_BASELINE;
  const findings = findingsOfAudit(found).filter(({ severity }) => severity !== 'info');
  await save(resolve(folder, file), writeBaseline(createBaseline(findings)), file);
  return posix.join(shown, file);
}

async function saveReport(
  audited: readonly AuditedProject[],
  { format, out }: OdpsAuditInput,
  cwd: string,
): Promise<void> {
  await save(resolve(cwd, out!), formatAudits(audited, format), out!);
}

async function save(path: string, text: string, shown: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new CliError('unwritable', `${shown} cannot be written: ${(cause as Error).message}`, {
      blame: 'environment',
      cause,
    });
  }
}

/** The audit with its paths as seen from where the command runs. */
function rebase(found: Audit, shown: string): Audit {
  if (shown === '') return found;
  const move = <T extends { readonly path: string }>(one: T): T => ({
    ...one,
    path: posix.normalize(posix.join(shown, one.path)),
  });
  const moveAll = (findings: readonly AuditFinding[]) => findings.map(move);
  return {
    ...found,
    artifacts: found.artifacts.map((artifact) => ({
      ...artifact,
      findings: moveAll(artifact.findings),
      files: artifact.files.map((file) => ({ ...move(file), findings: moveAll(file.findings) })),
    })),
  };
}

/** The first project as such, and all of them where there are several. */
function documentOf(audited: readonly AuditedProject[]): object {
  const projects = audited.map(({ folder, audit: { project, artifacts } }) => ({
    project,
    folder: folder === '' ? '.' : folder,
    artifacts,
  }));
  return { ...projects[0], ...(projects.length > 1 && { projects }) };
}
