import { userInfo } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { discoverSkills, recordFolder } from '@holdfast/skill-sync';
import type {
  DiscoveredSkills,
  GenerateOptions,
  Skill,
  Store,
  StoreLocation,
} from '@holdfast/skill-sync';
import { CliError } from '../cli-error.js';
import type { CommandContext } from '../command-result.js';
import { locate } from './open-state.js';
import type { StoreInput } from './open-state.js';

/** Which skills are meant, as the flags say. */
export interface SkillsInput extends StoreInput {
  readonly skills?: readonly string[];
  readonly outputRoot?: readonly string[];
}

/** Finds the skills that flags and environment lead to. */
export async function findSkills(
  context: CommandContext,
  input: SkillsInput,
): Promise<DiscoveredSkills> {
  const { cwd } = context.surroundings;
  const { file } = locate(context, input);
  return discoverSkills({
    cwd,
    folders: foldersOf(context, input),
    outputRoots: outputRootsOf(context, input),
    reserved: [file, `${file}-wal`, `${file}-shm`, `${file}-journal`, recordFolder(file)],
    uid: numberOfUser(),
  });
}

/** Windows has no numbers of users. */
function numberOfUser(): number | undefined {
  const { uid } = userInfo();
  return uid < 0 ? undefined : uid;
}

/** The one skill of a name. */
export function pickSkill({ skills }: DiscoveredSkills, name: string): Skill {
  const found = skills.find((skill) => skill.name === name);
  if (found) return found;
  const names = skills.map((skill) => skill.name);
  throw new CliError('no-skill', `there is no skill ${name} with a SYNC.json`, {
    hint:
      names.length > 0
        ? `there are: ${names.join(', ')}`
        : 'name the folder that holds it with --skills DIR; holdfast skills list shows what is found',
  });
}

/** `--skills`, else what `HOLDFAST_SKILLS` names. */
export function foldersOf({ surroundings }: CommandContext, { skills }: SkillsInput): string[] {
  return listOf(surroundings, skills, 'HOLDFAST_SKILLS');
}

/** `--output-root`, else what `HOLDFAST_OUTPUT_ROOT` names. */
export function outputRootsOf(
  { surroundings }: CommandContext,
  { outputRoot }: SkillsInput,
): string[] {
  return listOf(surroundings, outputRoot, 'HOLDFAST_OUTPUT_ROOT');
}

function listOf(
  { cwd, environment }: CommandContext['surroundings'],
  given: readonly string[] | undefined,
  variable: string,
): string[] {
  const folders = given ?? (environment[variable] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(cwd, folder));
}

/** What generating needs beside the skill. */
export function generateOptions(
  context: CommandContext,
  input: SkillsInput & { readonly timeout?: number },
  { store, location }: { readonly store: Store; readonly location: StoreLocation },
): GenerateOptions {
  const { environment, clock, signal, program = ['holdfast'] } = context.surroundings;
  return {
    store,
    location,
    command: program,
    environment,
    clock,
    signal,
    folders: foldersOf(context, input),
    outputRoots: outputRootsOf(context, input),
    ...(input.timeout === undefined ? {} : { timeout: input.timeout * 1000 }),
  };
}
