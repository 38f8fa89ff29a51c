import type { Provenance, TargetFile } from '@holdfast/sync';
import { bold, dim, green, red } from '../markup.js';
import { describeCommit, fact } from './provenance.js';
import { indent, shortId, text } from './words.js';

/** Where the bytes at a path of the target around come from, without its rule and its source. */
export interface ProvenanceHere extends Pick<
  Provenance,
  'target' | 'path' | 'rule' | 'override' | 'deliveredBy' | 'oid' | 'recorded'
> {
  readonly source: Omit<Provenance['source'], 'changedBy'>;
  readonly state: TargetFile['state'];
}

const states: Record<TargetFile['state'], string> = {
  'as-delivered': green('as delivered'),
  customised: green("this repository's own version, merged"),
  drifted: red('drifted: changed since the last sync'),
  'mode-changed': red('drifted: its mode was changed since the last sync'),
  missing: red('missing: deleted since the last sync'),
  conflicted: red('conflicted: to be decided'),
  decided: green('a conflict that was decided; the next sync takes it up'),
};

/** Where the bytes at a path come from, as the manifests of the target around know it. */
export function renderProvenanceHere(items: readonly ProvenanceHere[]): string {
  const blocks = items.map(renderOne);
  return text(blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block])));
}

function renderOne({
  path,
  state,
  source,
  rule,
  override,
  deliveredBy,
  recorded,
  oid,
}: ProvenanceHere): string[] {
  const { name, ref, commit } = source;
  return [
    `${bold(path)}: ${states[state]}`,
    ...indent([
      fact('source', `${name} ${bold(source.path)} at ${ref} ${dim(`(${shortId(commit)})`)}`),
      fact('rule', rule),
      ...(override === undefined ? [] : [fact('override', override)]),
      ...(deliveredBy ? [fact('delivered', describeCommit(deliveredBy))] : []),
      fact('recorded', `blob ${recorded.oid}, mode ${recorded.mode}`),
      fact('', `sha256 ${recorded.sha256}`),
      ...(oid === undefined || oid === recorded.oid ? [] : [fact('found', `blob ${oid}`)]),
    ]),
  ];
}
