import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SchemaError } from './schema-error.js';
import type { ExtractionAnswer, ExtractionRequest } from './extract-worker.js';

/** A catalogue takes seconds; a type that never ends is ended. */
const TIMEOUT_MS = 120_000;
const MAX_HEAP_MB = 2048;

const GENERATOR = 'ts-json-schema-generator';

/**
 * Derives schemas from types, in a worker with limits on time and memory. The generator is the
 * project's own, or else what is installed beside holdfast.
 *
 * @throws SchemaError `generator-missing`, `extraction-failed`.
 */
export async function runExtraction(
  request: Omit<ExtractionRequest, 'generator'>,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<ExtractionAnswer> {
  const generator = findGenerator(cwd);
  // Beside this module in the sources, beside the bundle when built.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./extract-worker.${extension}`, import.meta.url), {
    workerData: { ...request, generator } satisfies ExtractionRequest,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    stdout: true,
    stderr: true,
  });
  const end = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) => reject(describe(error)));
      worker.once('exit', () => reject(failed('the worker ended without an answer')));
      end.addEventListener('abort', () =>
        reject(failed(`it took more than ${TIMEOUT_MS / 1000} s, or was interrupted`)),
      );
    });
  } finally {
    await worker.terminate();
  }
}

function findGenerator(cwd: string): string {
  for (const place of [join(cwd, 'package.json'), import.meta.url]) {
    try {
      return createRequire(place).resolve(GENERATOR);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new SchemaError(
    'generator-missing',
    `${GENERATOR} is needed for this, and is not installed`,
    {
      blame: 'environment',
      hint: `install it in the project: npm install --save-dev ${GENERATOR}`,
    },
  );
}

function describe(error: NodeJS.ErrnoException): SchemaError {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? failed(`it took more than ${MAX_HEAP_MB} MiB of memory`)
    : failed(error.message, error);
}

function failed(why: string, cause?: unknown): SchemaError {
  return new SchemaError('extraction-failed', `the schemas could not be extracted: ${why}`, {
    blame: 'environment',
    hint: 'name fewer files with --types, or some types with --type',
    cause,
  });
}
