import { expect, test } from 'vitest';
import type { Argument, Flag, ValueOption } from '../command.js';
import { commands, topics } from './index.js';

test.each(commands.map((command) => [command.name, command] as const))(
  '%s is declared well',
  (name, command) => {
    const args = Object.entries<Argument>(command.arguments ?? {});
    const options = Object.entries<ValueOption | Flag>(command.options ?? {});
    const keys = new Set([...args, ...options].map(([key]) => key));
    expect(keys.size, 'a key is an argument or an option').toBe(args.length + options.length);
    for (const [key, { conflicts = [] }] of options) {
      for (const other of conflicts) expect(keys, `${key} conflicts with it`).toContain(other);
    }
    const required = args.findLastIndex(([, argument]) => !argument.optional);
    expect(args.slice(0, required + 1).filter(([, argument]) => argument.optional)).toEqual([]);
    expect(args.slice(0, -1).filter(([, argument]) => argument.repeatable)).toEqual([]);
    for (const { command: line } of command.examples ?? []) {
      expect(line).toMatch(new RegExp(`^holdfast ${name}( |$)`));
    }
    const [first, second] = name.split(' ');
    const words = [...Object.keys(topics), ...commands.map((command) => command.name)];
    if (second !== undefined) expect(words).toContain(first);
  },
);

test('names are there once', () => {
  const names = commands.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
});
