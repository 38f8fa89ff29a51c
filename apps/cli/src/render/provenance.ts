import type { FailedItem, Provenance } from '@holdfast/sync';
import { bold, dim, green, red } from '../markup.js';
import { renderFailed } from './plan.js';
import { indent, shortId, text } from './words.js';

const states: Record<Provenance['state'], string> = {
  'as-delivered': green('as delivered'),
  merged: green('merged with the change made downstream'),
  drifted: red('drifted: changed since the last sync'),
  conflicted: red('conflicted: markers are left'),
  decided: green('a conflict that was decided; the next sync takes it up'),
  missing: red('missing: deleted since the last sync'),
};

/** Where the bytes at a path come from, in every target that has it. */
export function renderProvenance(items: readonly (Provenance | FailedItem)[]): string {
  const blocks = items.map((item) => ('kind' in item ? renderFailed(item) : renderOne(item)));
  return text(blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block])));
}

function renderOne(item: Provenance): string[] {
  const { target, branch, path, rule, ruleFile, strategy, source, transforms, override } = item;
  const { changedBy } = source;
  const { deliveredBy, recorded, state, oid } = item;
  return [
    `${bold(path)} in ${target} (${branch}): ${states[state]}`,
    ...indent([
      fact(
        'source',
        `${source.name} ${bold(source.path)} at ${source.ref} ${dim(`(${shortId(source.commit)})`)}`,
      ),
      ...(changedBy ? [fact('changed', describeCommit(changedBy))] : []),
      fact('rule', `${rule} ${dim(`(${ruleFile})`)}, strategy ${strategy}`),
      ...transforms.map((step, index) => fact(index === 0 ? 'through' : '', step)),
      ...(override === undefined ? [] : [fact('override', override)]),
      ...(deliveredBy ? [fact('delivered', describeCommit(deliveredBy))] : []),
      fact('recorded', `blob ${recorded.oid}, mode ${recorded.mode}`),
      fact('', `sha256 ${recorded.sha256}`),
      ...(oid === undefined || oid === recorded.oid ? [] : [fact('found', `blob ${oid}`)]),
    ]),
  ];
}

/** One line of what is known: its name, and the value. */
export function fact(name: string, value: string): string {
  return `${dim(name.padEnd(9))} ${value}`;
}

/** A commit in one line. */
export function describeCommit({
  oid,
  subject,
  date,
}: {
  readonly oid: string;
  readonly subject: string;
  readonly date: string;
}): string {
  return `${date.slice(0, 10)} ${shortId(oid)} ${subject}`;
}
