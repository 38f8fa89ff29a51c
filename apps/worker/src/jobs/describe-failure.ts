import type { RunError } from '../store/runs.js';

/** Whose problem a failure is; errors of Holdfast's libraries say it themselves. */
export type Blame = 'input' | 'environment' | 'bug';

/** An error in the words that a page and the API show, and whose problem it is. */
export function describeFailure(error: unknown): {
  readonly failure: RunError;
  readonly blame: Blame;
} {
  if (!(error instanceof Error))
    return { failure: { code: 'unknown', message: String(error) }, blame: 'bug' };
  const { code, hint, blame } = error as { code?: unknown; hint?: unknown; blame?: unknown };
  return {
    failure: {
      code: typeof code === 'string' ? code : 'unexpected',
      message: error.message,
      ...(typeof hint === 'string' ? { hint } : {}),
    },
    blame: blame === 'input' || blame === 'bug' ? blame : 'environment',
  };
}
