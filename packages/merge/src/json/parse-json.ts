import { pathLabel } from '../structure/item-identity.js';
import {
  UnreadableError,
  type StructureEntry,
  type StructureNode,
} from '../structure/structure-node.js';
import { canonicalNumber, type ValueInterner } from '../structure/value-interner.js';

/** A JSON value with the white space and comments around its entries. */
export interface JsonNode extends StructureNode {
  readonly entries: readonly JsonEntry[];
  /** White space at the start of the line that the value begins on. */
  readonly indent: string;
  /** How much deeper than a container its entries stand in this document. */
  readonly unit: string;
  /** What stands between the last entry and the closing bracket. */
  readonly closing: string;
  readonly trailingComma: boolean;
}

/** The text of an entry is `lead key head value tail , after`. */
export interface JsonEntry extends StructureEntry {
  readonly value: JsonNode;
  readonly lead: string;
  /** The key, its colon, and what stands before the value; empty for an item. */
  readonly head: string;
  readonly tail: string;
  readonly after: string;
}

export interface JsonDocument {
  text: string;
  root: JsonNode;
  start: number;
  end: number;
}

/** Deeper documents are merged by line. */
const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const LITERAL = /true|false|null/y;
const BLANKS = /[ \t]*/y;
/** A comment that is the last thing on its line, or nothing before the line's end. */
const REMARK = /[ \t]*(?:\/\/[^\n]*|\/\*(?:[^*\n]|\*(?!\/))*\*\/[ \t]*\r?)?(?=\n)/y;

/**
 * Reads JSON; comments and trailing commas, as in many configuration files, are allowed.
 *
 * @throws {UnreadableError} for what is no JSON, nested more than 200 deep, or has a key twice
 */
export function parseJson(text: string, ids: ValueInterner): JsonDocument {
  return new JsonReader(text, ids).readDocument();
}

class JsonReader {
  #text: string;
  #ids: ValueInterner;
  #unit: string;
  #at = 0;
  #lineStart = 0;
  #indentedLine = -1;
  #indent = '';

  constructor(text: string, ids: ValueInterner) {
    this.#text = text;
    this.#unit = /[[{][ \t]*\n([ \t]+)/.exec(text)?.[1] ?? '  ';
    this.#ids = ids;
  }

  readDocument(): JsonDocument {
    this.#skipTrivia();
    const start = this.#at;
    const root = this.#readValue(0);
    const end = this.#at;
    this.#skipTrivia();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return { text: this.#text, root, start, end };
  }

