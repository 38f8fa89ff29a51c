import { CliError } from '../cli-error.js';
import type { AnyCommand, Argument, Flag, ValueOption } from '../command.js';
import { flagOf } from '../command.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderManPage } from '../render/man-page.js';

export interface HelpInput {
  readonly command: readonly string[];
  readonly man?: true;
}

/** `holdfast help`: what `--help` prints, of the whole or of one command. */
export async function help(
  { helpOf }: CommandContext,
  { command: words, man }: HelpInput,
): Promise<CommandResult> {
  const { commands } = await import('../commands/index.js');
  const name = words.join(' ');
  const named = commands.filter(
    (command) => name === '' || command.name === name || command.name.startsWith(`${name} `),
  );
  if (named.length === 0) {
    throw new CliError('bad-argument', `there is no command ${JSON.stringify(name)}`, {
      hint: 'holdfast help lists the commands',
    });
  }
  return {
    exitCode: 0,
    document: { commands: named.map(documentOf) },
    text: () => (man ? renderManPage(named) : (helpOf?.(words) ?? '')),
  };
}

function documentOf(command: AnyCommand): object {
  const { name, summary, group, effects, examples = [] } = command;
  return {
    name,
    summary,
    group,
    readOnly: effects.readOnly,
    arguments: Object.entries<Argument>(command.arguments ?? {}).map(([key, argument]) => ({
      name: key,
      description: argument.description,
      ...(argument.choices ? { choices: argument.choices } : {}),
      required: !argument.optional,
      repeatable: argument.repeatable ?? false,
    })),
    options: Object.entries<ValueOption | Flag>(command.options ?? {}).map(([key, option]) => ({
      name: `--${flagOf(key)}`,
      description: option.description,
      ...('value' in option ? { value: option.value } : {}),
      ...('value' in option && option.choices ? { choices: option.choices } : {}),
      required: 'value' in option && (option.required ?? false),
      repeatable: 'value' in option && (option.repeatable ?? false),
    })),
    examples,
  };
}
