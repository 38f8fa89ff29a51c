import { describeSkills } from '@holdfast/skill-sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderSkills, renderValidated } from '../render/skills.js';
import { findSkills, pickSkill } from '../skills/open-skills.js';
import type { SkillsInput } from '../skills/open-skills.js';
import { withStore } from '../skills/open-state.js';

/** `holdfast skills list`: how each output stands. Writes and runs nothing. */
export async function listSkills(
  context: CommandContext,
  input: SkillsInput,
): Promise<CommandResult> {
  const { skills, findings } = await findSkills(context, input);
  const described = await withStore(context, input, 'read', (store, { file }) =>
    describeSkills(skills, { store, storeFile: file }),
  );
  return {
    exitCode: 0,
    document: {
      skills: described.map(({ name, lastRun = null, outputs, ...rest }, index) => ({
        skill: name,
        output: skills[index]?.manifest?.outputFile ?? null,
        lastRun,
        outputs,
        ...rest,
      })),
      findings,
    },
    text: () => renderSkills(described, findings),
  };
}

/** `holdfast skills validate`: what is wrong with one skill, or with any. */
export async function validateSkills(
  context: CommandContext,
  input: SkillsInput & { readonly skill?: string },
): Promise<CommandResult> {
  const found = await findSkills(context, input);
  const meant = input.skill === undefined ? found.skills : [pickSkill(found, input.skill)];
  const findings = found.findings.filter(
    ({ data }) => input.skill === undefined || data?.['name'] === input.skill,
  );
  const skills = meant.map(({ name, directory, findings }) => ({
    skill: name,
    directory,
    valid: !findings.some(({ severity }) => severity === 'error'),
    findings,
  }));
  const valid = findings.length === 0 && skills.every((skill) => skill.valid);
  return {
    exitCode: valid ? 0 : 1,
    document: { valid, skills, findings },
    text: () => renderValidated(skills, findings),
  };
}
