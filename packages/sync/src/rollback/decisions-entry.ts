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

/** The file of a target that decisions are logged in. */
export const DECISIONS = 'DECISIONS.md';

/** The file with the record at its end; its line ends stay what they are. */
export function appendRecord(before: string | undefined, record: RollbackRecord): string {
  const lines = Object.entries(record).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  const entry = ['```yaml', 'rollback:', ...lines, '```', ''].join('\n');
  const text = before === undefined || before.trim() === '' ? '# Decisions\n' : before;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text.endsWith('\n') ? '\n' : '\n\n';
  return text + (gap + entry).replaceAll('\n', newline);
}
