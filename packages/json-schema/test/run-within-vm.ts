import { createContext, Script } from 'node:vm';
import type { RunWithin } from '../src/index.js';

/** Interrupts computations with V8's own watchdog, as the README shows. */
export function createRunWithin(): RunWithin {
  const sandbox: { compute?: () => unknown } = {};
  const context = createContext(sandbox);
  const script = new Script('compute()');
  return <T>(limitMs: number, compute: () => T) => {
    sandbox.compute = compute;
    try {
      return { value: script.runInContext(context, { timeout: limitMs }) as T };
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
      throw error;
    }
  };
}
