import { delimiter, resolve } from 'node:path';
import { writeShim } from '@holdfast/skill-sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { text } from '../render/words.js';
import type { SkillsInput } from '../skills/open-skills.js';

/** `holdfast skills shim`: writes an `ambrogioctl` with the flags given as its defaults. */
export async function shim(
  { surroundings: { cwd, program = ['holdfast'] } }: CommandContext,
  { folder, db, data, skills = [], outputRoot = [] }: SkillsInput & { readonly folder: string },
): Promise<CommandResult> {
  const list = (folders: readonly string[]) =>
    folders.map((one) => resolve(cwd, one)).join(delimiter);
  const { kind, file } = await writeShim(resolve(cwd, folder), {
    command: program,
    environment: {
      ...(db === undefined ? {} : { HOLDFAST_STATE_DB: resolve(cwd, db) }),
      ...(data === undefined ? {} : { HOLDFAST_DATA_DIR: resolve(cwd, data) }),
      ...(skills.length === 0 ? {} : { HOLDFAST_SKILLS: list(skills) }),
      ...(outputRoot.length === 0 ? {} : { HOLDFAST_OUTPUT_ROOT: list(outputRoot) }),
    },
  });
  return {
    exitCode: 0,
    document: { file, outcome: kind },
    text: () =>
      text([`${file}  ${kind}`, `Put it first in PATH: export PATH=${resolve(cwd, folder)}:$PATH`]),
  };
}
