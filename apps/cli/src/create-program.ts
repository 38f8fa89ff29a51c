import { Command, InvalidArgumentError, Option } from 'commander';
import { readVersion } from './read-version.js';
import type { Surroundings } from './surroundings.js';

/** What commander's complaints end with. */
export const MISUSE_HINT = '--help lists the commands, arguments and options';

/** The command line as commander knows it, with its global options and without commands. */
export function createProgram({
  stdout,
  stderr,
}: Pick<Surroundings, 'stdout' | 'stderr'>): Command {
  return new Command('holdfast')
    .description('Keep many repositories anchored to one source of truth.')
    .version(readVersion(), '-v, --version', 'print the version')
    .option('--config <file>', 'the configuration; default: the nearest holdfast.yaml, upward')
    .option('--json', 'print one JSON document instead of text')
    .option('--quiet', 'log nothing')
    .addOption(
      new Option(
        '--verbose',
        'show every finding; log what is done, as JSON lines on stderr',
      ).conflicts('quiet'),
    )
    .option('--no-color', 'print without colours')
    .addOption(secondsOption('connect', 'wait so long for a connection'))
    .addOption(secondsOption('idle', 'wait so long for a sign of life'))
    .addOption(secondsOption('total', 'wait so long for one exchange'))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError(`hint: ${MISUSE_HINT}`)
    .exitOverride()
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, nothing found; 1 done, with findings; 2 the input is wrong;\n3 the surroundings failed. The worst outcome counts.',
    );
}

/** `--idle-timeout <seconds>` and the like: before what the configuration says. */
function secondsOption(name: 'connect' | 'idle' | 'total', description: string): Option {
  const option = new Option(`--${name}-timeout <seconds>`, `${description}, of a remote`);
  return option.argParser((text) => {
    const seconds = Number(text);
    if (/^\d+(?:\.\d+)?$/.test(text) && seconds > 0 && seconds <= 86_400) return seconds;
    throw new InvalidArgumentError('expected seconds, more than 0 and at most 86400.');
  });
}
