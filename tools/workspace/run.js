import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of the workspace, as a path. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program of the workspace (from `node_modules/.bin`) and resolves to its exit code.
 *
 * @param {string} program name of the binary, or `node`
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, cwd?: string, env?: Record<string, string> }} [options] `quiet` shows the output only when the program fails
 * @returns {Promise<number>}
 */
export function run(program, args, { quiet = false, cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: {
        ...process.env,
        PATH: `${root}node_modules/.bin:${process.env.PATH}`,
        NX_TUI: 'false',
        NX_DAEMON: 'false',
        ...env,
      },
    });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}
