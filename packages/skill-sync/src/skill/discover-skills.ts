import { readdir, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Finding } from '@holdfast/findings';
import { SkillSyncError } from '../skill-sync-error.js';
import { inspectSkill } from './inspect-skill.js';
import type { OutputBounds } from './resolve-outputs.js';
import { absent } from './resolve-path.js';
import type { Skill } from './skill.js';

/** Where skills are looked for beside the folders that are named, relative to where the user is. */
export const skillFolders = [
  '/data/.codex/skills',
  'skills',
  '.agents/skills',
  '.claude/skills',
] as const;

/** The folder that outputs may always lie in. */
export const publishedOutputRoot = '/data';

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
      if (first) for (const one of duplicateName(first, directory)) findings.push(one);
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
