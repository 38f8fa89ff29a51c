import { CommanderError } from 'commander';
import type { AnyCommand } from './command.js';
import { addCommand } from './add-command.js';
import type { CommandContext, CommandResult } from './command-result.js';
import { commands, topics } from './commands/index.js';
import { createProgram, MISUSE_HINT } from './create-program.js';
import { renderError } from './describe-error.js';
import type { ExitCode } from './exit-code.js';
import { renderMarkup } from './markup.js';
import { documentOf, headDocument, performCommand } from './perform-command.js';
import { redactOutput } from './redact-output.js';
import type { Output, Surroundings } from './surroundings.js';

interface GlobalFlags {
  readonly config?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
  readonly connectTimeout?: number;
  readonly idleTimeout?: number;
  readonly totalTimeout?: number;
}

/**
 * Runs the command line: parses the arguments, runs one command, prints what it came to. A command's
 * code is loaded when that command runs.
 *
 * @returns the exit code; nothing is thrown.
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { complete } = await import('./complete.js');
    surroundings.stdout.write(complete(argv.slice(2), { commands, topics }));
    return 0;
  }
  let exitCode: ExitCode = 0;
  const program = createProgram(surroundings);
  for (const command of commands) {
    addCommand(program, command, {
      topics,
      perform: async (input) => {
        const flags = program.opts<GlobalFlags>();
        const result = await performCommand(command, contextOf(surroundings, flags), input);
        const isDocument = command.hasJsonFormat === true && input['format'] === 'json';
        await print(result, command, isDocument ? { ...flags, json: true } : flags, surroundings);
        exitCode = result.exitCode;
      },
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = misuse(error, argv, surroundings);
  }
  return exitCode;
}

/** What `--help` prints; the command line is made anew, and prints into a text. */
function helpOf(words: readonly string[], columns: number | undefined): string {
  const parts: string[] = [];
  const output = {
    write: (text: string) => parts.push(text),
    ...(columns === undefined ? {} : { columns }),
  };
  const program = createProgram({ stdout: output, stderr: output });
  for (const command of commands) {
    addCommand(program, command, { topics, perform: () => Promise.resolve() });
  }
  let found = program;
  for (const word of words) {
    found = found.commands.find((command) => command.name() === word) ?? found;
  }
  found.outputHelp();
  return parts.join('');
}

function contextOf(surroundings: Surroundings, flags: GlobalFlags): CommandContext {
  return {
    surroundings,
    helpOf: (words) => helpOf(words, surroundings.stdout.columns),
    logLevel: flags.quiet ? 'silent' : flags.verbose ? 'debug' : 'warn',
    ...(flags.config === undefined ? {} : { config: flags.config }),
    timeouts: {
      connect_seconds: flags.connectTimeout,
      idle_seconds: flags.idleTimeout,
      total_seconds: flags.totalTimeout,
    },
  };
}

/** Prints the text or the document; an error goes to stderr for people, and into the document. */
async function print(
  result: CommandResult,
  command: AnyCommand,
  flags: GlobalFlags,
  { stdout, stderr, environment }: Surroundings,
): Promise<void> {
  const { error } = result;
  const say = async (text: string) => stdout.write(await redactOutput(text, environment));
  if (flags.json) await say(formatDocument(documentOf(command, result)));
  else if (result.raw && !stdout.isTTY) for (const part of result.raw()) await say(part);
  else await say(renderMarkup(result.text(), { color: hasColor(stdout, flags, environment) }));
  if (error) {
    stderr.write(renderMarkup(renderError(error), { color: hasColor(stderr, flags, environment) }));
  }
}

/** What commander has to say: help and the version are no errors, everything else is wrong input. */
function misuse(
  { code, message, exitCode }: CommanderError,
  argv: readonly string[],
  { stdout }: Surroundings,
): ExitCode {
  if (exitCode === 0) return 0;
  if (argv.includes('--json')) {
    const error = {
      code: code.replace('commander.', ''),
      message: message.replace(/^error: /, ''),
      blame: 'input',
      hint: MISUSE_HINT,
    } as const;
    stdout.write(formatDocument(headDocument({ command: null, exitCode: 2, error })));
  }
  return 2;
}

function formatDocument(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** See https://no-color.org and https://force-color.org; a flag or variable against colours wins. */
function hasColor(
  { isTTY = false }: Output,
  { color }: GlobalFlags,
  environment: Surroundings['environment'],
): boolean {
  const forced = Boolean(environment['FORCE_COLOR']) && environment['FORCE_COLOR'] !== '0';
  const suits = isTTY && environment['TERM'] !== 'dumb';
  return color && !environment['NO_COLOR'] && (forced || suits);
}
