import type { z } from 'zod';
import type { CommandContext, CommandResult } from './command-result.js';

/** What the help and the documentation show a command under. */
export type CommandGroup =
  | 'Set up'
  | 'Distribute'
  | 'Look'
  | 'Change requests'
  | 'Check files'
  | 'Skills'
  | 'Catalogues'
  | 'For agents'
  | 'Catalogs';

/** What a command does to the world: an agent is told, and asks before it runs one that destroys. */
export type CommandEffects =
  | { readonly readOnly: true }
  | {
      readonly readOnly: false;
      /** Whether it can take away or overwrite what was there. */
      readonly destructive: boolean;
      /** Whether running it again with the same input changes nothing more. */
      readonly idempotent: boolean;
    };

interface ValueShape {
  readonly description: string;
  /** Absent: any text. */
  readonly choices?: readonly string[];
  /** Present: a whole number, this or more, rather than text. */
  readonly minimum?: number;
  /** With `minimum`: what may stand before the number, like the `#` of `#12`. */
  readonly mark?: string;
}

/** A word of the command line that has its meaning from its position. */
export interface Argument extends ValueShape {
  readonly optional?: true;
  /** Takes all words that are left; none where it is optional too. Only the last one can. */
  readonly repeatable?: true;
}

/** `--release <tag>`: an option with a value. */
export interface ValueOption extends ValueShape {
  /** What the help calls the value. */
  readonly value: string;
  readonly required?: true;
  readonly repeatable?: true;
  /** What an absent option means; not for repeatable ones. */
  readonly default?: string;
  /** Keys of options that cannot stand beside this one. */
  readonly conflicts?: readonly string[];
}

/** `--dry-run`: an option that is there or not. */
export interface Flag {
  readonly description: string;
  readonly conflicts?: readonly string[];
}

/** Keyed as in the input, in the order of the command line. */
export type Arguments = Readonly<Record<string, Argument>>;

/** Keyed as in the input: `acceptMovedTag` is `--accept-moved-tag`. */
export type Options = Readonly<Record<string, ValueOption | Flag>>;

type Value<Shape> = Shape extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Shape extends { readonly minimum: number }
    ? number
    : string;

type Values<Shape> = Shape extends { readonly repeatable: true }
  ? readonly Value<Shape>[]
  : Value<Shape>;

/** Arguments that are in the input only when they were given; a repeatable one always is. */
type Omissible = { readonly optional: true; readonly repeatable?: never };

/** Options that are always in the input. */
type Present = { readonly required: true } | { readonly default: string };

/** What a command is given, derived from its declarations. */
export type InputOf<A extends Arguments, O extends Options> = {
  readonly [Key in keyof A as A[Key] extends Omissible ? never : Key]: Values<A[Key]>;
} & {
  readonly [Key in keyof A as A[Key] extends Omissible ? Key : never]?: Value<A[Key]>;
} & {
  readonly [Key in keyof O as O[Key] extends Present ? Key : never]: Values<O[Key]>;
} & {
  readonly [Key in keyof O as O[Key] extends Present ? never : Key]?: O[Key] extends ValueOption
    ? Values<O[Key]>
    : true;
};

/** A command line that shows what a command is good for. */
export interface Example {
  readonly command: string;
  readonly shows: string;
}

/**
 * One command: what the command line, the tools for agents and the documentation are made of. Its
 * data is loaded at every start, so that it imports nothing but types; the code is behind `run`.
 */
export interface CommandDefinition<A extends Arguments = Arguments, O extends Options = Options> {
  /** The words that call it: `requests list`. */
  readonly name: string;
  /** One line, lower case, without a full stop. */
  readonly summary: string;
  readonly group: CommandGroup;
  readonly effects: CommandEffects;
  readonly arguments?: A;
  readonly options?: O;
  readonly examples?: readonly Example[];
  /** Whether `--format json` is `--json`: prints the document. */
  readonly hasJsonFormat?: true;
  /** False: no tool for agents is made of it, since it runs on, or is for the person at the terminal. */
  readonly tool?: false;
  /** The schema of what `--json` prints beside `holdfast`, `command`, `exitCode` and `error`. */
  document?(): Promise<z.ZodObject>;
  /** Loads the code of the command and runs it. */
  run(context: CommandContext, input: InputOf<A, O>): Promise<CommandResult>;
}

/** Any command, for those who go through all of them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the input is known to the command alone
export type AnyCommand = CommandDefinition<any, any>;

/** A command as it stands; infers what its `run` is given from what it declares. */
export function defineCommand<
  const A extends Arguments = Record<never, never>,
  const O extends Options = Record<never, never>,
>(command: CommandDefinition<A, O>): CommandDefinition<A, O> {
  return command;
}

/** `acceptMovedTag` as it is written: `accept-moved-tag`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
