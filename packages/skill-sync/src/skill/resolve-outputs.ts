import { lstat, realpath } from 'node:fs/promises';
import type { Finding } from '@holdfast/findings';
import { quote } from './check-trust.js';
import { absent, isWithin, resolveFile } from './resolve-path.js';
import type { SyncManifest } from './sync-manifest.js';

export interface OutputBounds {
  /** Folders that outputs may lie in; those that are not there hold none. */
  readonly roots: readonly string[];
  /** Files and folders that no output may be or lie in: the store, its records, the folders of skills. */
  readonly reserved: readonly string[];
}

/** Where the outputs of a manifest lie, the first being `outputFile`; or why not. */
export async function resolveOutputs(
  { outputFile, outputs }: SyncManifest,
  manifestFile: string,
  bounds: OutputBounds,
): Promise<{ targets: string[]; findings: Finding[] }> {
  const targets: string[] = [];
  const findings: Finding[] = [];
  for (const file of [outputFile, ...outputs.map((output) => output.file)]) {
    const resolved = await resolveOutput(file, bounds);
    if ('target' in resolved && !targets.includes(resolved.target)) targets.push(resolved.target);
    else {
      const message = 'why' in resolved ? resolved.why : `${file} is named twice`;
      findings.push({
        ruleId: 'skills/output-refused',
        severity: 'error',
        message,
        path: manifestFile,
        data: { output: file },
      });
    }
  }
  return { targets, findings };
}

async function resolveOutput(
  file: string,
  { roots, reserved }: OutputBounds,
): Promise<{ target: string } | { why: string }> {
  const target = await resolveFile(file);
  if (target === undefined) {
    return {
      why: `the folder of ${file} is not there; make it: mkdir -p ${quote(parentOf(file))}`,
    };
  }
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(absent)));
  const isAllowed = realRoots.some(
    (root) => root !== undefined && target !== root && isWithin(target, root),
  );
  if (!isAllowed) {
    const leads = target === file ? '' : ` (it leads to ${target})`;
    return {
      why: `${file}${leads} lies outside of ${listOf(roots)}, where outputs may be; --output-root DIR allows another folder`,
    };
  }
  const taken = await Promise.all(reserved.map((path) => resolveFile(path)));
  const clash = taken.find((path) => path !== undefined && isWithin(target, path));
  if (clash !== undefined)
    return { why: `${file} would overwrite what skills are run from (${clash})` };
  const stats = await lstat(target).catch(absent);
  if (stats && !stats.isFile()) return { why: `${file} is not a file` };
  return { target };
}

function parentOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/')) || '/';
}

function listOf(roots: readonly string[]): string {
  return roots.length === 0 ? 'every allowed folder' : roots.join(' and ');
}
