import type { DriftedFile, DriftItem } from '@holdfast/sync';
import { dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { alignNames } from './table.js';
import { count, indent, text } from './words.js';

const LISTED_FILES = 60;

/** One line for each target, as the distribution specification has it, and the files that drifted. */
export function renderDrift(items: readonly DriftItem[], namespace: string): string {
  const names = alignNames(items);
  const drifted = items.some(({ kind }) => kind === 'drifted');
  return text([
    ...items.flatMap((item, index) => renderItem(item, names[index] ?? '')),
    ...(drifted
      ? [
          '',
          `The next sync keeps and merges these changes, and lists them in its change request;`,
          `to keep a file's own version for good, put it under .${namespace}-overrides/.`,
        ]
      : []),
  ]);
}

function renderItem(item: DriftItem, head: string): string[] {
  if (item.kind === 'failed') return [`${head}  ${red('FAILED')}`, ...renderItemError(item.error)];
  if (item.kind === 'never-synced') return [`${head}  ${dim('NEVER_SYNCED')}`];
  const { commit, ref, files } = item;
  if (item.kind === 'in-sync') {
    const detail = `(${ref}, ${count(files, 'file')})`;
    return [`${head}  ${green('IN_SYNC:')} ${commit} ${dim(detail)}`];
  }
  const listed = item.drifted.slice(0, LISTED_FILES).map(renderDriftedFile);
  const more = item.drifted.length - listed.length;
  return [
    `${head}  ${red('DRIFTED:')} ${count(item.drifted.length, 'file')} since ${ref} ${dim(`(${commit.slice(0, 12)})`)}`,
    ...indent([...listed, ...(more > 0 ? [dim(`… ${count(more, 'more file')}`)] : [])], 4),
  ];
}

function renderDriftedFile({ path, state }: DriftedFile): string {
  switch (state) {
    case 'missing':
      return `${red(`- ${path}`)}  ${dim('deleted')}`;
    case 'modified':
      return yellow(`~ ${path}`);
    case 'conflicted':
      return `${red(`! ${path}`)}  ${dim('conflict markers are still there, or nobody has decided')}`;
    case 'mode-changed':
      return `${yellow(`~ ${path}`)}  ${dim('mode changed')}`;
  }
}
