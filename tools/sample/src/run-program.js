import { spawn } from 'node:child_process';

/**
 * What a program came to.
 *
 * @typedef {{ exitCode: number, stdout: string, stderr: string }} Finished
 */

/**
 * Runs a program to its end and collects what it prints.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string | undefined>, input?: string }} options
 * @returns {Promise<Finished>} rejects when the program cannot be started
 */
export function runProgram(program, args, { cwd, env, input = '' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'pipe' });
    /** @type {Buffer[]} */
    const out = [];
    /** @type {Buffer[]} */
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({
        exitCode: code ?? 1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
    child.stdin.on('error', () => undefined); // it ended before it read everything
    child.stdin.end(input);
  });
}
