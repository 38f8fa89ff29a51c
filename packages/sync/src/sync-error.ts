import type { FailedItem, ItemError } from './plan.js';

/** Stable codes of what keeps a whole run, or one target, from being planned or applied. */
export type SyncErrorCode =
  | 'unknown-rule'
  | 'unknown-target'
  | 'no-release'
  | 'unknown-release'
  | 'unknown-revision'
  | 'unknown-branch'
  | 'empty-target'
  | 'bad-manifest'
  | 'bad-pattern'
  | 'bad-plan'
  | 'unknown-path'
  | 'checked-out'
  | 'checksum'
  | 'corrupt'
  | 'unresolved'
  | 'contended'
  | 'too-many-requests'
  | 'links-to-nothing'
  | 'plan-moved'
  | 'unsafe-catalogue'
  | 'empty-catalogue'
  | 'irreversible'
  | 'nothing-to-push'
  | 'no-rollout'
  | 'one-way'
  | 'not-delivered'
  | 'not-a-file';

/** An error of the engine; `blame` says whose problem it is, `hint` what to do next. */
export class SyncError extends Error {
  readonly code: SyncErrorCode;
  readonly blame: ItemError['blame'];
  readonly hint: string | undefined;

  constructor(
    code: SyncErrorCode,
    message: string,
    {
      blame = 'input',
      hint,
      cause,
    }: { blame?: ItemError['blame']; hint?: string; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'SyncError';
    this.code = code;
    this.blame = blame;
    this.hint = hint;
  }
}

/** Any thrown value as data; errors of the libraries keep their code, blame and hint. */
export function toItemError(error: unknown): ItemError {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error), blame: 'bug' };
  const { code, blame, hint } = error as Error & Partial<ItemError>;
  const known = blame === 'input' || blame === 'environment' || blame === 'repository';
  return {
    code: typeof code === 'string' ? code : 'unknown',
    message: error.message,
    blame: known ? blame : isSystemError(error) ? 'environment' : 'bug',
    ...(typeof hint === 'string' ? { hint } : {}),
  };
}

function isSystemError(error: Error): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

/** What went wrong with one rule of one target, as an item. */
export function failedItem(rule: string, target: string, error: unknown): FailedItem {
  return { kind: 'failed', rule, target, error: toItemError(error) };
}
