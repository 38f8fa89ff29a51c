import type { AnyCommand, Argument, Flag, ValueOption } from '../command.js';
import { flagOf } from '../command.js';
import { quote } from '../selection.js';

/** What a person would type to run a command on this input. */
export function commandLine(command: AnyCommand, input: Readonly<Record<string, unknown>>): string {
  const options = Object.entries<ValueOption | Flag>(command.options ?? {}).flatMap(([key]) => {
    const value = input[key];
    if (value === undefined) return [];
    if (value === true) return [`--${flagOf(key)}`];
    return [value].flat().map((one) => `--${flagOf(key)} ${quote(String(one))}`);
  });
  const args = Object.entries<Argument>(command.arguments ?? {}).flatMap(([key]) =>
    [input[key] ?? []].flat().map((one) => quote(String(one))),
  );
  return ['holdfast', command.name, ...args, ...options].join(' ');
}
