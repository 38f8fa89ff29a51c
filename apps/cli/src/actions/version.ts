import type { CommandContext, CommandResult } from '../command-result.js';
import { readVersion } from '../read-version.js';

/** `holdfast version`: the version, and with `--json` what it runs on. */
export function version({ surroundings: { runtime } }: CommandContext): Promise<CommandResult> {
  const version = readVersion();
  return Promise.resolve({
    exitCode: 0,
    document: { version, ...runtime },
    text: () => `${version}\n`,
  });
}
