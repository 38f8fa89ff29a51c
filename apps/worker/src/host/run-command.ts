import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FleetSurroundings } from '@holdfast/fleet';
import type { TargetResult } from './fleet-host.js';

/** Of what a command prints, the end that is kept. */
const KEPT = 4_000;

/** A command that has not ended after this long is stopped. */
const LIMIT_MS = 15 * 60 * 1000;

/** Runs a command of `holdfast` in a process of its own, in the folder of the configuration. */
export async function runCommand(
  job: string,
  words: readonly string[],
  {
    folder,
    environment,
    signal,
  }: Pick<FleetSurroundings, 'environment' | 'signal'> & { readonly folder: string },
): Promise<TargetResult> {
  const bin = new URL('bin/holdfast.js', import.meta.resolve('holdfast/package.json'));
  const child = spawn(process.execPath, [fileURLToPath(bin), ...words], {
    cwd: folder,
    env: { ...environment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] = (printed[name] + text).slice(-KEPT);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const command = words.join(' ');
  const detail = printed.stdout.trim();
  // 0: done; 1: done, with findings; 2: the input is wrong; 3: the surroundings failed.
  const verdict = code === 0 || code === 1 ? 'done' : code === 3 ? 'retry' : 'failed';
  return {
    target: job,
    verdict,
    registry: [],
    items: [
      {
        rule: command,
        outcome: code === 0 ? 'done' : code === 1 ? 'done, with findings' : 'failed',
        ...(detail === '' ? {} : { detail }),
      },
    ],
    ...(verdict === 'done'
      ? {}
      : {
          error: {
            code: 'command-failed',
            message: `holdfast ${command} ended with ${code ?? 'a signal'}: ${printed.stderr.trim() || 'it said nothing'}`,
          },
        }),
  };
}
