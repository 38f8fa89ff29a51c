import type { Skill } from '../skill/skill.js';
import type { GenerateOutcome } from './generate-outcome.js';
import { generateSkill, type GenerateOptions } from './generate-skill.js';

export interface GenerateSkillsOptions extends GenerateOptions {
  /** How many run at a time. Default: 1. */
  readonly jobs?: number;
  /** Called with each outcome as it comes. */
  readonly onOutcome?: (outcome: GenerateOutcome) => void;
}

/**
 * Brings the outputs of several skills up to date. One that fails does not keep the others from it: what
 * it throws is an outcome, too.
 *
 * @returns The outcomes in the order of the skills.
 */
export async function generateSkills(
  skills: readonly Skill[],
  options: GenerateSkillsOptions,
): Promise<GenerateOutcome[]> {
  const { jobs = 1, onOutcome } = options;
  const outcomes: GenerateOutcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < skills.length; index = next++) {
      const skill = skills[index] as Skill;
      const outcome = await generateSkill(skill, options).catch(
        (error: unknown): GenerateOutcome => {
          if (!(error instanceof Error)) throw error;
          return {
            skill: skill.name,
            kind: 'failed',
            reason: 'error',
            message: error.message,
            error,
          };
        },
      );
      outcomes[index] = outcome;
      onOutcome?.(outcome);
    }
  };
  const workers = Math.min(Math.max(1, jobs), skills.length);
  await Promise.all(Array.from({ length: workers }, work));
  return outcomes;
}
