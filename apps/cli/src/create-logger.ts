import type { Logger } from '@holdfast/sync';
import { pino } from 'pino';
import type { CommandContext } from './command-result.js';
import { redact } from './redact.js';
import { secretsOf } from './redact-output.js';

/** Makes the log: pino's JSON lines on stderr, of the level that the global flags ask for. */
export function createLogger({ surroundings, logLevel }: CommandContext): Logger {
  const { stderr, clock, environment } = surroundings;
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: () => `,"time":"${clock().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => stderr.write(withoutSecrets(line, environment)) },
  );
}

/** A line of the log, which tells what servers and programs said. */
function withoutSecrets(
  line: string,
  environment: CommandContext['surroundings']['environment'],
): string {
  const secrets = secretsOf(environment);
  return secrets.some((secret) => line.includes(secret)) ? redact(line, secrets) : line;
}
