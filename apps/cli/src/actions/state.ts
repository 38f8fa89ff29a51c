import { formatStateLine, splitPatterns } from '@holdfast/skill-sync';
import type { StateEntry } from '@holdfast/skill-sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { withStore } from '../skills/open-state.js';
import type { StoreInput } from '../skills/open-state.js';

export interface PatternInput extends StoreInput {
  readonly pattern?: readonly string[];
}

/** `holdfast state list`: lists the rows whose keys match, as `KEY=VALUE`. */
export async function listState(
  context: CommandContext,
  input: PatternInput,
): Promise<CommandResult> {
  const entries = await readEntries(context, input);
  const lines = entries.map(({ key, value }) => `${key}=${value}\n`);
  const output = lines.length > 0 ? lines : ['No keys found.\n'];
  return { exitCode: 0, document: { entries }, text: () => output.join(''), raw: () => output };
}

/** `holdfast state get`: prints the value of a key, as `KEY=VALUE`. */
export async function getState(
  context: CommandContext,
  { key, ...input }: StoreInput & { readonly key: string },
): Promise<CommandResult> {
  return withStore(context, input, 'read', (store): CommandResult => {
    const entry = store.get(key);
    if (!entry) {
      const message = `there is no key ${JSON.stringify(key)} in ${store.file}`;
      const hint = 'list what is there: holdfast state list';
      const error = { code: 'no-key', message, blame: 'input', hint } as const;
      return { exitCode: 1, error, document: {}, text: () => '' };
    }
    const line = `${key}=${entry.value}\n`;
    const document = { key, value: entry.value };
    return { exitCode: 0, document, text: () => line, raw: () => [line] };
  });
}

/** `holdfast state export`: prints the rows as JSON Lines. */
export async function exportState(
  context: CommandContext,
  input: PatternInput,
): Promise<CommandResult> {
  const entries = await readEntries(context, input);
  const lines = entries.map((entry) => `${formatStateLine(entry)}\n`);
  return { exitCode: 0, document: { entries }, text: () => lines.join(''), raw: () => lines };
}

async function readEntries(
  context: CommandContext,
  { pattern, ...input }: PatternInput,
): Promise<StateEntry[]> {
  const patterns = pattern?.flatMap(splitPatterns);
  return withStore(context, input, 'read', (store) => store.list(patterns));
}
