import { createInterface } from 'node:readline';
import { CliError } from './cli-error.js';
import type { CommandContext } from './command-result.js';

/**
 * Asks on the terminal, and throws unless the answer is yes. Where nobody can be asked the answer is no.
 */
export async function confirm(
  { surroundings: { stdin, stderr } }: CommandContext,
  question: string,
  { declined = 'nothing was deleted' }: { readonly declined?: string } = {},
): Promise<void> {
  if (!stdin.isTTY) {
    throw new CliError('bad-argument', 'this asks, and there is no terminal to ask on', {
      hint: 'agree beforehand with --yes',
    });
  }
  stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    const { value = '' } = (await lines[Symbol.asyncIterator]().next()) as { value?: string };
    if (/^y(?:es)?$/i.test(value.trim())) return;
  } finally {
    lines.close();
  }
  throw new CliError('interrupted', declined);
}
