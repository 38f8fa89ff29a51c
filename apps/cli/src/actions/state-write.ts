import {
  generateSkills,
  matchesPattern,
  parseStateLines,
  splitPatterns,
} from '@holdfast/skill-sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { worst } from '../exit-code.js';
import { readInputFile } from '../read-input-file.js';
import { renderOutcomes } from '../render/skill-outcomes.js';
import { count, text } from '../render/words.js';
import { confirm } from '../confirm.js';
import { findSkills, generateOptions } from '../skills/open-skills.js';
import type { SkillsInput } from '../skills/open-skills.js';
import { withStore } from '../skills/open-state.js';
import type { StoreInput } from '../skills/open-state.js';
import { exitCodeOfOutcome, presentOutcome } from '../skills/present-outcome.js';
import { readAll } from '../skills/read-all.js';

export interface SetInput extends SkillsInput {
  readonly key: string;
  readonly value: string;
  readonly generate?: true;
  readonly timeout?: number;
}

/** `holdfast state set`: writes a row; with `--generate` renders what is made from it. */
export async function setState(context: CommandContext, input: SetInput): Promise<CommandResult> {
  const { key } = input;
  const value = input.value === '-' ? await readAll(context.surroundings.stdin) : input.value;
  return withStore(context, input, 'write', async (store, location): Promise<CommandResult> => {
    store.set(key, value);
    const document = { key, value };
    const line = `Set ${key}=${value}\n`;
    if (!input.generate) {
      return { exitCode: 0, document, text: () => line, raw: () => [line] };
    }
    const { skills } = await findSkills(context, input);
    const meant = skills.filter(({ manifest }) =>
      manifest?.patterns.some((pattern) => matchesPattern(key, pattern)),
    );
    const options = generateOptions(context, input, { store, location });
    const outcomes = await generateSkills(meant, options);
    const presented = outcomes.map(presentOutcome);
    return {
      exitCode: worst(outcomes.map(exitCodeOfOutcome)),
      document: { ...document, outcomes: presented },
      text: () =>
        line +
        renderOutcomes(presented)
          .map((one) => `${one}\n`)
          .join(''),
    };
  });
}

export interface DeleteInput extends StoreInput {
  readonly keys: readonly string[];
  readonly pattern?: readonly string[];
  readonly yes?: true;
}

/** `holdfast state delete`: deletes rows by key or by pattern, after asking. */
export async function deleteState(
  context: CommandContext,
  { keys, pattern, yes, ...input }: DeleteInput,
): Promise<CommandResult> {
  if ((keys.length === 0) === (pattern === undefined)) {
    throw new CliError('bad-argument', 'name the keys, or a --pattern that they match', {
      hint: 'holdfast state delete KEY…, or holdfast state delete --pattern PATTERN',
    });
  }
  const patterns = pattern?.flatMap(splitPatterns);
  if (!yes) {
    const found = await withStore(context, input, 'read', (store) =>
      patterns ? store.list(patterns).map(({ key }) => key) : keys.filter((key) => store.get(key)),
    );
    const shown = found.slice(0, 10).map((key) => `  ${key}`);
    const rest = found.length > shown.length ? [`  … ${found.length - shown.length} more`] : [];
    await confirm(context, [...shown, ...rest, `Delete ${count(found.length, 'key')}?`].join('\n'));
  }
  return withStore(context, input, 'write', (store): CommandResult => {
    const deleted = patterns ? store.deleteMatching(patterns) : store.delete(keys);
    return { exitCode: 0, document: { deleted }, text: () => `Deleted ${deleted} key(s)\n` };
  });
}

/** `holdfast state import`: writes rows from JSON Lines, all or none. */
export async function importState(
  context: CommandContext,
  { file, ...input }: StoreInput & { readonly file?: string },
): Promise<CommandResult> {
  const { cwd, stdin } = context.surroundings;
  const isStdin = file === undefined || file === '-';
  const lines = isStdin ? await readAll(stdin) : await readLines(cwd, file);
  return withStore(context, input, 'write', (store): CommandResult => {
    const imported = store.importEntries(parseStateLines(lines, isStdin ? 'stdin' : file));
    return {
      exitCode: 0,
      document: { imported },
      text: () => text([`Imported ${count(imported, 'key')} into ${store.file}`]),
    };
  });
}

async function readLines(cwd: string, file: string): Promise<string> {
  const hint = 'name a file as holdfast state export writes it';
  const content = await readInputFile(cwd, file, { named: 'import', hint });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (cause) {
    throw new CliError('bad-argument', `${file} is not UTF-8`, { hint, cause });
  }
}
