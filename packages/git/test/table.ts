import { onTestFinished } from 'vitest';
import { GitError, openRepository, type OpenOptions, type Repository } from '../src/index.js';

/** Both engines; what holds for one holds for the other. */
export const engines = ['program', 'embedded'] as const;

/** How remotes are spoken to: by the git program, in process, or whichever is quicker. */
export const speakers = [...engines, 'auto'] as const;

/** Opens a repository that closes when the test ends. */
export async function open(location: string, options: OpenOptions): Promise<Repository> {
  const repository = await openRepository(location, { environment: process.env, ...options });
  onTestFinished(() => repository.close());
  return repository;
}

/** The `GitError` that the promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<GitError> {
  const error = await promise.then(
    (value) => new Error(`expected a rejection, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof GitError) return error;
  throw error;
}

/** Collects an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
