/** What a rollback says of itself in `DECISIONS.md`, as the distribution specification has it. */
export interface RollbackRecord {
  /** `2026-01-30`. */
  readonly date: string;
  readonly sync_version: string;
  readonly reverted_commit: string;
  readonly reason: string;
  readonly restored_to: string;
  /** `AGENT-33#456`; absent where no issue could be opened. */
  readonly follow_up_issue?: string;
  readonly logged_by: string;
}
