import { seededRandom } from '../test/random-sides.ts';

/** Texts to time; a case of several documents is timed as a whole and counted by the document. */
export interface BenchCase {
  name: string;
  documents: readonly { base: Uint8Array; ours: Uint8Array; theirs: Uint8Array }[];
  /** node-diff3 needs half a minute and more on these: it is left out. */
  tooLongForNodeDiff3?: boolean;
}

export function benchCases(): BenchCase[] {
  return [
    { name: '200 small documents (5–80 lines)', documents: smallDocuments(200) },
    { name: '10,000 lines, few edits', documents: [editedDocument(10_000, 20, 1)] },
    {
      name: '10,000 lines, many edits',
      documents: [editedDocument(10_000, 1500, 2)],
      tooLongForNodeDiff3: true,
    },
    { name: '10,000 lines, rewritten', documents: [rewrittenDocument(10_000, 3)] },
    {
      name: '100,000 lines, few edits',
      documents: [editedDocument(100_000, 40, 4)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 lines, many edits',
      documents: [editedDocument(100_000, 10_000, 5)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 lines, shuffled',
      documents: [shuffledDocument(100_000, 6)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 equal lines, 2 % lost',
      documents: [repetitiveDocument(1, 0.02, 9)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 lines, a and b in turn, 2 % lost',
      documents: [repetitiveDocument(2, 0.02, 7)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 lines, a and b in turn, 30 % lost',
      documents: [repetitiveDocument(2, 0.3, 10)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 lines, 2 different ones',
      documents: [vocabularyDocument(100_000, 2, 11)],
      tooLongForNodeDiff3: true,
    },
    {
      name: '100,000 lines, 50 different ones',
      documents: [vocabularyDocument(100_000, 50, 8)],
      tooLongForNodeDiff3: true,
    },
  ];
}

type Document = BenchCase['documents'][number];

function smallDocuments(count: number): Document[] {
  return Array.from({ length: count }, (_, index) =>
    editedDocument(5 + ((index * 37) % 76), 1 + (index % 5), index),
  );
}

function editedDocument(lines: number, edits: number, seed: number): Document {
  const random = seededRandom(seed);
  const base = Array.from({ length: lines }, (_, line) => prose(line, random));
  return {
    base: toBytes(base),
    ours: toBytes(edit(base, edits, random, 'our')),
    theirs: toBytes(edit(base, edits, random, 'their')),
  };
}

function prose(line: number, random: () => number): string {
  if (random() < 0.15) return '';
  if (random() < 0.1) return '    }';
  return `Paragraph ${line}: step ${Math.floor(random() * 1e6)} of the plan is carried out and recorded.`;
}

function edit(
  base: readonly string[],
  edits: number,
  random: () => number,
  side: string,
): string[] {
  const result = [...base];
  const step = base.length / edits;
  for (let index = 0; index < edits; index++) {
    const at = Math.min(result.length - 1, Math.floor((index + random()) * step));
    const kind = random();
    if (kind < 0.5) result[at] = `${side} version ${index} of this line`;
    else if (kind < 0.8) result.splice(at, 0, `${side} new line ${index}`, '');
    else result.splice(at, 1);
  }
  return result;
}

/** Nine lines in ten are new on both sides. */
function rewrittenDocument(lines: number, seed: number): Document {
  const random = seededRandom(seed);
  const base = Array.from({ length: lines }, (_, line) => prose(line, random));
  const rewrite = (side: string): string[] =>
    base.map((text, line) =>
      random() < 0.9 ? `${side} ${line} ${Math.floor(random() * 1e6)}` : text,
    );
  return { base: toBytes(base), ours: toBytes(rewrite('our')), theirs: toBytes(rewrite('their')) };
}

/** The same lines in another order on both sides. */
function shuffledDocument(lines: number, seed: number): Document {
  const random = seededRandom(seed);
  const base = Array.from({ length: lines }, (_, line) => `entry ${line} of the list`);
  const shuffle = (): string[] =>
    base
      .map((text) => ({ text, key: random() }))
      .sort((left, right) => left.key - right.key)
      .map(({ text }) => text);
  return { base: toBytes(base), ours: toBytes(shuffle()), theirs: toBytes(shuffle()) };
}

/** 100,000 lines that repeat themselves after `period` of them, of which each side has lost a share. */
function repetitiveDocument(period: number, lost: number, seed: number): Document {
  const random = seededRandom(seed);
  const base = Array.from({ length: 100_000 }, (_, line) => 'abcdefgh'[line % period]!);
  const drop = (): string[] => base.filter(() => random() > lost);
  return { base: toBytes(base), ours: toBytes(drop()), theirs: toBytes(drop()) };
}

function vocabularyDocument(lines: number, vocabulary: number, seed: number): Document {
  const random = seededRandom(seed);
  const make = (): string[] =>
    Array.from({ length: lines }, () => `word ${Math.floor(random() * vocabulary)}`);
  return { base: toBytes(make()), ours: toBytes(make()), theirs: toBytes(make()) };
}

function toBytes(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
}
