import { z } from 'zod';
import type { AnyCommand, Argument, Flag, Options, ValueOption } from './command.js';
import { errorDocument } from './documents/error.js';

/**
 * The schema of a command's input: one object of its arguments and options by their keys. A flag is
 * `true` or absent.
 */
export function inputSchema(command: AnyCommand): z.ZodType {
  const args = Object.entries<Argument>(command.arguments ?? {});
  const options = Object.entries<ValueOption | Flag>(command.options ?? {});
  const shape = Object.fromEntries([
    ...args.map(([key, argument]) => [key, argumentSchema(argument)]),
    ...options.map(([key, option]) => [key, optionSchema(option)]),
  ]) as z.core.$ZodLooseShape;
  return z.strictObject(shape).check(({ value, issues }) => {
    for (const [key, other] of conflictsIn(command.options ?? {}, value)) {
      issues.push({
        code: 'custom',
        path: [key],
        message: `${key} cannot stand beside ${other}`,
        input: value,
      });
    }
  });
}

/** The schema of what `--json` prints; undefined where the command declares none. */
export async function documentSchema(command: AnyCommand): Promise<z.ZodObject | undefined> {
  const document = await command.document?.();
  if (!document) return undefined;
  const head = {
    holdfast: z.literal(1),
    command: z.literal(command.name),
    exitCode: z.literal([0, 1, 2, 3]),
    error: errorDocument.optional(),
  };
  return z.object({ ...head, ...document.shape });
}

function argumentSchema(argument: Argument): z.ZodType {
  const { description, optional, repeatable } = argument;
  const value = valueSchema(argument);
  if (!repeatable) return (optional ? value.optional() : value).describe(description);
  const values = z.array(value);
  return (optional ? values.default([]) : values.min(1)).describe(description);
}

function optionSchema(option: ValueOption | Flag): z.ZodType {
  if (!('value' in option)) return z.literal(true).optional().describe(option.description);
  const { description, required, repeatable } = option;
  const value = repeatable ? z.array(valueSchema(option)).min(1) : valueSchema(option);
  if (required) return value.describe(description);
  if (option.default !== undefined) return value.default(option.default).describe(description);
  return value.optional().describe(description);
}

function valueSchema({ choices, minimum }: Argument | ValueOption): z.ZodType {
  if (choices) return z.enum(choices as [string, ...string[]]);
  return minimum === undefined ? z.string() : z.int().min(minimum);
}

function conflictsIn(
  options: Options,
  input: Readonly<Record<string, unknown>>,
): [string, string][] {
  return Object.entries(options).flatMap(([key, { conflicts = [] }]) =>
    conflicts
      .filter((other) => input[key] !== undefined && input[other] !== undefined)
      .map((other): [string, string] => [key, other]),
  );
}
