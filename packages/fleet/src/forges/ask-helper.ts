import { spawn } from 'node:child_process';
import type { FleetSurroundings } from '../surroundings.js';

/** Longer than a helper that asks nobody takes, in milliseconds. */
const TIMEOUT = 15_000;

/**
 * The password that git's own credential helpers hold for a host, asked as git asks; undefined when
 * they hold none. Nobody is prompted.
 */
export function askHelper(
  host: string,
  { cwd, environment, signal }: Pick<FleetSurroundings, 'cwd' | 'environment' | 'signal'>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('git', ['-c', 'core.askPass=', 'credential', 'fill'], {
      cwd,
      env: { ...environment, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '' },
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    let answer = '';
    child.on('error', () => resolve(undefined));
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    child.on('close', (code) => {
      resolve(code === 0 ? /^password=(.+)$/m.exec(answer)?.[1] : undefined);
    });
    child.stdin.end(`protocol=https\nhost=${host}\n\n`);
  });
}
