/** What went wrong; part of the contract. */
export type SkillSyncErrorCode =
  | 'invalid-import'
  | 'invalid-key'
  | 'invalid-pattern'
  | 'invalid-value'
  | 'not-a-store'
  | 'skills-folder-missing'
  | 'store-corrupt'
  | 'store-failed'
  | 'store-full'
  | 'store-locked'
  | 'store-missing'
  | 'store-newer'
  | 'store-read-only'
  | 'unwritable';

/** An input that cannot be used, or surroundings that failed. What a skill may contain is a finding. */
export class SkillSyncError extends Error {
  override readonly name = 'SkillSyncError';
  readonly code: SkillSyncErrorCode;
  /** Whose problem it is. */
  readonly blame: 'input' | 'environment';
  /** The next step, where there is an obvious one. */
  readonly hint?: string;

  constructor(
    code: SkillSyncErrorCode,
    message: string,
    {
      blame = 'input',
      hint,
      cause,
    }: { blame?: SkillSyncError['blame']; hint?: string; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.blame = blame;
    if (hint !== undefined) this.hint = hint;
  }
}