  #readValue(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw new UnreadableError(`nested more than ${MAX_DEPTH} deep`);
    const start = this.#at;
    const character = this.#text[start];
    if (character === '{' || character === '[') return this.#readContainer(depth, character);
    const source =
      this.#match(STRING) ?? this.#match(NUMBER) ?? this.#match(LITERAL) ?? this.#fail();
    const scalar = character === '"' ? this.#decode(source) : source;
    const key =
      character === '"'
        ? `"${scalar}`
        : source.length > 0 && /[-\d]/.test(source[0]!)
          ? canonicalNumber(source)
          : source;
    return {
      kind: 'scalar',
      id: this.#ids.scalar(key),
      mark: '',
      entries: [],
      scalar,
      source,
      core: source,
      indent: this.#lineIndent(),
      unit: this.#unit,
      below: '',
      closing: '',
      trailingComma: false,
    };
  }

  #readContainer(depth: number, open: '{' | '['): JsonNode {
    const start = this.#at++;
    const indent = this.#lineIndent();
    const close = open === '{' ? '}' : ']';
    const entries: JsonEntry[] = [];
    const keys = new Set<string>();
    let trailingComma = false;
    let gapStart = this.#at;
    for (;;) {
      this.#skipTrivia();
      if (this.#text[this.#at] === close) break;
      if (entries.length > 0 && !trailingComma) throw this.#unexpected();
      const lead = this.#text.slice(gapStart, this.#at);
      const { key, label, head } = open === '{' ? this.#readKey(keys) : NO_KEY;
      const value = this.#readValue(depth + 1);
      const valueEnd = this.#at;
      this.#skipTrivia();
      trailingComma = this.#text[this.#at] === ',';
      const tail = trailingComma ? this.#text.slice(valueEnd, this.#at) : '';
      const afterStart = trailingComma ? this.#at + 1 : valueEnd;
      this.#at = gapStart = this.#endOfRemark(afterStart);
      const after = this.#text.slice(afterStart, gapStart);
      const [above, beside] = [remarksOf(lead), after.trim()];
      entries.push({ key, label, value, lead, head, tail, after, above, beside });
    }
    const closing = this.#text.slice(gapStart, this.#at);
    this.#at++;
    const isMap = open === '{';
    const source = this.#text.slice(start, this.#at);
    return {
      kind: isMap ? 'map' : 'sequence',
      id: isMap
        ? this.#ids.map(entries.map(({ key, value }) => [key, value.id] as const))
        : this.#ids.sequence(entries.map(({ value }) => value.id)),
      mark: '',
      entries,
      source,
      core: source,
      indent,
      unit: this.#unit,
      ending: trailingComma ? ',' : '',
      below: remarksOf(closing),
      closing,
      trailingComma: trailingComma && entries.length > 0,
    };
  }

  #readKey(keys: Set<string>): { key: string; label: string; head: string } {
    const start = this.#at;
    const key = this.#decode(this.#match(STRING) ?? this.#fail());
    if (keys.has(key)) throw new UnreadableError(`key ${JSON.stringify(key)} stands there twice`);
    keys.add(key);
    this.#skipTrivia();
    if (this.#text[this.#at] !== ':') throw this.#unexpected();
    this.#at++;
    this.#skipTrivia();
    return { key, label: pathLabel(key), head: this.#text.slice(start, this.#at) };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const source = pattern.exec(this.#text)?.[0];
    if (source !== undefined) this.#at += source.length;
    return source;
  }

  #decode(source: string): string {
    try {
      return JSON.parse(source) as string;
    } catch {
      this.#at -= source.length;
      throw this.#unexpected();
    }
  }

  #skipTrivia(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === ' ' || character === '\n' || character === '\r' || character === '\t') {
        this.#at++;
        if (character === '\n') this.#lineStart = this.#at;
      } else if (this.#text.startsWith('//', this.#at)) {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2);
        if (end < 0) throw this.#unexpected();
        const newline = this.#text.slice(this.#at, end).lastIndexOf('\n');
        if (newline >= 0) this.#lineStart = this.#at + newline + 1;
        this.#at = end + 2;
      } else return;
    }
  }

  /** Where a comment behind `from` ends that is the last thing on its line; `from` if there is none. */
  #endOfRemark(from: number): number {
    REMARK.lastIndex = from;
    return from + (REMARK.exec(this.#text)?.[0].length ?? 0);
  }

  /** The indentation of the line that the reader is in. */
  #lineIndent(): string {
    if (this.#indentedLine !== this.#lineStart) {
      BLANKS.lastIndex = this.#lineStart;
      this.#indent = BLANKS.exec(this.#text)![0];
      this.#indentedLine = this.#lineStart;
    }
    return this.#indent;
  }

  #fail(): never {
    throw this.#unexpected();
  }

  #unexpected(): UnreadableError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    const found = this.#text[this.#at];
    return new UnreadableError(
      `unexpected ${found === undefined ? 'end' : JSON.stringify(found)} in line ${line}`,
    );
  }
}

/** The comments in what stands between two tokens, a line each without its indentation. */
function remarksOf(gap: string): string {
  if (!gap.includes('/')) return '';
  return gap
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

const NO_KEY = { key: '', label: '', head: '' };
