import type { AnyCommand, Argument, Flag, ValueOption } from '../command.js';
import { flagOf } from '../command.js';

/** A manual page in the macros of man(7): each command with its arguments, options and examples. */
export function renderManPage(commands: readonly AnyCommand[]): string {
  return [
    '.TH HOLDFAST 1',
    '.SH NAME',
    'holdfast \\- keep many repositories anchored to one source of truth',
    '.SH SYNOPSIS',
    '.B holdfast',
    '.I command',
    '[arguments] [options]',
    '.SH COMMANDS',
    ...commands.flatMap(renderCommand),
    '.SH GLOBAL OPTIONS',
    ...entry(
      '\\fB\\-\\-config\\fR \\fIfile\\fR',
      'the configuration; default: the nearest holdfast.yaml, upward',
    ),
    ...entry('\\fB\\-\\-json\\fR', 'print one JSON document instead of text'),
    ...entry('\\fB\\-\\-quiet\\fR', 'log nothing'),
    ...entry('\\fB\\-\\-verbose\\fR', 'show every finding, and log what is done'),
    ...entry('\\fB\\-\\-no\\-color\\fR', 'print without colours'),
    '.SH EXIT STATUS',
    ...entry('0', 'done, nothing found'),
    ...entry('1', 'done, with findings'),
    ...entry('2', 'the input is wrong'),
    ...entry('3', 'the surroundings failed'),
    '',
  ].join('\n');
}

function renderCommand(command: AnyCommand): string[] {
  const args = Object.entries<Argument>(command.arguments ?? {});
  const options = Object.entries<ValueOption | Flag>(command.options ?? {});
  const words = args.map(([key, { optional, repeatable }]) => {
    const word = `\\fI${escape(key)}\\fR${repeatable ? ' ...' : ''}`;
    return optional ? `[${word}]` : word;
  });
  return [
    `.SS ${[`holdfast ${escape(command.name)}`, ...words].join(' ')}`,
    line(`${command.summary}.`),
    ...args.flatMap(([key, argument]) =>
      entry(`\\fI${escape(key)}\\fR`, argument.description + choicesOf(argument)),
    ),
    ...options.flatMap(([key, option]) => {
      const value = 'value' in option ? ` \\fI${escape(option.value)}\\fR` : '';
      const choices = 'value' in option ? choicesOf(option) : '';
      return entry(`\\fB\\-\\-${escape(flagOf(key))}\\fR${value}`, option.description + choices);
    }),
    ...(command.examples ?? []).flatMap((example) => [
      '.PP',
      line(`${example.shows}:`),
      '.PP',
      '.nf',
      line(`    ${example.command}`),
      '.fi',
    ]),
  ];
}

function choicesOf({ choices }: { readonly choices?: readonly string[] }): string {
  return choices ? `: ${choices.join(', ')}` : '';
}

function entry(tag: string, description: string): string[] {
  return ['.TP', tag, line(description)];
}

/** A line of text: nothing in it is taken for a request. */
function line(text: string): string {
  return /^[.']/.test(text) ? `\\&${escape(text)}` : escape(text);
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}
