import type { RollbackFile, RollbackItem } from '@holdfast/sync';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { count, indent, shortId, text } from './words.js';

const words: Record<RollbackFile['kind'], string> = {
  restored: 'as before',
  removed: 'removed',
  merged: 'taken back, later changes kept',
  conflicted: 'conflict markers: decide on the branch',
  kept: 'left as it is: decide on the branch',
};

const LISTED_FILES = 40;

/** Rollbacks for people: what goes back, what someone must decide, and where it is proposed. */
export function renderRollback(items: readonly RollbackItem[], dryRun: boolean): string {
  return text(items.flatMap((item) => renderItem(item, dryRun)));
}

function renderItem(item: RollbackItem, dryRun: boolean): string[] {
  const name = `${bold(item.target)}  ${item.rule}`;
  if (item.kind === 'failed') return [`${name}  ${red('failed')}`, ...renderItemError(item.error)];
  if (item.kind === 'already-there') return [`${name}  has ${item.to} already`];
  const { from, to, reverted, files, applied, issue, notes, validation, branch } = item;
  const request = applied && 'request' in applied ? applied.request : undefined;
  const more = files.length - LISTED_FILES;
  return [
    `${name}  ${green(`${from} → ${to}`)}, taking back ${reverted.map(shortId).join(', ')}`,
    ...indent(
      files.slice(0, LISTED_FILES).map(({ path, kind }) => `${path}  ${dim(words[kind])}`),
      4,
    ),
    ...(more > 0 ? indent([dim(`and ${count(more, 'file')} more`)], 4) : []),
    ...(validation.blocked ? indent([red('the checks of what is restored fail')]) : []),
    ...indent([
      dryRun
        ? dim(`would be proposed on ${branch}`)
        : `${applied?.kind ?? ''}${request ? ` #${request.number}` : ''} on ${branch}`,
    ]),
    ...(issue ? indent([`issue #${issue.number} in the source`]) : []),
    ...indent(notes.map(yellow)),
  ];
}
