import { readConfiguration } from '@holdfast/fleet';
import { rulesOfBothDirections } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { pushOneCatalogue } from './push-catalogue.js';
import type { PushInput } from './push-outcome.js';
import { pushRule } from './push-rule.js';

/**
 * `holdfast push`: local edits of a catalogue, or a target's edits of what a rule of both directions
 * delivers, as a change request on the source. Asks once for all of them.
 */
export async function push(context: CommandContext, input: PushInput): Promise<CommandResult> {
  const { surroundings, config } = context;
  const read = await readConfiguration(surroundings.cwd, config, { rulesRequired: false });
  const catalogues = Object.keys(read.configuration.catalogues);
  const rules = rulesOfBothDirections(read);
  const name = input.name ?? theOnly([...catalogues, ...rules]);
  if (catalogues.includes(name)) return pushOneCatalogue(context, name, input);
  if (read.rules.some(({ rule }) => rule.id === name)) return pushRule(context, name, input);
  throw new CliError(
    'bad-argument',
    `the configuration has no catalogue and no rule ${JSON.stringify(name)}`,
    { hint: hintOf([...catalogues, ...rules]) },
  );
}

function theOnly(names: readonly string[]): string {
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new CliError(
    'bad-argument',
    only === undefined ? 'there is nothing that flows back' : 'there are several that flow back',
    { hint: hintOf(names) },
  );
}

function hintOf(names: readonly string[]): string {
  return names.length > 0
    ? `name one: ${names.join(', ')}`
    : 'write a catalogue with holdfast init catalogue, or say direction: both in a rule';
}
