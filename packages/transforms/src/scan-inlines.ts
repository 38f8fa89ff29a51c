import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import { endOfHtml } from './html-syntax.js';
import type { MarkdownScan, ScannedLink, Span } from './markdown-scan.js';
import type { InlineSpan } from './scan-blocks.js';

/** An opening bracket that no closing one has met yet. */
interface Opener {
  /** Where the construct begins: at `[`, or at the `!` before it. */
  start: number;
  /** After the bracket. */
  text: number;
  image: boolean;
}

const special = /[\\`<[\]!]|https?:\/\/|www\./gi;
const punctuation = /[!-/:-@[-`{-~]/;
const autolink = /<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x20\x7f]*)>/y;
const emailAutolink =
  /<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>/y;
const deepestParentheses = 30;
const longestLabel = 900;

/**
 * The second phase, as far as links need it: code spans, raw HTML, autolinks and brackets in one span of
 * text, from left to right, each by CommonMark's rules of precedence.
 *
 * @param labels - Of all definitions of the document, normalised.
 * @returns Whether there is something that this scanner does not read with certainty.
 */
export function scanInlines(
  text: string,
  span: InlineSpan,
  labels: ReadonlySet<string>,
  found: MarkdownScan,
): boolean {
  return new InlineScanner(text, span, labels, found).run();
}

class InlineScanner {
  readonly #text: string;
  readonly #end: number;
  readonly #offset: number;
  readonly #labels: ReadonlySet<string>;
  readonly #found: MarkdownScan;
  readonly #openers: Opener[] = [];
  /** Openers of links below this height of the stack contain a link already, so they make none. */
  #inactive = 0;
  #doubtful = false;
  #position: number;
  /** Closers that are known not to come any more, so that they are not searched for again. */
  readonly #missing = new Set<string>();
  #backticks: Map<number, number[]> | undefined;

  constructor(text: string, span: InlineSpan, labels: ReadonlySet<string>, found: MarkdownScan) {
    this.#text = span.masked ?? text;
    this.#offset = span.masked === undefined ? 0 : span.start;
    this.#position = span.start - this.#offset;
    this.#end = span.end - this.#offset;
    this.#labels = labels;
    this.#found = found;
  }

