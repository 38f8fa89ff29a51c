import { constants } from 'node:fs';
import { access, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { sortFindings, type Finding } from '@holdfast/findings';
import { SkillSyncError } from '../skill-sync-error.js';
import { checkFrontMatter } from './check-front-matter.js';
import { checkLinkTrust, checkTrust, quote } from './check-trust.js';
import { resolveOutputs, type OutputBounds } from './resolve-outputs.js';
import { absent, isWithin } from './resolve-path.js';
import type { Skill, SkillOutput, SkillParts } from './skill.js';
import { parseSyncManifest, type SyncManifest } from './sync-manifest.js';

/** Where skills are looked for beside the folders that are named, relative to where the user is. */
export const skillFolders = [
  '/data/.codex/skills',
  'skills',
  '.agents/skills',
  '.claude/skills',
] as const;

/** The folder that outputs may always lie in. */
export const publishedOutputRoot = '/data';

/** A `SYNC.json` or `SKILL.md` longer than this is refused, in bytes. */
const maxFileSize = 1_048_576;

export interface DiscoverSkillsOptions {
  /** The folder that relative paths are resolved in. */
  readonly cwd: string;
  /** Folders of skills that the user named; one that is not there is an error. */
  readonly folders?: readonly string[];
  /** Folders that outputs may lie in, beside `/data`. */
  readonly outputRoots?: readonly string[];
  /** Files and folders that no output may touch, beside the folders of skills: the store, its records. */
  readonly reserved?: readonly string[];
  /** The user's number; what belongs to another one is not run. `undefined` where there are none. */
  readonly uid?: number | undefined;
}

export interface DiscoveredSkills {
  /** By name; of two with one name the first found. */
  readonly skills: readonly Skill[];
  /** What is wrong beside what each skill says of itself: names that are there twice. */
  readonly findings: readonly Finding[];
}

/**
 * Finds the skills that have a `SYNC.json` and checks them: manifest, programs, templates, outputs,
 * front matter, and who could have written them. Runs and writes nothing.
 *
 * @throws SkillSyncError `skills-folder-missing` for a named folder that is not there.
 */
export async function discoverSkills(options: DiscoverSkillsOptions): Promise<DiscoveredSkills> {
  const { cwd, folders = [], outputRoots = [], reserved = [], uid } = options;
  const named = folders.map((folder) => resolve(cwd, folder));
  const usual = skillFolders.map((folder) => resolve(cwd, folder));
  const searched = [...new Set([...named, ...usual])];
  const bounds: OutputBounds = {
    roots: [publishedOutputRoot, ...outputRoots.map((root) => resolve(cwd, root))],
    reserved: [...reserved, ...searched],
  };
  const found = new Map<string, Skill>();
  const findings: Finding[] = [];
  for (const folder of searched) {
    for (const directory of await listFolder(folder, named.includes(folder))) {
      const realDirectory = await realpath(directory).catch(absent);
      if (realDirectory === undefined) continue;
      const name = basename(directory);
      const first = found.get(name);
      if (first?.realDirectory === realDirectory) continue;
      const skill = await inspectSkill({ name, directory, realDirectory }, bounds, uid);
      if (!skill) continue;
      if (first) findings.push(...duplicateName(first, directory));
      else found.set(name, skill);
    }
  }
  const skills = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { skills: refuseSharedOutputs(skills), findings };
}

async function listFolder(folder: string, isNamed: boolean): Promise<string[]> {
  const names = await readdir(folder).catch(absent);
  if (names) return names.sort().map((name) => join(folder, name));
  if (!isNamed) return [];
  throw new SkillSyncError('skills-folder-missing', `there is no folder of skills at ${folder}`, {
    hint: 'name a folder that holds one folder for each skill: --skills DIR',
  });
}

function duplicateName(first: Skill, directory: string): Finding[] {
  const { name } = first;
  return [
    {
      ruleId: 'skills/duplicate-name',
      severity: 'error',
      message: `a second skill ${name}; the one that counts is ${first.directory}`,
      path: directory,
      data: { name, first: first.directory },
    },
  ];
}

/** Two skills that write to one file would undo each other's work: neither is run. */
function refuseSharedOutputs(skills: readonly Skill[]): Skill[] {
  const owners = new Map<string, Skill[]>();
  for (const skill of skills) {
    for (const { target } of skill.parts?.outputs ?? []) {
      owners.set(target, [...(owners.get(target) ?? []), skill]);
    }
  }
  return skills.map((skill) => {
    const shared = (skill.parts?.outputs ?? []).flatMap(({ file, target }): Finding[] => {
      const others = (owners.get(target) ?? []).filter((other) => other !== skill);
      if (others.length === 0) return [];
      const names = others.map(({ name }) => name);
      return [
        {
          ruleId: 'skills/shared-output',
          severity: 'error',
          message: `${file} is the output of ${skill.name} and of ${names.join(', ')}; give each skill its own`,
          path: join(skill.directory, 'SYNC.json'),
          data: { output: file, skills: [skill.name, ...names].sort() },
        },
      ];
    });
    return shared.length === 0 ? skill : { ...skill, findings: [...skill.findings, ...shared] };
  });
}

interface Place {
  readonly name: string;
  readonly directory: string;
  readonly realDirectory: string;
}

/** `undefined` for a folder without a `SYNC.json`, and for what is no folder. */
async function inspectSkill(
  place: Place,
  bounds: OutputBounds,
  uid: number | undefined,
): Promise<Skill | undefined> {
  const { directory, realDirectory } = place;
  if (!(await stat(realDirectory)).isDirectory()) return undefined;
  const manifestFile = join(directory, 'SYNC.json');
  const text = await readSmallFile(manifestFile, realDirectory);
  if (text === undefined) return undefined;
  if ('finding' in text) return { ...place, findings: [text.finding] };
  const parsed = parseSyncManifest(text.content, manifestFile);
  const findings = [
    ...parsed.findings,
    ...(await inspectFrontMatter(place)),
    ...(await checkLinkTrust(directory, uid)),
    ...(await checkTrust(await realpath(manifestFile), { root: realDirectory, uid })),
  ];
  const { manifest } = parsed;
  if (!manifest) return { ...place, findings: sortFindings(findings) };
  const located = await locateParts(place, manifest, bounds, uid);
  findings.push(...located.findings);
  const isSound = !findings.some(({ severity }) => severity === 'error');
  return {
    ...place,
    findings: sortFindings(distinct(findings)),
    manifest,
    ...(isSound && located.parts ? { parts: located.parts } : {}),
  };
}

function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ ruleId, path, message }) => {
    const identity = JSON.stringify([ruleId, path, message]);
    return !seen.has(identity) && seen.add(identity);
  });
}

