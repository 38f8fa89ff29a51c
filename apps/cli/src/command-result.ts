import type { OpenFleetOptions } from '@holdfast/fleet';
import type { ErrorDocument } from './describe-error.js';
import type { ExitCode } from './exit-code.js';
import type { Surroundings } from './surroundings.js';

/** What every command is given: the surroundings and the global flags. */
export interface CommandContext {
  readonly surroundings: Surroundings;
  /** The path of the configuration, as the user gave it; absent: searched from the folder upward. */
  readonly config?: string;
  /** How long a remote is waited for, where it was said; before what the configuration says. */
  readonly timeouts?: OpenFleetOptions['timeouts'];
  readonly logLevel: 'silent' | 'warn' | 'info' | 'debug';
  /** What `--help` prints of a command by its words, of the whole where there are none; absent where no command line is. */
  helpOf?(words: readonly string[]): string;
}

/** What a command came to. The program prints one form or the other, never both. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** What went wrong although there is something to print. */
  readonly error?: ErrorDocument;
  /** What `--json` prints, beside `holdfast`, `command`, `exitCode` and `error`. */
  readonly document: object;
  /** What people read; may be styled by `markup.ts`. */
  text(): string;
  /** What programs read who were not given `--json`: printed instead of `text`, as it is, where no terminal is. */
  raw?(): Iterable<string>;
}
