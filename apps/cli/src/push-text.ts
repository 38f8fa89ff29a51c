import type { PlannedPush } from '@holdfast/sync';

/** The title of a request: the one thing that changes, or how many do. */
export function titleOf(
  name: string,
  lines: readonly string[],
  { files }: Pick<PlannedPush, 'files'>,
): string {
  const [only] = lines;
  if (only !== undefined && lines.length === 1 && only.length <= 120) return only;
  const changed = files.filter(({ outcome }) => outcome !== 'there').length;
  if (lines.length > 0) return `${name}: ${lines.length} changes`;
  return `${name}: ${changed} ${changed === 1 ? 'file' : 'files'}`;
}

/** More changes or files than this are counted. */
const TOLD = 200;

/** The request's text: what it means first, then the files. Nothing in it calls people or closes issues. */
export function bodyOf(
  subject: string,
  sourceName: string,
  { files }: Pick<PlannedPush, 'files'>,
  lines: readonly string[],
): string {
  const meaning =
    lines.length > 0
      ? lines.map((line) => `- ${quoted(line)}`)
      : ['- nothing: only how it is written'];
  const changed = files
    .filter(({ outcome }) => outcome !== 'there')
    .map(({ source, outcome }) => `| ${quoted(source).replaceAll('|', '\\|')} | ${outcome} |`);
  return [
    `Edits of ${subject}, brought back to ${quoted(sourceName)}.`,
    '',
    '### What changes in meaning',
    '',
    ...shorten(meaning, (more) => `- … and ${more} more`),
    '',
    '### Files',
    '',
    '| File | Change |',
    '| ---- | ------ |',
    ...shorten(changed, (more) => `| … and ${more} more | |`),
    '',
    '---',
    '*This request is kept up to date by `holdfast push`.*',
    '',
  ].join('\n');
}

/** Text of others in a code span, where nothing in it is Markdown. */
export function quoted(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/[\r\n]+/g, ' ')}\``;
}

function shorten(lines: readonly string[], rest: (more: number) => string): string[] {
  const more = lines.length - TOLD;
  return more > 0 ? [...lines.slice(0, TOLD), rest(more)] : [...lines];
}
