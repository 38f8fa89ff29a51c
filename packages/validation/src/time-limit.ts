import { createContext, Script } from 'node:vm';

/** Thrown when a computation did not end in time. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`did not end within ${limitMs} ms`);
    this.limitMs = limitMs;
  }
}

/** Runs a synchronous function, and interrupts it with a {@link TimeLimitError} when it does not end in time. */
export type RunWithin = <T>(limitMs: number, compute: () => T) => T;

/**
 * A limit on synchronous computations, loops of JavaScript and native regular expressions alike: V8's own watchdog,
 * which `node:vm` offers. It is a net below limits that count, for what cannot be counted beforehand. Whatever state
 * the computation was changing must not be used after an interruption.
 */
export function createTimeLimit(): RunWithin {
  const sandbox: { compute?: () => unknown } = {};
  const context = createContext(sandbox);
  const script = new Script('compute()');

  return <T>(limitMs: number, compute: () => T): T => {
    sandbox.compute = compute;
    try {
      return script.runInContext(context, { timeout: limitMs }) as T;
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
        throw new TimeLimitError(limitMs);
      }
      throw error;
    } finally {
      delete sandbox.compute;
    }
  };
}

/** A time limit that returns nothing, instead of throwing, for what does not end. */
export function runWithinLimit(): <T>(
  limitMs: number,
  compute: () => T,
) => { readonly value: T } | undefined {
  const runWithin = createTimeLimit();
  return (limitMs, compute) => {
    try {
      return { value: runWithin(limitMs, compute) };
    } catch (error) {
      if (error instanceof TimeLimitError) return undefined;
      throw error;
    }
  };
}