  run(): boolean {
    for (;;) {
      special.lastIndex = this.#position;
      const match = special.exec(this.#text);
      if (match === null || match.index >= this.#end) return this.#doubtful;
      const at = match.index;
      this.#position = this.#readSpecial(match[0], at);
    }
  }

  /** Returns where to go on. */
  #readSpecial(matched: string, at: number): number {
    switch (matched) {
      case '\\':
        return at + (punctuation.test(this.#text[at + 1] ?? '') ? 2 : 1);
      case '`':
        return this.#readCodeSpan(at);
      case '<':
        return this.#readAngle(at);
      case '!':
        if (this.#text[at + 1] !== '[') return at + 1;
        this.#openers.push({ start: at, text: at + 2, image: true });
        return at + 2;
      case '[':
        this.#openers.push({ start: at, text: at + 1, image: false });
        return at + 1;
      case ']':
        return this.#closeBracket(at);
      default:
        return this.#readBareUrl(at, at + matched.length);
    }
  }

  #readCodeSpan(start: number): number {
    const size = this.#runLength(start);
    const closer = this.#nextRun(start + size, size);
    if (closer === undefined) return start + size;
    this.#found.codeSpans.push(this.#span(start, closer + size));
    return closer + size;
  }

  /** Where the next run of exactly so many backticks begins. */
  #nextRun(from: number, size: number): number | undefined {
    if (this.#backticks === undefined) {
      const next = this.#text.indexOf('`', from);
      if (next < 0 || next >= this.#end) return undefined;
      if (this.#runLength(next) === size) return next; // as it nearly always is
      this.#backticks = this.#findBackticks(from);
    }
    const runs = this.#backticks.get(size);
    if (runs === undefined) return undefined;
    // The nearest is last, and what lies behind is not needed again.
    while (runs.length > 0 && (runs.at(-1) as number) < from) runs.pop();
    return runs.at(-1);
  }

  /** All runs of backticks from here on, by length, the nearest last. */
  #findBackticks(start: number): Map<number, number[]> {
    const runs = new Map<number, number[]>();
    let at = this.#text.indexOf('`', start);
    while (at >= 0 && at < this.#end) {
      const size = this.#runLength(at);
      const known = runs.get(size);
      if (known === undefined) runs.set(size, [at]);
      else known.push(at);
      at = this.#text.indexOf('`', at + size);
    }
    for (const starts of runs.values()) starts.reverse();
    return runs;
  }

  #runLength(start: number): number {
    let at = start;
    while (at < this.#end && this.#text.charCodeAt(at) === 96) at++;
    return at - start;
  }

  #readAngle(start: number): number {
    for (const pattern of [autolink, emailAutolink]) {
      pattern.lastIndex = start;
      const match = pattern.exec(this.#text);
      if (match === null || pattern.lastIndex > this.#end) continue;
      const span = this.#span(start, pattern.lastIndex);
      this.#found.links.push({
        kind: 'autolink',
        ...span,
        destination: { start: span.start + 1, end: span.end - 1 },
      });
      return pattern.lastIndex;
    }
    const end = endOfHtml(this.#text, start, this.#end, this.#missing);
    if (end < 0) return start + 1;
    this.#found.html.push(this.#span(start, end));
    return end;
  }

  /**
   * GFM makes links of bare URLs, which then hide what is in them from all else; not so within brackets.
   * Those that hold nothing special make no difference, and the others are not read here.
   */
  #readBareUrl(start: number, after: number): number {
    if (this.#openers.length > 0) return after;
    const text = this.#text;
    let at = after;
    for (; at < this.#end; at++) {
      const code = text.charCodeAt(at);
      if (code <= 32 || code === 60) break;
      if (code === 91 || code === 93 || code === 92 || code === 96) {
        this.#doubtful = true;
        return after;
      }
    }
    return at;
  }

  #closeBracket(at: number): number {
    const opener = this.#openers.pop();
    if (opener === undefined) return at + 1;
    const height = this.#openers.length;
    const inactive = !opener.image && height < this.#inactive;
    this.#inactive = Math.min(this.#inactive, height);
    if (inactive) return at + 1;
    const link = this.#readResource(opener, at) ?? this.#readReference(opener, at);
    if (link === undefined) return at + 1;
    if (!opener.image) this.#inactive = height;
    this.#found.links.push(link);
    return link.end - this.#offset;
  }

  #link(opener: Opener, close: number, end: number, reference: boolean): ScannedLink {
    const kind = opener.image ? 'image' : 'link';
    return {
      kind: reference ? `${kind}Reference` : kind,
      ...this.#span(opener.start, end),
      text: this.#span(opener.text, close),
    };
  }

  /** `(destination "title")` after a bracket. */
  #readResource(opener: Opener, close: number): ScannedLink | undefined {
    const text = this.#text;
    if (text[close + 1] !== '(' || close + 1 >= this.#end) return undefined;
    let at = this.#skipSpace(close + 2);
    const angled = text[at] === '<';
    const from = angled ? at + 1 : at;
    const to = angled ? this.#endOfAngled(from) : this.#endOfDestination(from);
    if (to === undefined) return undefined;
    at = angled ? to + 1 : to;
    const afterSpace = this.#skipSpace(at);
    if (afterSpace > at && /["'(]/.test(text[afterSpace] ?? '') && afterSpace < this.#end) {
      const title = this.#endOfTitle(afterSpace);
      if (title === undefined) return undefined;
      at = this.#skipSpace(title);
    } else at = afterSpace;
    if (at >= this.#end || text[at] !== ')') return undefined;
    return {
      ...this.#link(opener, close, at + 1, false),
      angled,
      ...(to > from ? { destination: this.#span(from, to) } : {}),
    };
  }

  #endOfAngled(from: number): number | undefined {
    for (let at = from; at < this.#end; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 62) return at;
      if (code === 60 || code === 10 || code === 13) return undefined;
      if (code === 92 && /[<>\\]/.test(this.#text[at + 1] ?? '')) at++;
    }
    return undefined;
  }

  #endOfDestination(from: number): number | undefined {
    let depth = 0;
    for (let at = from; at < this.#end; at++) {
      const code = this.#text.charCodeAt(at);
      if (code <= 32 || code === 127) {
        if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return undefined;
        return depth === 0 ? at : undefined;
      }
      if (code === 92 && /[()\\]/.test(this.#text[at + 1] ?? '')) at++;
      else if (code === 40 && ++depth > deepestParentheses) {
        this.#doubtful = true;
        return undefined;
      } else if (code === 41 && depth-- === 0) return at;
    }
    return undefined;
  }

  #endOfTitle(start: number): number | undefined {
    const text = this.#text;
    const closer = text[start] === '(' ? ')' : (text[start] as string);
    if (this.#missing.has(closer)) return undefined;
    for (let at = start + 1; at < this.#end; at++) {
      if (text[at] === closer) return at + 1;
      if (text[at] === '\\') at++;
      else if (closer === ')' && text[at] === '(') {
        this.#doubtful = true;
        return undefined;
      }
    }
    this.#missing.add(closer);
    return undefined;
  }

  /** `[label]`, `[]`, or nothing after a bracket. */
  #readReference(opener: Opener, close: number): ScannedLink | undefined {
    if (this.#labels.size === 0) return undefined;
    const own = this.#label(opener.text, close);
    const defined = own !== undefined && this.#labels.has(own);
    if (this.#text[close + 1] === '[' && close + 1 < this.#end) {
      const labelEnd = this.#endOfLabel(close + 2);
      const label = labelEnd === undefined ? undefined : this.#label(close + 2, labelEnd);
      if (labelEnd !== undefined && label !== undefined && this.#labels.has(label)) {
        return { ...this.#link(opener, close, labelEnd + 1, true), label };
      }
      if (!defined || this.#text[close + 2] !== ']' || close + 2 >= this.#end) return undefined;
      return { ...this.#link(opener, close, close + 3, true), label: own };
    }
    return defined ? { ...this.#link(opener, close, close + 1, true), label: own } : undefined;
  }

  /** Normalised; `undefined` for what is too long or blank. */
  #label(start: number, end: number): string | undefined {
    if (end - start > longestLabel) {
      if (end - start < 2 * longestLabel) this.#doubtful = true;
      return undefined;
    }
    const label = normalizeIdentifier(this.#text.slice(start, end));
    return label === '' ? undefined : label;
  }

  /** Where a reference's label closes, which no bracket may be in. */
  #endOfLabel(from: number): number | undefined {
    const limit = Math.min(this.#end, from + 2 * longestLabel);
    for (let at = from; at < limit; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 93) return at;
      if (code === 91) return undefined;
      if (code === 92 && /[[\]\\]/.test(this.#text[at + 1] ?? '')) at++;
    }
    return undefined;
  }

  /** Spaces, tabs and line endings. */
  #skipSpace(from: number): number {
    let at = from;
    while (at < this.#end) {
      const code = this.#text.charCodeAt(at);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) break;
      at++;
    }
    return at;
  }

  #span(start: number, end: number): Span {
    return { start: start + this.#offset, end: end + this.#offset };
  }
}
