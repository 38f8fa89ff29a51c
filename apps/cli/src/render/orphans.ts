import type { FailedItem, Orphan, OrphanedFile, PrunedOrphan } from '@holdfast/sync';
import { bold, dim, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { count, indent, text } from './words.js';

const LISTED_FILES = 60;

const words: Record<OrphanedFile['state'], string> = {
  'as-delivered': '',
  changed: 'stays: it was changed here',
  unproven: 'stays: the source does not have what the manifest says of it',
  taken: 'stays: another rule delivers it',
  gone: 'is gone already',
};

/** What rules that are gone have left, and the requests that take it away. */
export function renderOrphans(items: readonly (Orphan | PrunedOrphan | FailedItem)[]): string {
  if (items.length === 0) return text(['No rule that is gone has left anything.']);
  return text(items.flatMap(renderItem));
}

function renderItem(item: Orphan | PrunedOrphan | FailedItem): string[] {
  if (item.kind === 'failed') {
    return [`${bold(item.target)}  ${red('FAILED')}`, ...renderItemError(item.error)];
  }
  const { target, rule, ref, files } = item;
  const shown = files.slice(0, LISTED_FILES).map(({ path, state }) => {
    const line = state === 'as-delivered' ? yellow(`- ${path}`) : `· ${path}`;
    return words[state] === '' ? line : `${line}  ${dim(words[state])}`;
  });
  const more = files.length - shown.length;
  return [
    `${bold(target)}  ${rule}  ${dim(`left from ${ref}`)}`,
    ...indent([...shown, ...(more > 0 ? [dim(`… ${count(more, 'more file')}`)] : [])], 4),
    ...indent(renderApplied(item), 4),
  ];
}

function renderApplied(item: Orphan | PrunedOrphan): string[] {
  if ('error' in item && item.error) return renderItemError(item.error);
  if (!('applied' in item) || !item.applied) return [];
  const { applied } = item;
  if (!('request' in applied) || !applied.request) return [applied.kind];
  return [`${applied.kind} #${applied.request.number}`];
}
