import type { VerifiedItem } from '@holdfast/sync';
import { dim, green, red } from '../markup.js';
import { renderItemError } from './plan.js';
import { alignNames } from './table.js';
import { count, indent, shortId, text } from './words.js';

type Disagreement = Extract<VerifiedItem, { kind: 'differs' }>['disagreements'][number];

const LISTED_FILES = 60;

/** One line for each target, and the files for which derivation, manifest and target do not agree. */
export function renderVerified(items: readonly VerifiedItem[]): string {
  const names = alignNames(items);
  return text(items.flatMap((item, index) => renderItem(item, names[index] ?? '')));
}

function renderItem(item: VerifiedItem, head: string): string[] {
  if (item.kind === 'failed') return [`${head}  ${red('FAILED')}`, ...renderItemError(item.error)];
  if (item.kind === 'never-synced') return [`${head}  ${dim('NEVER_SYNCED')}`];
  const of = `of ${item.ref} ${dim(`(${shortId(item.commit)})`)}`;
  const changed = item.ruleChanged ? [dim('the rule is not the one of the last sync')] : [];
  if (item.kind === 'verified') {
    return [
      `${head}  ${green('VERIFIED:')} ${count(item.files, 'file')} ${of}`,
      ...indent(changed, 4),
    ];
  }
  const { disagreements } = item;
  const more = disagreements.length - LISTED_FILES;
  return [
    `${head}  ${red('DIFFERS:')} ${count(disagreements.length, 'disagreement')} in ${count(item.files, 'file')} ${of}`,
    ...indent(
      [
        ...changed,
        ...disagreements.slice(0, LISTED_FILES).map(renderDisagreement),
        ...(more > 0 ? [dim(`… ${more} more`)] : []),
      ],
      4,
    ),
  ];
}

const problems: Record<Disagreement['problem'], string> = {
  'not-derived': 'recorded, but the rule does not deliver it from that commit',
  derivation: 'deriving it again yields other bytes than the manifest records',
  checksum: 'the SHA-256 and the object id of the manifest are of different content',
  conflict: 'in conflict, and to be decided',
  'not-recorded': 'delivered by the rule, but not recorded',
  target: 'the target holds other bytes than the manifest records',
  mode: 'the target has another file mode than the manifest records',
};

function renderDisagreement({ path, problem, expected, found }: Disagreement): string {
  const ids = [
    ...(expected === undefined ? [] : [`expected ${shortId(expected)}`]),
    ...(found === undefined ? [] : [`found ${shortId(found)}`]),
  ];
  return `${red(`! ${path}`)}  ${problems[problem]}${ids.length > 0 ? dim(` (${ids.join(', ')})`) : ''}`;
}
