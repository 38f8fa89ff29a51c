import type { AffectedItem, ImpactComment, ImpactFile, ToldImpact } from '@holdfast/sync';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderFinding } from './findings.js';
import { renderItemError } from './plan.js';
import { count, indent, shortId, text } from './words.js';

const LISTED_FILES = 40;

/** An impact for people: each target that would get something else, then how many there are. */
export function renderImpact(
  { base, head, sourceConflicts, unaffected, items }: ToldImpact,
  comment: ImpactComment | undefined,
): string {
  const affected = items.filter((item) => item.kind === 'affected');
  const changed = affected.filter(({ files, blocked }) => files.length > 0 || blocked);
  const hard = changed.filter(({ conflicts, blocked }) => conflicts > 0 || blocked);
  const meanings = new Set(
    affected.flatMap(({ meaning }) =>
      meaning.map(({ sentence, severity }) => `${sentence}  ${dim(severity)}`),
    ),
  );
  const targets = new Set(changed.map(({ target }) => target)).size;
  const others = unaffected.length + affected.length - changed.length;
  return text([
    ...items.flatMap((item) =>
      item.kind === 'failed'
        ? [`${bold(item.target)}  ${item.rule}  ${red('failed')}`, ...renderItemError(item.error)]
        : changed.includes(item)
          ? renderItem(item)
          : [],
    ),
    ...(meanings.size > 0 ? ['', 'Changes in meaning:', ...indent([...meanings])] : []),
    ...(sourceConflicts.length > 0
      ? [
          '',
          red(`${head.name} and ${base.name} conflict themselves in:`),
          ...indent(sourceConflicts),
        ]
      : []),
    ...(items.length > 0 ? [''] : []),
    `Merging ${head.name} (${shortId(head.commit)}) into ${base.name}: ${count(targets, 'target')} would get something else${others > 0 ? `, ${count(others, 'delivery', 'deliveries')} would not` : ''}.`,
    hard.length > 0
      ? red(`${count(hard.length, 'delivery', 'deliveries')} would need someone to decide.`)
      : green('Nobody would have to decide anything.'),
    ...(comment ? [sayComment(comment, head.name)] : []),
  ]);
}

function renderItem({
  target,
  rule,
  frequency,
  files,
  conflicts,
  blocked,
  findings,
}: AffectedItem): string[] {
  const words = [
    count(files.length, 'file'),
    ...(conflicts > 0 ? [red(count(conflicts, 'conflict'))] : []),
    ...(blocked ? [red('checks would fail')] : []),
  ];
  const more = files.length - LISTED_FILES;
  return [
    `${bold(target)}  ${rule}  ${words.join(', ')}  ${dim(frequency)}`,
    ...indent(files.slice(0, LISTED_FILES).map(renderFile), 4),
    ...(more > 0 ? indent([dim(`and ${more} more`)], 4) : []),
    ...indent(findings.map(renderFinding), 4),
  ];
}

function renderFile({ path, kind, conflict }: ImpactFile): string {
  if (!conflict) return `${path}  ${dim(kind)}`;
  const lines = conflict.ranges.map(({ start, end }) => `${start}–${end}`).join(', ');
  return `${path}  ${yellow(`conflict${lines === '' ? '' : ` at lines ${lines}`}`)}`;
}

function sayComment(comment: ImpactComment, head: string): string {
  if (comment.kind === 'commented') {
    const { number, url } = comment.request;
    return `The comment on #${number} says so${url === undefined ? '' : `: ${url}`}.`;
  }
  return comment.kind === 'no-request'
    ? yellow(`No open request of the source is for ${head}: nothing was commented.`)
    : yellow('The source has no place for requests: nothing was commented.');
}
