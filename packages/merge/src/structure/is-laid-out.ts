import type { MergeSides } from '../merge-regions.js';
import type { StructureNode } from './structure-node.js';

/** A side is laid out anew when so much of its lines differs in nothing but white space and quotes. */
const MUCH = 0.3;
const LITTLE = 0.1;

/** Whether theirs is laid out anew, as by a formatter, and ours is as good as untouched in that. */
export function isOnlyTheirsLaidOut({ base, ours, theirs }: MergeSides<StructureNode>): boolean {
  const lines = new Set(base.source.split('\n'));
  const loose = new Set([...lines].map(withoutLayout));
  const share = ({ source }: StructureNode): number => {
    let all = 0;
    let changed = 0;
    for (const line of source.split('\n')) {
      if (line.trim() === '') continue;
      all++;
      if (!lines.has(line) && loose.has(withoutLayout(line))) changed++;
    }
    return changed / Math.max(1, all);
  };
  return share(theirs) > MUCH && share(ours) < LITTLE;
}

function withoutLayout(line: string): string {
  return line.replace(/[\s"',]/g, '');
}
