import type { Logger } from '@holdfast/sync';
import { pino } from 'pino';
import type { CommandContext } from './command-result.js';

/** Makes the log: pino's JSON lines on stderr, of the level that the global flags ask for. */
export function createLogger({ surroundings, logLevel }: CommandContext): Logger {
  const { stderr, clock } = surroundings;
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: () => `,"time":"${clock().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => stderr.write(line) },
  );
}
