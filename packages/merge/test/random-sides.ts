/** Texts to merge, made from a seed: what differs from case to case is how long, how repetitive, how edited. */
export interface RandomSides {
  base: Uint8Array;
  ours: Uint8Array;
  theirs: Uint8Array;
}

interface Manner {
  lines: number;
  /** How many different lines there are; few make repetition. */
  vocabulary: number;
  edits: number;
  ending: () => string;
  finalNewline: () => boolean;
}

/** A pseudo-random source (mulberry32) of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The sides of case `seed`; `scale` multiplies the number of lines, at most 60 otherwise. */
export function randomSides(seed: number, scale = 1): RandomSides {
  const random = seededRandom(seed);
  const manner = randomManner(random, scale);
  const base = Array.from({ length: manner.lines }, () => randomLine(random, manner));
  const line = (): string => randomLine(random, manner);
  const shared = random() < 0.4 ? edited(base, random, line, manner.edits / 3) : base;
  const ours = edited(shared, random, line, manner.edits);
  const theirs = edited(random() < 0.7 ? shared : base, random, line, manner.edits);
  return {
    base: toText(base, manner),
    ours: toText(ours, manner),
    theirs: toText(theirs, manner),
  };
}

/** Two sides made of a real text by random edits, whose new lines are other lines of the text. */
export function randomlyEdited(base: Uint8Array, seed: number): RandomSides {
  const random = seededRandom(seed);
  const lines = new TextDecoder().decode(base).split(/(?<=\n)/);
  const edits = 1 + Math.floor(random() * 8);
  const side = (): Uint8Array => {
    const result = edited(lines, random, () => lines[Math.floor(random() * lines.length)]!, edits);
    return new TextEncoder().encode(result.join(''));
  };
  return { base, ours: side(), theirs: side() };
}

function randomManner(random: () => number, scale: number): Manner {
  const lines = Math.floor(random() * random() * 60 * scale);
  const crlf = random();
  const noNewline = random() < 0.2 ? 0.5 : 0;
  return {
    lines,
    vocabulary: [2, 4, 12, 60, 100_000][Math.floor(random() * 5)]!,
    edits: 1 + Math.floor(random() * random() * lines * 0.8),
    ending: () => (crlf < 0.7 ? '\n' : crlf < 0.85 || random() < 0.9 ? '\r\n' : '\n'),
    finalNewline: () => random() >= noNewline,
  };
}

function randomLine(random: () => number, { vocabulary }: Manner): string {
  const word = Math.floor(random() * vocabulary);
  if (random() < 0.15) return ['', '}', '  ', '---'][Math.floor(random() * 4)]!;
  return vocabulary > 50 ? `line ${word} of the text` : `w${word}`;
}

function edited(
  lines: readonly string[],
  random: () => number,
  newLine: () => string,
  edits: number,
): string[] {
  const result = [...lines];
  for (let edit = 0; edit < edits; edit++) {
    const at = Math.floor(random() * (result.length + 1));
    const length = 1 + Math.floor(random() * random() * 5);
    const fresh = Array.from({ length }, newLine);
    const kind = random();
    if (kind < 0.35) result.splice(at, length, ...fresh);
    else if (kind < 0.6) result.splice(at, 0, ...fresh);
    else if (kind < 0.9) result.splice(at, length);
    else {
      const moved = result.splice(at, length * 3);
      result.splice(Math.floor(random() * (result.length + 1)), 0, ...moved);
    }
  }
  return result;
}

function toText(lines: readonly string[], manner: Manner): Uint8Array {
  let text = '';
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1;
    text += line + (isLast && !manner.finalNewline() ? '' : manner.ending());
  });
  return new TextEncoder().encode(text);
}
