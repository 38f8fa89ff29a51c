import type { CustomisedFile, DriftedFile, DriftItem } from '@holdfast/sync';
import { dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { alignNames } from './table.js';
import { count, indent, text } from './words.js';

const LISTED_FILES = 60;

/** One line for each target, as the distribution specification has it, and the files that drifted. */
export function renderDrift(items: readonly DriftItem[], namespace: string): string {
  const names = alignNames(items);
  const edited = items.some(
    (item) => item.kind === 'drifted' && item.drifted.some(({ state }) => state === 'modified'),
  );
  return text([
    ...items.flatMap((item, index) => renderItem(item, names[index] ?? '')),
    ...(edited
      ? ['', `To keep a file's own version for good, put it under .${namespace}-overrides/.`]
      : []),
  ]);
}

function renderItem(item: DriftItem, head: string): string[] {
  if (item.kind === 'failed') return [`${head}  ${red('FAILED')}`, ...renderItemError(item.error)];
  if (item.kind === 'never-synced') return [`${head}  ${dim('NEVER_SYNCED')}`];
  const { commit, ref, files } = item;
  if (item.kind === 'in-sync') {
    const detail = `(${ref}, ${count(files, 'file')})`;
    const line = `${head}  ${green('IN_SYNC:')} ${commit} ${dim(detail)}`;
    return [line, ...indent(renderCustomised(item.customised), 4)];
  }
  const listed = item.drifted.slice(0, LISTED_FILES).map(renderDriftedFile);
  const more = item.drifted.length - listed.length;
  return [
    `${head}  ${red('DRIFTED:')} ${count(item.drifted.length, 'file')} since ${ref} ${dim(`(${commit.slice(0, 12)})`)}`,
    ...indent(
      [
        ...listed,
        ...(more > 0 ? [dim(`… ${count(more, 'more file')}`)] : []),
        ...renderCustomised(item.customised),
      ],
      4,
    ),
  ];
}

const customisedWords: Record<CustomisedFile['how'], string> = {
  overridden: 'own version, by its override',
  edited: 'own version, merged',
  deleted: 'deleted for good',
  protected: 'protected by the rule',
};

/** What is no drift, and yet not as delivered. */
export function renderCustomised(files: readonly CustomisedFile[]): string[] {
  const more = files.length - LISTED_FILES;
  const listed = files.slice(0, LISTED_FILES);
  return [
    ...listed.map(({ path, how }) => dim(`· ${path}  ${customisedWords[how]}`)),
    ...(more > 0 ? [dim(`… ${count(more, 'more file')} of its own`)] : []),
  ];
}

const nextWords: Record<NonNullable<DriftedFile['next']>, string> = {
  merged: 'stays; the next sync merges what upstream changes into it',
  overwritten: 'the next sync replaces it',
  blocks: 'the rule is not synced until it is reverted, or moved to an override',
  recreated: 'the next sync brings it back',
  'recreated-later': 'the next release brings it back',
  waits: 'conflict markers are still there, or nobody has decided',
};

function renderDriftedFile({ path, state, next }: DriftedFile): string {
  const what = { missing: 'deleted', modified: '', 'mode-changed': 'mode changed', conflicted: '' };
  const words = [what[state], next ? nextWords[next] : ''].filter((word) => word !== '');
  const sign = { missing: '-', modified: '~', 'mode-changed': '~', conflicted: '!' }[state];
  const paint = state === 'missing' || state === 'conflicted' ? red : yellow;
  return `${paint(`${sign} ${path}`)}${words.length > 0 ? `  ${dim(words.join('; '))}` : ''}`;
}
