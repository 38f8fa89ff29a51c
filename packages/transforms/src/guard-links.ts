import { applyEdits, type Edit, mapEdits, sortEdits } from '@holdfast/text';
import type { MarkdownLink } from './find-links.js';
import { scanMarkdown } from './scan-markdown.js';
import type { LocalFinding } from './transform.js';

/** Edits that change no link but those that they are meant for, or why there are none. */
export interface GuardedEdits {
  edits: Edit[];
  /** Errors: links that could not be kept as they are. */
  findings: LocalFinding[];
}

/** Each round reads the document once more. Brackets nested more deeply are nobody's writing. */
const mostRounds = 10;

/**
 * Taking a link away can make another one of the brackets around it: `[[a](x)](y)`. The result is read
 * again, what became a link without having been one is escaped, and so on; a link that was lost is an
 * error.
 *
 * @param survivors - The links that are to stay.
 */
export function guardLinks(
  text: string,
  edits: readonly Edit[],
  survivors: readonly MarkdownLink[],
): GuardedEdits {
  let guarded = [...edits];
  for (let round = 0; round < mostRounds; round++) {
    const { unexpected, lost } = compareLinks(text, guarded, survivors);
    if (unexpected.length === 0) return { edits: guarded, findings: lost.map(describeLoss) };
    const escapes = unexpected.map((at) => ({ start: at, end: at, text: '\\' }));
    guarded = sortEdits([...guarded, ...escapes]);
  }
  const message = `removing links makes links of the brackets around them, more than ${mostRounds} deep`;
  return {
    edits: [],
    findings: [{ ruleId: 'transforms/link-nesting', severity: 'error', message }],
  };
}

/** Where links begin that were none before (their bracket), and the links that are none any more. */
function compareLinks(text: string, edits: readonly Edit[], survivors: readonly MarkdownLink[]) {
  const result = applyEdits(text, edits);
  const { toSource, toTarget } = offsetShifters(edits);
  const expected = new Map<number, MarkdownLink>();
  for (const link of survivors) if (link.kind !== 'html') expected.set(toTarget(link.start), link);
  const unexpected: number[] = [];
  for (const { start, kind } of scanMarkdown(result).links) {
    if (expected.delete(start)) continue;
    unexpected.push(toSource(kind.startsWith('image') ? start + 1 : start));
  }
  return { unexpected, lost: [...expected.values()] };
}

function describeLoss({ start, end, url }: MarkdownLink): LocalFinding {
  const message = `removing a link beside it would break the link to ${url}; write the brackets around it as \\[ and \\]`;
  return { ruleId: 'transforms/link-lost', severity: 'error', message, start, end, data: { url } };
}

/** Carry offsets across sorted edits. Those inside of an edit are not asked for. */
function offsetShifters(edits: readonly Edit[]) {
  const map = mapEdits(edits);
  const carry = (from: 'source' | 'target', to: 'source' | 'target') => (offset: number) => {
    let low = 0;
    let high = map.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = map[middle] as (typeof map)[number];
      if (entry[from].end <= offset) low = middle + 1;
      else high = middle;
    }
    const before = map[low - 1];
    return before === undefined ? offset : offset - before[from].end + before[to].end;
  };
  return { toTarget: carry('source', 'target'), toSource: carry('target', 'source') };
}
