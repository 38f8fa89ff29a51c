/** The file of a target that decisions are logged in. */
export const DECISIONS = 'DECISIONS.md';

/** One decision: what the heading says, and the record below it. */
export interface DecisionEntry {
  readonly heading: string;
  /** The key of the record, like `rollback`. */
  readonly kind: string;
  readonly record: Readonly<Record<string, string | undefined>>;
}

/**
 * The log with one more decision at its end, as a section with a record in YAML. Headings are as deep as
 * those of the file, which is begun where there is none; its line ends stay what they are. What stands at
 * its end already is not written twice.
 */
export function appendDecision(
  before: string | undefined,
  { heading, kind, record }: DecisionEntry,
): string {
  const text = before === undefined || before.trim() === '' ? '# Decisions\n' : before;
  const known = Object.entries(record).filter(([, value]) => value !== undefined);
  const lines = known.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  const fence = ['```yaml', `${kind}:`, ...lines, '```', ''].join('\n');
  const entry = `${'#'.repeat(depthOf(text))} ${oneLine(heading)}\n\n${fence}`;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const added = entry.replaceAll('\n', newline);
  if (text.endsWith(added)) return text;
  const gap = text.endsWith(newline + newline)
    ? ''
    : text.endsWith('\n')
      ? newline
      : newline + newline;
  return text + gap + added;
}

/** How deep the sections of a log are: as its last heading, below its title. */
function depthOf(text: string): number {
  let depth = 2;
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3}|~{3})/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
    }
    const heading = fence === undefined ? /^(#{1,6})\s/.exec(line)?.[1] : undefined;
    if (heading !== undefined) depth = Math.max(2, heading.length);
  }
  return depth;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ');
}
