import type { AnyCommand } from './command.js';
import type { CommandContext, CommandResult } from './command-result.js';
import { describeError } from './describe-error.js';
import type { ErrorDocument } from './describe-error.js';
import { redactError, redactOutput } from './redact-output.js';
import { exitCodeOf } from './exit-code.js';
import type { ExitCode } from './exit-code.js';

/** The version of every JSON document; it changes when a key is taken away or means something else. */
const DOCUMENT_VERSION = 1;

/** The keys that every document begins with. */
export interface DocumentHead {
  /** The command that ran; null: the arguments named none, or were wrong. */
  readonly command: string | null;
  readonly exitCode: ExitCode;
  readonly error?: ErrorDocument;
}

/**
 * Runs a command on an input that has the shape it declares.
 *
 * @returns what it came to, also where it failed; nothing is thrown.
 */
export async function performCommand(
  command: AnyCommand,
  context: CommandContext,
  input: Readonly<Record<string, unknown>>,
): Promise<CommandResult> {
  const { stderr, environment } = context.surroundings;
  try {
    const result = await command.run(context, input);
    return result.error
      ? { ...result, error: await redactError(result.error, environment) }
      : result;
  } catch (thrown) {
    if (context.logLevel === 'debug' && thrown instanceof Error) {
      stderr.write(await redactOutput(`${thrown.stack}\n`, environment));
    }
    const error = await redactError(describeError(thrown), environment);
    return { exitCode: exitCodeOf(error), error, document: {}, text: () => '' };
  }
}

/** What `--json` prints of a result, and what a tool for agents gives as structured content. */
export function documentOf(
  { name }: Pick<AnyCommand, 'name'>,
  { exitCode, error, document }: CommandResult,
): object {
  return headDocument({ command: name, exitCode, ...(error ? { error } : {}) }, document);
}

/** A document with the keys that every one begins with. */
export function headDocument(head: DocumentHead, rest: object = {}): object {
  return { holdfast: DOCUMENT_VERSION, ...head, ...rest };
}
