import { fitBody, neutralizeReferences } from '@holdfast/forge';
import type { Fleet } from '../fleet.js';
import type { ChangeRequest, Forge } from '../ports.js';
import type { AffectedItem, Impact, ImpactItem } from './find-impact.js';

/** What is told: an {@link Impact} whose items were read. */
export interface ToldImpact extends Omit<Impact, 'items'> {
  readonly items: readonly ImpactItem[];
}

/** What became of the comment. `no-request`: nobody has asked to merge the head yet. */
export type ImpactComment =
  | {
      readonly kind: 'commented';
      readonly request: { readonly number: number; readonly url?: string };
    }
  | { readonly kind: 'no-request' }
  /** The source has no place for requests. */
  | { readonly kind: 'no-forge' };

/**
 * Keeps one comment up to date on the source's own request for the head: it is posted once and edited
 * from then on.
 */
export async function commentImpact(
  { sourceForge, configuration: { namespace } }: Fleet,
  impact: ToldImpact,
): Promise<ImpactComment> {
  if (!sourceForge) return { kind: 'no-forge' };
  const request = await findRequest(sourceForge, impact);
  if (!request) return { kind: 'no-request' };
  const { number, url } = request;
  await sourceForge.comment(request.id, {
    key: `${namespace}-impact`,
    body: fitBody(formatImpact(impact), sourceForge.limits.body),
  });
  return { kind: 'commented', request: { number, ...(url === undefined ? {} : { url }) } };
}

/** The open request of the branch, or else the one whose commit is meant. */
async function findRequest(forge: Forge, { head }: ToldImpact): Promise<ChangeRequest | undefined> {
  const branch = head.name.replace(/^refs\/heads\/|^origin\//, '');
  const isCommit = head.commit.startsWith(branch) || branch === 'HEAD';
  const own = isCommit ? [] : await forge.findByHead(branch);
  return (
    own.find(({ state }) => state === 'open') ??
    (await forge.listOpen('')).find(({ headCommit }) => headCommit === head.commit)
  );
}

const LISTED_ITEMS = 100;
const LISTED_FILES = 20;

/** An impact as Markdown: who would have to decide something first, then everyone else. */
export function formatImpact({
  base,
  head,
  sourceConflicts,
  unaffected,
  items,
}: ToldImpact): string {
  const affected = items.filter((item) => item.kind === 'affected');
  const failed = items.filter((item) => item.kind === 'failed');
  const changed = affected.filter(({ files }) => files.length > 0);
  const hard = changed.filter((item) => item.conflicts > 0 || item.blocked);
  const easy = changed.filter((item) => !hard.includes(item));
  const targets = new Set(changed.map(({ target }) => target)).size;
  const meanings = new Map(
    affected.flatMap(({ meaning }) => meaning.map((one) => [one.sentence, one])),
  );
  const untouched = unaffected.length + affected.length - changed.length;
  return `${[
    `## What merging this does downstream`,
    `${code(head.name)} (${code(head.commit.slice(0, 12))}) into ${code(base.name)}: ${count(targets, 'target')} would get something else, ${count(hard.length, 'of them', 'of them')} with conflicts or failing checks; ${count(untouched, 'rule and target', 'rules and targets')} would not.`,
    ...(sourceConflicts.length > 0
      ? [
          `**The two branches conflict themselves** in ${sourceConflicts.slice(0, LISTED_FILES).map(code).join(', ')}; those files are looked at as ${code(head.name)} has them.`,
        ]
      : []),
    ...(hard.length > 0 ? [`### Someone would have to decide\n\n${listItems(hard)}`] : []),
    ...(meanings.size > 0
      ? [
          `### Changes in meaning\n\n${listed([...meanings.values()], ({ sentence, severity }) => `${neutralizeReferences(escape(sentence))} (${severity})`)}`,
        ]
      : []),
    ...(failed.length > 0
      ? [
          `### Could not be looked at\n\n${listed(failed, ({ target, rule, error }) => `${code(target)} (${code(rule)}): ${neutralizeReferences(escape(error.message))}`)}`,
        ]
      : []),
    ...(easy.length > 0
      ? [
          `<details>\n<summary>Would be brought up to date: ${count(easy.length, 'rule and target', 'rules and targets')}</summary>\n\n${listItems(easy)}\n\n</details>`,
        ]
      : []),
  ].join('\n\n')}\n`;
}

function listItems(items: readonly AffectedItem[]): string {
  return listed(items, (item) => {
    const { target, rule, files, conflicts, blocked, findings } = item;
    const head = `${code(target)} (${code(rule)}): ${count(files.length, 'file')}${conflicts > 0 ? `, ${count(conflicts, 'conflict')}` : ''}${blocked ? ', checks would fail' : ''}`;
    const first = [
      ...files.filter(({ kind }) => kind === 'conflicted'),
      ...files.filter(({ kind }) => kind !== 'conflicted'),
    ].slice(0, LISTED_FILES);
    const lines = [
      ...first.map(({ path, kind }) => `  - ${code(path)}: ${kind}`),
      ...(files.length > first.length ? [`  - and ${files.length - first.length} more`] : []),
      ...findings
        .filter(({ severity }) => severity === 'error')
        .slice(0, LISTED_FILES)
        .map(({ path, message }) => `  - ${code(path)}: ${neutralizeReferences(escape(message))}`),
    ];
    return [head, ...lines].join('\n');
  });
}

function listed<Item>(items: readonly Item[], line: (item: Item) => string): string {
  const lines = items.slice(0, LISTED_ITEMS).map((item) => `- ${line(item)}`);
  if (items.length > lines.length) lines.push(`- and ${items.length - lines.length} more`);
  return lines.join('\n');
}

function code(text: string): string {
  const oneLine = text.replaceAll(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...(oneLine.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${oneLine}${space}${fence}`;
}

function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|~]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
