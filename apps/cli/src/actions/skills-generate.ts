import { availableParallelism } from 'node:os';
import { generateSkills } from '@holdfast/skill-sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { worst } from '../exit-code.js';
import { renderFinding } from '../render/findings.js';
import { renderOutcomes } from '../render/skill-outcomes.js';
import { text } from '../render/words.js';
import { findSkills, generateOptions, pickSkill } from '../skills/open-skills.js';
import type { SkillsInput } from '../skills/open-skills.js';
import { withStore } from '../skills/open-state.js';
import { exitCodeOfOutcome, presentOutcome } from '../skills/present-outcome.js';

export interface GenerateInput extends SkillsInput {
  readonly skill?: string;
  readonly all?: true;
  readonly check?: true;
  readonly force?: true;
  readonly jobs?: number;
  readonly timeout?: number;
}

/** `holdfast skills generate`: brings one skill or all up to date, or says what would change. */
export async function generate(
  context: CommandContext,
  input: GenerateInput,
): Promise<CommandResult> {
  if ((input.skill === undefined) === (input.all === undefined)) {
    throw new CliError('bad-argument', 'say which: --skill NAME, or --all', {
      hint: 'holdfast skills list shows the names',
    });
  }
  const found = await findSkills(context, input);
  const meant = input.skill === undefined ? found.skills : [pickSkill(found, input.skill)];
  const findings = found.findings.filter(
    ({ data }) => input.skill === undefined || data?.['name'] === input.skill,
  );
  const outcomes = await withStore(context, input, 'read', (store, location) =>
    generateSkills(meant, {
      ...generateOptions(context, input, { store, location }),
      check: input.check ?? false,
      force: input.force ?? false,
      jobs: input.jobs ?? availableParallelism(),
    }),
  );
  const presented = outcomes.map(presentOutcome);
  return {
    exitCode: worst([...outcomes.map(exitCodeOfOutcome), findings.length > 0 ? 1 : 0]),
    document: { outcomes: presented, findings },
    text: () => {
      const lines = [...findings.map(renderFinding), ...renderOutcomes(presented)];
      return text(lines.length > 0 ? lines : ['No skill with a SYNC.json was found.']);
    },
  };
}
