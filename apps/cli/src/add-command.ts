import { Argument as CommanderArgument, Command, InvalidArgumentError, Option } from 'commander';
import { flagOf } from './command.js';
import type { AnyCommand, Argument, CommandGroup, Flag, ValueOption } from './command.js';

/** A first word that several commands share, like `requests`. */
export interface Topic {
  readonly summary: string;
  readonly group: CommandGroup;
}

/**
 * Declares a command to commander: its arguments, options and help. `perform` is given the input that
 * the command declares.
 */
export function addCommand(
  program: Command,
  definition: AnyCommand,
  {
    topics,
    perform,
  }: {
    readonly topics: Readonly<Record<string, Topic>>;
    readonly perform: (input: Readonly<Record<string, unknown>>) => Promise<void>;
  },
): void {
  const { name, summary, group, examples = [] } = definition;
  const args = Object.entries<Argument>(definition.arguments ?? {});
  const options = Object.entries<ValueOption | Flag>(definition.options ?? {});
  const words = name.split(' ');
  const parent = words.length > 1 ? topicOf(program, words[0]!, topics) : program;
  const command = parent.command(words.at(-1)!).description(summary);
  if (parent === program) command.helpGroup(`${group}:`);
  for (const [key, argument] of args) command.addArgument(argumentOf(key, argument));
  for (const [key, option] of options) command.addOption(optionOf(key, option));
  if (examples.length > 0) command.addHelpText('after', renderExamples(examples));
  command.action((...values: unknown[]) => {
    const given = args.map(([key], position) => [key, values[position]] as const);
    // Of `mcp install --read-only` commander gives the flag to `mcp`, which has one of the same name.
    const flags = command.optsWithGlobals<Record<string, unknown>>();
    const own = options.map(([key]) => [key, flags[key]] as const);
    const input = [...given, ...own].filter(([, value]) => value !== undefined);
    return perform(Object.fromEntries(input));
  });
}

function topicOf(program: Command, word: string, topics: Readonly<Record<string, Topic>>): Command {
  const known = program.commands.find((command) => command.name() === word);
  if (known) return known;
  const topic = topics[word];
  if (!topic) throw new Error(`commands/index.ts has no topic ${word}`);
  return program.command(word).description(topic.summary).helpGroup(`${topic.group}:`);
}

function argumentOf(key: string, shape: Argument): CommanderArgument {
  const name = `${key}${shape.repeatable ? '...' : ''}`;
  const argument = new CommanderArgument(
    shape.optional ? `[${name}]` : `<${name}>`,
    shape.description,
  );
  if (shape.choices) argument.choices(shape.choices);
  if (shape.minimum !== undefined) argument.argParser((text) => readNumber(text, shape));
  return argument;
}

function optionOf(key: string, shape: ValueOption | Flag): Option {
  const option = new Option(
    'value' in shape ? `--${flagOf(key)} <${shape.value}>` : `--${flagOf(key)}`,
    'value' in shape && shape.repeatable
      ? `${shape.description}; may be repeated`
      : shape.description,
  );
  option.conflicts([...(shape.conflicts ?? [])]);
  if (!('value' in shape)) return option;
  if (shape.choices) option.choices(shape.choices);
  if (shape.default !== undefined) option.default(shape.default);
  if (shape.required) option.makeOptionMandatory();
  if (shape.minimum !== undefined) option.argParser((text) => readNumber(text, shape));
  else if (shape.repeatable) {
    option.argParser((text, values: readonly string[] = []) => {
      if (!shape.choices || shape.choices.includes(text)) return [...values, text];
      throw new InvalidArgumentError(`Allowed choices are ${shape.choices.join(', ')}.`);
    });
  }
  return option;
}

function readNumber(text: string, { minimum = 0, mark = '' }: Argument | ValueOption): number {
  const digits = mark !== '' && text.startsWith(mark) ? text.slice(mark.length) : text;
  const number = Number(digits);
  if (/^\d{1,9}$/.test(digits) && number >= minimum) return number;
  throw new InvalidArgumentError(`expected a number, ${minimum} or more.`);
}

function renderExamples(examples: NonNullable<AnyCommand['examples']>): string {
  const lines = examples.flatMap(({ command, shows }) => [`  # ${shows}`, `  $ ${command}`]);
  return ['\nExamples:', ...lines].join('\n');
}
