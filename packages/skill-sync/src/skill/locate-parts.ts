import { constants } from 'node:fs';
import { access, open, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '@holdfast/findings';
import { checkNeighbours, checkTrust, quote } from './check-trust.js';
import { resolveOutputs, type OutputBounds } from './resolve-outputs.js';
import { absent, isWithin } from './resolve-path.js';
import type { SkillOutput, SkillParts, SkillPlace } from './skill.js';
import type { SyncManifest } from './sync-manifest.js';

/** Finds the programs, templates and outputs that a manifest names, and checks them. */
export async function locateParts(
  place: SkillPlace,
  manifest: SyncManifest,
  bounds: OutputBounds,
  uid: number | undefined,
): Promise<{ parts?: SkillParts; findings: Finding[] }> {
  const manifestFile = join(place.directory, 'SYNC.json');
  const findings: Finding[] = [];
  const locate = async (kind: PartKind, path: string): Promise<string> => {
    const located = await locatePart(place, kind, path, manifestFile);
    if ('finding' in located) findings.push(located.finding);
    else {
      for (const one of await checkTrust(located.file, { root: place.realDirectory, uid }))
        findings.push(one);
      if (kind !== 'template')
        for (const one of await checkNeighbours(located.file, uid)) findings.push(one);
    }
    return 'file' in located ? located.file : '';
  };
  const makerFile = await locate(manifest.maker.kind, manifest.maker.path);
  const parserFile =
    manifest.parser === undefined ? undefined : await locate('parser', manifest.parser);
  const resolved = await resolveOutputs(manifest, manifestFile, bounds);
  for (const one of resolved.findings) findings.push(one);
  const outputs: SkillOutput[] = [];
  if (resolved.findings.length === 0) {
    const declared = [
      { file: manifest.outputFile, format: 'markdown' as const },
      ...manifest.outputs,
    ];
    for (const [index, output] of declared.entries()) {
      const { template, file, format } = { template: undefined, ...output };
      const target = resolved.targets[index] as string;
      const templateFile = template === undefined ? undefined : await locate('template', template);
      outputs.push({ file, target, format, ...(templateFile ? { templateFile } : {}) });
    }
  }
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const parts = { manifestFile, makerFile, outputs, ...(parserFile ? { parserFile } : {}) };
  return { parts, findings };
}

type PartKind = 'generator' | 'template' | 'parser';

/** A program must be there, inside of the skill, executable, and say by what it is run. */
async function locatePart(
  { directory, realDirectory }: SkillPlace,
  kind: PartKind,
  path: string,
  manifestFile: string,
): Promise<{ file: string } | { finding: Finding }> {
  const shown = join(directory, path);
  const refuse = (rule: string, message: string): { finding: Finding } => ({
    finding: {
      ruleId: `skills/${kind}-${rule}`,
      severity: 'error',
      message,
      path: rule === 'missing' ? manifestFile : shown,
    },
  });
  const file = await realpath(shown).catch(absent);
  if (file === undefined) return refuse('missing', `there is no ${kind} at ${path}`);
  if (!isWithin(dirname(file), realDirectory)) {
    return refuse('outside', `it leads out of the skill, to ${file}`);
  }
  if (!(await stat(file)).isFile()) return refuse('invalid', 'it is not a file');
  if (kind === 'template') return { file };
  if (
    await access(file, constants.X_OK).then(
      () => false,
      () => true,
    )
  ) {
    return refuse('not-executable', `it may not be executed; allow it: chmod +x ${quote(shown)}`);
  }
  if (!(await namesInterpreter(file))) {
    return refuse(
      'invalid',
      'it is no program: a script begins with #! and what runs it, such as #!/usr/bin/env bash',
    );
  }
  return { file };
}

/** A script with `#!`, or a program in the format of a usual system. */
async function namesInterpreter(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.subarray(0, bytesRead).toString('latin1');
    const machO = ['\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\xfe\xed\xfa\xcf'];
    return start.startsWith('#!') || start === '\x7fELF' || machO.includes(start);
  } finally {
    await file.close();
  }
}
