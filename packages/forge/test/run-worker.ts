import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

import { build, type BuildOptions } from 'esbuild';

import type { WorkerTask } from './forge-worker.js';

/** How a worker ended. */
export interface WorkerEnd {
  readonly signal: string | null;
  readonly stderr: string;
  readonly results: unknown[] | undefined;
}

/** A program in TypeScript, by its path or as text that would lie at a path. */
export type Program = string | { readonly contents: string; readonly path: string };

/** Bundles a program of this package from its sources; the path of the bundle. */
export async function bundle(program: Program, directory: string): Promise<string> {
  const outfile = join(directory, 'bundle.cjs');
  const input: BuildOptions =
    typeof program === 'string'
      ? { entryPoints: [program] }
      : { stdin: { contents: program.contents, resolveDir: dirname(program.path), loader: 'ts' } };
  await build({
    ...input,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['@holdfast/source'],
    logLevel: 'error',
  });
  return outfile;
}

/** Bundles the worker. */
export function bundleWorker(directory: string): Promise<string> {
  return bundle(fileURLToPath(new URL('forge-worker.ts', import.meta.url)), directory);
}

/** Runs a worker in a process of its own. */
export function runWorker(program: string, task: WorkerTask): Promise<WorkerEnd> {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => {
      const results = stdout === '' ? undefined : (JSON.parse(stdout) as unknown[]);
      resolve({ signal, stderr, results });
    });
  });
}
