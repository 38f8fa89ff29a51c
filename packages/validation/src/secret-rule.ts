import type { Span } from '@holdfast/text';

/** One kind of thing that must not be delivered. */
export interface SecretRule {
  /** The rule id of its findings, without the family before it. */
  readonly id: string;
  /** What it is called in a message, with its article. */
  readonly name: string;
  /** Where one of these stands, in any case, the pattern is tried. */
  readonly keywords: readonly string[];
  /** Sticky; tried where a keyword begins. Its quantifiers are bounded, so that a try takes bounded time. */
  readonly pattern: RegExp;
  /** Says whether a match is real, or stands for one as in an example. */
  readonly accept: (match: RegExpExecArray, surroundings: Surroundings) => boolean;
  /** Finds what is meant, where that is not the match itself; it takes time that is bounded. */
  readonly locate?: (text: string, start: number) => readonly Span[];
}

/** What is around a match, worked out only when a rule asks. */
export interface Surroundings {
  readonly path: string;
  /** Whether the match stands in code: a block, a span, or any file that is no prose. */
  inCode(): boolean;
  /** Whether a word stands elsewhere in the text, with nothing of a path before it. */
  usesWord(word: string): boolean;
}
