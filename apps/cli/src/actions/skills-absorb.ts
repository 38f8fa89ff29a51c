import { absorbSkill } from '@holdfast/skill-sync';
import type { AbsorbOutcome } from '@holdfast/skill-sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { renderAbsorbed } from '../render/absorbed.js';
import { renderOutcomes } from '../render/skill-outcomes.js';
import { text } from '../render/words.js';
import { findSkills, generateOptions, pickSkill } from '../skills/open-skills.js';
import type { SkillsInput } from '../skills/open-skills.js';
import { withStore } from '../skills/open-state.js';
import { exitCodeOfOutcome, presentOutcome } from '../skills/present-outcome.js';

export interface AbsorbInput extends SkillsInput {
  readonly name: string;
  readonly yes?: true;
  readonly timeout?: number;
}

/** `holdfast skills absorb`: the plan that takes an edit back into the state, or its application. */
export async function absorb(context: CommandContext, input: AbsorbInput): Promise<CommandResult> {
  const skill = pickSkill(await findSkills(context, input), input.name);
  const access = input.yes ? 'write' : 'read';
  const outcome = await withStore(context, input, access, (store, location) =>
    absorbSkill(skill, {
      ...generateOptions(context, input, { store, location }),
      apply: input.yes ?? false,
    }),
  );
  const generated = outcome.kind === 'absorbed' ? presentOutcome(outcome.generated) : undefined;
  return {
    exitCode: exitCodeOf(outcome),
    document: present(outcome),
    text: () =>
      text([...renderAbsorbed(outcome), ...(generated ? renderOutcomes([generated]) : [])]),
  };
}

function exitCodeOf(outcome: AbsorbOutcome): ExitCode {
  switch (outcome.kind) {
    case 'nothing':
      return 0;
    case 'absorbed':
      return exitCodeOfOutcome(outcome.generated);
    case 'planned':
    case 'conflicted':
    case 'unreadable':
      return 1;
    case 'refused':
      return 2;
    case 'failed':
      return 3;
  }
}

function present(outcome: AbsorbOutcome): object {
  const { skill, kind, ...rest } = outcome;
  const head = { skill, outcome: kind };
  switch (outcome.kind) {
    case 'absorbed':
      return { ...head, ...rest, generated: presentOutcome(outcome.generated) };
    case 'conflicted':
      return { ...head, operations: outcome.operations, conflicts: outcome.keys };
    case 'nothing':
    case 'planned':
    case 'unreadable':
    case 'refused':
    case 'failed':
      return { ...head, ...rest };
  }
}
