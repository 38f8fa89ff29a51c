import { generateSkills, openStore, watchStore } from '@holdfast/skill-sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import type { ErrorDocument } from '../describe-error.js';
import { exitCodeOf } from '../exit-code.js';
import { renderMarkup } from '../markup.js';
import { renderOutcomes } from '../render/skill-outcomes.js';
import { count, text } from '../render/words.js';
import { findSkills, generateOptions } from '../skills/open-skills.js';
import type { SkillsInput } from '../skills/open-skills.js';
import { locate } from '../skills/open-state.js';
import { presentOutcome } from '../skills/present-outcome.js';

export interface WatchInput extends SkillsInput {
  readonly debounce?: number;
  readonly every?: number;
  readonly timeout?: number;
}

/**
 * `holdfast skills watch`: generates after each burst of changes, and at each heartbeat, until it is
 * interrupted. What it does is told on stderr as it happens; skills that were found wrong are tried again
 * when something changes.
 */
export async function watch(context: CommandContext, input: WatchInput): Promise<CommandResult> {
  const { surroundings } = context;
  const { stderr, clock, signal } = surroundings;
  const location = locate(context, input);
  const missing = location.kind === 'named' ? 'error' : 'empty';
  let runs = 0;
  let generated = 0;
  let failure: ErrorDocument | undefined;
  const tell = (lines: readonly string[]) => {
    const time = clock().toISOString();
    for (const line of lines) stderr.write(`${time} ${renderMarkup(line, { color: false })}\n`);
  };
  try {
    await watchStore({
      file: location.file,
      open: () => openStore(location.file, { access: 'read', missing }),
      debounce: input.debounce ?? 500,
      every: (input.every ?? 0) * 1000,
      signal,
      onChange: async (store, cause) => {
        runs++;
        if (cause === 'start') tell([`watching ${location.file}`]);
        try {
          const { skills } = await findSkills(context, input);
          const options = generateOptions(context, input, { store, location });
          const outcomes = await generateSkills(skills, options);
          const told = outcomes.filter(({ kind }) => kind !== 'current');
          generated += told.filter(({ kind }) => kind === 'generated').length;
          tell(renderOutcomes(told.map(presentOutcome)));
        } catch (error) {
          tell([`failed: ${describeError(error).message}`]);
        }
      },
    });
  } catch (error) {
    failure = describeError(error);
  }
  return {
    exitCode: failure ? exitCodeOf(failure) : 0,
    ...(failure ? { error: failure } : {}),
    document: { runs, generated },
    text: () => text([`Looked ${count(runs, 'time')}, generated ${count(generated, 'output')}.`]),
  };
}