async function inspectFrontMatter({ name, directory, realDirectory }: Place): Promise<Finding[]> {
  const path = join(directory, 'SKILL.md');
  const text = await readSmallFile(path, realDirectory);
  if (text && 'content' in text) return checkFrontMatter(text.content, path, name);
  const message = text
    ? text.finding.message
    : 'there is no SKILL.md, by which agents find a skill';
  return [{ ruleId: 'skills/front-matter', severity: 'warning', message, path }];
}

type ReadText = { readonly content: string } | { readonly finding: Finding } | undefined;

/** Reads a file of a skill; a link that leads out of it, a pipe, a giant are findings. */
async function readSmallFile(path: string, realDirectory: string): Promise<ReadText> {
  const refuse = (message: string): ReadText => ({
    finding: { ruleId: 'skills/manifest-unreadable', severity: 'error', message, path },
  });
  const real = await realpath(path).catch(absent);
  if (real === undefined) return undefined;
  if (!isWithin(real, realDirectory)) return refuse(`it leads out of the skill, to ${real}`);
  if (!(await stat(real)).isFile()) return refuse('it is not a file');
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (file instanceof Error) return refuse(`it cannot be read: ${file.message}`);
  try {
    const { size } = await file.stat();
    if (size > maxFileSize) return refuse(`it is larger than ${maxFileSize} bytes`);
    const bytes = await file.readFile();
    return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return refuse(`it cannot be read: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}

async function locateParts(
  place: Place,
  manifest: SyncManifest,
  bounds: OutputBounds,
  uid: number | undefined,
): Promise<{ parts?: SkillParts; findings: Finding[] }> {
  const manifestFile = join(place.directory, 'SYNC.json');
  const findings: Finding[] = [];
  const locate = async (kind: PartKind, path: string): Promise<string> => {
    const located = await locatePart(place, kind, path, manifestFile);
    if ('finding' in located) findings.push(located.finding);
    else findings.push(...(await checkTrust(located.file, { root: place.realDirectory, uid })));
    return 'file' in located ? located.file : '';
  };
  const makerFile = await locate(manifest.maker.kind, manifest.maker.path);
  const parserFile =
    manifest.parser === undefined ? undefined : await locate('parser', manifest.parser);
  const resolved = await resolveOutputs(manifest, manifestFile, bounds);
  findings.push(...resolved.findings);
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
  { directory, realDirectory }: Place,
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
