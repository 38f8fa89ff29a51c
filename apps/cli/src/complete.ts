import { RootCommand, script } from '@bomb.sh/tab';
import type { Topic } from './add-command.js';
import { flagOf } from './command.js';
import type { AnyCommand, Argument, Flag, ValueOption } from './command.js';

const globalFlags = {
  json: 'print one JSON document instead of text',
  quiet: 'log nothing',
  verbose: 'show every finding, and log what is done',
  'no-color': 'print without colours',
  'connect-timeout': 'wait so long for a connection of a remote',
  'idle-timeout': 'wait so long for a sign of life of a remote',
  'total-timeout': 'wait so long for one exchange of a remote',
  help: 'display help for command',
};

/** The script that makes a shell ask `holdfast complete -- WORDS`. */
export function completionScript(shell: string): string {
  return printedBy(() => script(shell, 'holdfast', 'holdfast'));
}

/**
 * What could stand where the last of the words is begun.
 *
 * @returns a line for each, with its description after a tab, and what the shell is to do with them.
 */
export function complete(
  words: readonly string[],
  {
    commands,
    topics,
  }: { readonly commands: readonly AnyCommand[]; readonly topics: Readonly<Record<string, Topic>> },
): string {
  const root = new RootCommand();
  for (const [word, { summary }] of Object.entries(topics)) root.command(word, summary);
  for (const command of commands) {
    const known = root.command(command.name, command.summary);
    for (const [key, { choices, repeatable }] of Object.entries<Argument>(
      command.arguments ?? {},
    )) {
      known.argument(key, offer(choices), repeatable ?? false);
    }
    for (const [key, option] of Object.entries<ValueOption | Flag>(command.options ?? {})) {
      const handler = 'value' in option ? offer(option.choices) : undefined;
      if (handler) known.option(flagOf(key), option.description, handler);
      else known.option(flagOf(key), option.description);
    }
    for (const [flag, description] of Object.entries(globalFlags)) known.option(flag, description);
    known.option('config', 'the configuration', offer());
  }
  return printedBy(() => root.parse([...words]));
}

function offer(choices: readonly string[] = []) {
  return (add: (value: string, description: string) => void) => {
    for (const choice of choices) add(choice, '');
  };
}

/** What a function prints: the library that knows the shells' protocol prints, and returns nothing. */
function printedBy(print: () => void): string {
  /* eslint-disable no-console -- what is printed is caught here, and handed on */
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => lines.push(`${line}\n`);
  try {
    print();
  } finally {
    console.log = log;
  }
  /* eslint-enable no-console */
  return lines.join('');
}
