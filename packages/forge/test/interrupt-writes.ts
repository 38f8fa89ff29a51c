import type { ForgeRepository } from '../src/index.js';

/**
 * A repository on which `interrupt` is called at the n-th point (from 0) of those before, during and
 * after each call that writes.
 */
export function interruptWrites(
  repository: ForgeRepository,
  at: number,
  interrupt: () => never,
): ForgeRepository {
  let points = 0;
  const reach = (): void => {
    if (points++ === at) interrupt();
  };
  const write = async <T>(run: () => Promise<T>): Promise<T> => {
    reach();
    const running = run();
    const moment = new Promise((resolve) => setTimeout(resolve, 3));
    await Promise.race([moment, running]);
    try {
      reach();
    } finally {
      await running; // nothing of a test goes on after it
    }
    const result = await running;
    reach();
    return result;
  };
  return {
    ...repository,
    writeCommit: (commit) => write(() => repository.writeCommit(commit)),
    updateRefs: (updates, options) => write(() => repository.updateRefs(updates, options)),
  };
}
