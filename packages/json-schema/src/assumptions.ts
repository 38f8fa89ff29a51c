import type { Assume } from './patterns.js';

/** The answers that a computation gave, each under other assumptions; and whether those were all there are. */
export interface Explored<T> {
  readonly answers: readonly T[];
  /** What was assumed about, by pattern; empty where the first answer stands without any assumption. */
  readonly patterns: ReadonlySet<string>;
  readonly isComplete: boolean;
}

/** Repeats a computation for every way in which what it has to assume might be. */
export interface Assumptions {
  readonly assume: Assume;
  explore<T>(maxRuns: number, compute: () => T): Explored<T>;
}

/**
 * A computation that asks something that cannot be known is run with every answer to it, and to what it asks next:
 * where the outcome is always the same, it is known after all.
 */
export function createAssumptions(): Assumptions {
  /** The questions of this run in the order in which they came, with their answers. */
  let answers = new Map<string, boolean>();
  const patterns = new Set<string>();

  function assume(pattern: string, value: string): boolean {
    patterns.add(pattern);
    const question = JSON.stringify([pattern, value]);
    const answer = answers.get(question);
    if (answer === undefined) answers.set(question, true);
    return answer ?? true;
  }

  /** The answers that the next run starts with: the last `true` becomes `false`, those behind it are asked anew. */
  function next(): Map<string, boolean> | undefined {
    const asked = [...answers];
    while (asked.length > 0 && asked.at(-1)![1] === false) asked.pop();
    const last = asked.pop();
    return last && new Map([...asked, [last[0], false]]);
  }

  function explore<T>(maxRuns: number, compute: () => T): Explored<T> {
    answers = new Map();
    patterns.clear();
    const found: T[] = [];
    for (let run = 0; run < maxRuns; run++) {
      found.push(compute());
      const following = next();
      if (!following) return { answers: found, patterns: new Set(patterns), isComplete: true };
      answers = following;
    }
    return { answers: found, patterns: new Set(patterns), isComplete: false };
  }

  return { assume, explore };
}
