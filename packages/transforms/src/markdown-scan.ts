/** Offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  start: number;
  end: number;
}

/**
 * A construct that links somewhere, as found in Markdown:
 *
 * - `link`, `image`: `[text](destination "title")`, `![text](destination)`
 * - `linkReference`, `imageReference`: `[text][label]`, `[label][]`, `[label]`, and with `!`
 * - `definition`: `[label]: destination "title"`
 * - `autolink`: `<scheme:…>`, `<name@example.org>`
 */
export interface ScannedLink extends Span {
  kind: 'link' | 'image' | 'linkReference' | 'imageReference' | 'definition' | 'autolink';
  /** Between the brackets. Absent for an autolink. */
  text?: Span;
  /** As written: without angle brackets, with escapes. Absent where there is none, as in `[a]()`. */
  destination?: Span;
  /** Whether the destination stands in angle brackets. */
  angled?: boolean;
  /** Normalised label: of a reference the one it refers to, of a definition its own. */
  label?: string;
}

/** What a scan of Markdown finds; every list sorted by start. */
export interface MarkdownScan {
  links: ScannedLink[];
  /** Code spans, with their backticks. */
  codeSpans: Span[];
  /** Fenced and indented code blocks. */
  codeBlocks: Span[];
  /** Raw HTML: blocks, and tags within text. */
  html: Span[];
}
