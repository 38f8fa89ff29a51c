import { pathLabel } from '../structure/item-identity.js';
import { UnreadableError } from '../structure/structure-node.js';
import type { ValueInterner } from '../structure/value-interner.js';
import { blockValue } from './block-scalar.js';
import {
  BeyondSubset,
  collectionKey,
  FlowReader,
  isPlainStart,
  readQuoted,
} from './read-flow-yaml.js';
import { aliasKey, plainScalarKey, stringKey } from './scalar-key.js';
import { commentIn, remarksOf, type YamlEntry, type YamlNode } from './yaml-node.js';

const MAX_DEPTH = 200;
/** Tabs, control characters, directives and ends of documents: rare, and easily misread. */
const RARE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|^(?:%|\.\.\.(?:\s|$))/m;
const PROPERTIES = /(?:(?:&[\w-]+|![\w-]+)(?: +|(?=\n|$)))+/y;
const BLOCK_HEADER = /([|>])([+-]?) *(?: #.*)?(?:\n|$)/y;
const ALIAS = /\*[\w-]+(?=[ \n]|$)/y;

/**
 * Reads one document of the YAML that nearly all files are written in: blocks of maps and sequences, plain
 * and quoted scalars, block scalars, brackets, comments, anchors and aliases.
 * Whatever may be more than that it does not judge. It is many times faster than a whole reader.
 *
 * @throws {BeyondSubset} where the text is, or may be, anything else, or wrong
 * @throws {UnreadableError} for an alias without its anchor, or what is nested too deep
 */
export class BlockReader {
  #text: string;
  #ids: ValueInterner;
  #end: number;
  #anchors = new Set<string>();
  #flow: FlowReader;
  /** Where the next line with content begins, and its content; the lines before are comments and blank. */
  #lineStart = 0;
  #at = 0;

  constructor(text: string, end: number, ids: ValueInterner) {
    this.#text = end === text.length ? text : text.slice(0, end);
    this.#end = end;
    this.#ids = ids;
    this.#flow = new FlowReader(this.#text, ids, this.#anchors);
  }

  /** The value of the document from `start` on: `lead` stands before it. */
  readDocument(start: number): { lead: string; node: YamlNode } {
    this.#seek(start);
    if (this.#at >= this.#end) throw new UnreadableError('a document is empty');
    // What stands above the first entry is about the document.
    const lead = this.#text.slice(start, this.#lineStart);
    const node = this.#readBlock(this.#lineStart, -1, 0);
    if (this.#at < this.#end) throw new BeyondSubset();
    const rest = this.#text.slice(this.#done);
    return { lead, node: rest === '' ? node : withClosing(node, rest) };
  }

  static accepts(text: string): boolean {
    return !RARE.test(text) && text.isWellFormed();
  }

  /** Goes to the first content from the line that starts at `from` on. */
  #seek(from: number): void {
    const text = this.#text;
    let start = from;
    for (;;) {
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code === LINE_FEED) start = at + 1;
      else if (code === HASH) {
        const end = text.indexOf('\n', at);
        start = end < 0 ? this.#end : end + 1;
        if (end < 0) {
          this.#lineStart = this.#at = this.#end;
          return;
        }
      } else {
        // Spaces before the end of the text are a line without content.
        this.#lineStart = at >= this.#end ? this.#end : start;
        this.#at = at;
        return;
      }
    }
  }

  get #column(): number {
    return this.#at >= this.#end ? -1 : this.#at - this.#lineStart;
  }

  /** A block on lines of its own, from the lines above it on. @param outer the column of what holds it */
  #readBlock(from: number, outer: number, depth: number): YamlNode {
    const indent = this.#column;
    if (indent <= outer) throw new BeyondSubset();
    return this.#readEntries(from, indent, false, depth);
  }

  /** @param from where the text of the first entry begins: the lines above it, or its place in a line */
  #readEntries(from: number, indent: number, isCompact: boolean, depth: number): YamlNode {
    if (depth > MAX_DEPTH) throw new UnreadableError(`nested more than ${MAX_DEPTH} deep`);
    const text = this.#text;
    const isSequence = this.#isDash(this.#at);
    const entries: YamlEntry[] = [];
    const keys = isSequence ? undefined : new Set<string>();
    let start = from;
    let inLine = isCompact;
    for (;;) {
      const lead = inLine ? '' : text.slice(start, this.#lineStart);
      const entry = inLine
        ? this.#readEntry('', indent, true, isSequence, depth)
        : this.#recallEntry(lead, indent, isSequence, depth);
      if (keys?.has(entry.key)) {
        throw new UnreadableError(`Map keys must be unique: ${entry.label} is there twice`);
      }
      keys?.add(entry.key);
      entries.push(entry);
      start = this.#done;
      inLine = false;
      if (this.#column !== indent || this.#isDash(this.#at) !== isSequence) break;
    }
    if (this.#column > indent) throw new BeyondSubset();
    this.#done = this.#endOfClosing(start, indent);
    const closing = text.slice(start, this.#done);
    const core = text.slice(from, this.#done);
    return {
      kind: isSequence ? 'sequence' : 'map',
      id: isSequence
        ? this.#ids.sequence(entries.map(({ value }) => value.id))
        : this.#ids.map(entries.map(({ key, value }) => [key, value.id] as const)),
      mark: '',
      entries,
      source: core,
      core,
      below: remarksOf(closing),
      style: 'block',
      indent,
      isCompact,
      trail: '',
      closing,
    };
  }

  /** Where what is read ends: the start of a line. */
  #done = 0;

  /**
   * Reads an entry that begins its line, if none of the same text was read before: the sides of a merge,
   * and its result, have most of their entries in common.
   */
  #recallEntry(lead: string, indent: number, isSequence: boolean, depth: number): YamlEntry {
    const start = this.#lineStart;
    const end = this.#isInSmallEntry ? start : this.#endOfEntry(indent, isSequence);
    if (end - start < SMALL) {
      const wasInSmallEntry = this.#isInSmallEntry;
      this.#isInSmallEntry = true;
      const entry = this.#readEntry(lead, indent, false, isSequence, depth);
      this.#isInSmallEntry = wasInSmallEntry;
      return entry;
    }
    // What follows decides whose the comments behind it are.
    const isFollowed = end < this.#end && this.#skipSpaces(end) - end === indent;
    const key = `${isFollowed ? '+' : '-'}${this.#text.slice(start, end)}`;
    const known = this.#ids.memory.get(key) as KnownEntry | undefined;
    if (known !== undefined && known.depth >= depth) {
      this.#done = start + known.length;
      this.#seek(this.#done);
      return { ...known.entry, lead, above: remarksOf(lead) };
    }
    const uses = this.#anchorUses;
    const entry = this.#readEntry(lead, indent, false, isSequence, depth);
    // Anchors and aliases are about the whole document.
    if (uses === this.#anchorUses && this.#lineStart === end) {
      this.#ids.memory.set(key, { entry, length: this.#done - start, depth } satisfies KnownEntry);
    }
    return entry;
  }

  #isInSmallEntry = false;
  #anchorUses = 0;

  /** Where the line begins that follows the entry of a block, and the comments behind it. */
  #endOfEntry(indent: number, isSequence: boolean): number {
    const text = this.#text;
    let start = this.#lineEnd(this.#at);
    while (start < this.#end) {
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      const isOver =
        at - start < indent || (at - start === indent && (isSequence || !this.#isDash(at)));
      if (isOver && code !== LINE_FEED && code !== HASH && at < this.#end) return start;
      start = this.#lineEnd(at);
    }
    return this.#end;
  }

  #readEntry(
    lead: string,
    indent: number,
    inLine: boolean,
    isSequence: boolean,
    depth: number,
  ): YamlEntry {
    return isSequence
      ? this.#readItem(lead, indent, inLine, depth)
      : this.#readMember(lead, indent, inLine, depth);
  }

  /** Comments behind a block are its own while they stand as deep as its entries. */
  #endOfClosing(from: number, indent: number): number {
    const text = this.#text;
    // Items may stand as deep as the key that holds them: what follows is rather about the next key.
    const least = this.#column === indent ? indent + 1 : indent;
    let end = from;
    for (let start = from; start < this.#lineStart;) {
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      const lineFeed = text.indexOf('\n', at);
      const next = lineFeed < 0 ? this.#end : lineFeed + 1;
      if (text.charCodeAt(at) === HASH) {
        if (at - start < least) break;
        end = next;
      }
      start = next;
    }
    return end;
  }

  #isDash(at: number): boolean {
    if (this.#text.charCodeAt(at) !== DASH) return false;
    const next = this.#text.charCodeAt(at + 1);
    return next === SPACE || next === LINE_FEED || at + 1 >= this.#end;
  }

  #readItem(lead: string, indent: number, inLine: boolean, depth: number): YamlEntry {
    const text = this.#text;
    const dash = this.#at;
    const at = this.#skipSpaces(dash + 1);
    const pad = inLine ? '' : ' '.repeat(indent);
    if (this.#isEndOfLine(at)) {
      const { separator, value, beside } = this.#readValue(dash + 1, indent, false, depth);
      return entryOf('', '', indent, lead, `${pad}-`, '', separator, value, beside);
    }
    const head = pad + text.slice(dash, at);
    if (this.#isDash(at) || this.#keyEnd(at) >= 0) {
      this.#at = at;
      const value = this.#readEntries(at, at - this.#lineStart, true, depth + 1);
      return entryOf('', '', indent, lead, head, '', '', value, '');
    }
    const { separator, value, beside } = this.#readValue(at, indent, false, depth);
    return entryOf('', '', indent, lead, head, '', separator, value, beside);
  }

  #readMember(lead: string, indent: number, inLine: boolean, depth: number): YamlEntry {
    const text = this.#text;
    const start = this.#at;
    const colon = this.#keyEnd(start);
    if (colon < 0) throw text.startsWith('{{', start) ? collectionKey() : new BeyondSubset();
    const keyText = text.slice(start, colon);
    const { key, name } = readKey(keyText.trimEnd());
    const { separator, value, beside } = this.#readValue(colon, indent, true, depth);
    const head = inLine ? '' : ' '.repeat(indent);
    return entryOf(key, pathLabel(name), indent, lead, head, keyText, separator, value, beside);
  }

  /** Where the colon behind the key that begins at `from` stands; less than 0 where no key does. */
  #keyEnd(from: number): number {
    const text = this.#text;
    const first = text.charCodeAt(from);
    if (first === QUOTE || first === APOSTROPHE) {
      const quoted = readQuoted(text, from);
      if (quoted === undefined) return -1;
      let at = quoted.end;
      while (text.charCodeAt(at) === SPACE) at++;
      return text.charCodeAt(at) === COLON && this.#isGap(at + 1) ? at : -1;
    }
    if (!isPlainStart(text, from)) return -1;
    for (let at = from; at - from < 1000; at++) {
      const code = text.charCodeAt(at);
      if (code === COLON && this.#isGap(at + 1)) return at;
      if (code === LINE_FEED || at >= this.#end) return -1;
      if (code === HASH && text.charCodeAt(at - 1) === SPACE) return -1;
    }
    throw new BeyondSubset();
  }

  #isGap(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === SPACE || code === LINE_FEED || at >= this.#end;
  }

  /** The separator from `from` on and the value behind it; sets where that ends. */
  #readValue(
    from: number,
    indent: number,
    isMember: boolean,
    depth: number,
  ): { separator: string; value: YamlNode; beside: string } {
    const text = this.#text;
    let at = this.#skipSpaces(isMember ? from + 1 : from);
    let mark = '';
    let isTagged = false;
    if (text.charCodeAt(at) === AMPERSAND || text.charCodeAt(at) === EXCLAMATION) {
      PROPERTIES.lastIndex = at;
      const properties = readProperties(PROPERTIES.exec(text)?.[0] ?? '');
      mark = properties.mark;
      isTagged = properties.isTagged;
      if (properties.anchor !== undefined) this.#anchors.add(properties.anchor);
      this.#anchorUses++;
      at += properties.length;
      if (!this.#isEndOfLine(at) && this.#keyEnd(at) >= 0) throw new BeyondSubset();
    }
    if (this.#isEndOfLine(at))
      return this.#readBelow(from, at, indent, isMember, mark, isTagged, depth);
    const separator = text.slice(from, at);
    const value = this.#readInline(at, indent, isTagged, depth);
    return { separator, value: this.#marked(value, mark), beside: commentIn(value.trail) };
  }

  /** A value on the next lines, or none. @param at where the line of its key or dash ends, but for a comment */
  #readBelow(
    from: number,
    at: number,
    indent: number,
    isMember: boolean,
    mark: string,
    isTagged: boolean,
    depth: number,
  ): { separator: string; value: YamlNode; beside: string } {
    const text = this.#text;
    const lineEnd = this.#lineEnd(at);
    const rest = text.slice(at, lineEnd);
    const separator = text.slice(from, lineEnd);
    const beside = commentIn(rest);
    this.#done = lineEnd;
    this.#seek(lineEnd);
    const isItems = isMember && this.#column === indent && this.#isDash(this.#at);
    if (this.#column <= indent && !isItems) {
      if (isTagged) throw new BeyondSubset();
      const value = this.#scalar('null', '', '', indent);
      return { separator, value: this.#marked(value, mark), beside };
    }
    if (!isItems && !this.#isDash(this.#at) && this.#keyEnd(this.#at) < 0) {
      const value = this.#readInline(this.#at, indent, isTagged, depth);
      const between = text.slice(from, lineEnd) + text.slice(lineEnd, this.#valueStart);
      return {
        separator: between,
        value: this.#marked(value, mark),
        beside: commentIn(value.trail),
      };
    }
    const node = isItems
      ? this.#readEntries(lineEnd, indent, false, depth + 1)
      : this.#readBlock(lineEnd, indent, depth + 1);
    return { separator, value: this.#marked(node, mark), beside };
  }

  #skipSpaces(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === SPACE) at++;
    return at;
  }

  /** Whether nothing but a comment follows on the line; `at` stands behind a space, or behind a token. */
  #isEndOfLine(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === LINE_FEED || code === HASH || at >= this.#end;
  }

  /** Where the line that `at` stands in ends, its line feed included. */
  #lineEnd(at: number): number {
    const lineFeed = this.#text.indexOf('\n', at);
    return lineFeed < 0 ? this.#end : lineFeed + 1;
  }

  /** Where the value that was read last began. */
  #valueStart = 0;

  #readInline(at: number, indent: number, isTagged: boolean, depth: number): YamlNode {
    this.#valueStart = at;
    const text = this.#text;
    const code = text.charCodeAt(at);
    if (code === PIPE || code === GREATER) return this.#readBlockScalar(at, indent);
    if (code === BRACKET || code === BRACE) {
      const { node, end } = this.#flow.read(at, indent, depth + 1);
      if (node.core.includes('*')) this.#anchorUses++;
      const trail = this.#closeLine(end, indent);
      return { ...node, trail, source: node.core + trail };
    }
    if (code === STAR) {
      ALIAS.lastIndex = at;
      const core = ALIAS.exec(text)?.[0];
      if (core === undefined) throw new BeyondSubset();
      this.#flow.checkAlias(core.slice(1));
      this.#anchorUses++;
      const trail = this.#closeLine(at + core.length, indent);
      return this.#scalar(aliasKey(core.slice(1)), core, trail, indent);
    }
    if (code === QUOTE || code === APOSTROPHE) {
      const quoted = readQuoted(text, at) ?? this.#readFolded(at, indent);
      const trail = this.#closeLine(quoted.end, indent);
      const core = text.slice(at, quoted.end);
      return this.#scalar(stringKey(quoted.value), core, trail, indent, quoted.value);
    }
    if (!isPlainStart(text, at)) throw new BeyondSubset();
    return this.#readPlain(at, indent, isTagged);
  }

  #readPlain(at: number, indent: number, isTagged: boolean): YamlNode {
    const text = this.#text;
    let { core, end } = this.#plainLine(at);
    let value = core;
    let trail = this.#endOfLine(end);
    // Lines that stand deeper go on with the scalar.
    while (this.#column > indent) {
      const gap = text.slice(this.#done, this.#lineStart);
      if (trail.includes('#') || gap.includes('#')) throw new BeyondSubset();
      const line = this.#plainLine(this.#at);
      value += (gap === '' ? ' ' : gap.replaceAll(' ', '')) + line.core;
      end = line.end;
      core = text.slice(at, end);
      trail = this.#endOfLine(end);
    }
    const isString = isTagged || value !== core;
    return this.#scalar(
      isString ? stringKey(value) : plainScalarKey(core),
      core,
      trail,
      indent,
      value,
    );
  }

  /** The part of a plain scalar that begins at `at`, on its line. */
  #plainLine(at: number): { core: string; end: number } {
    const text = this.#text;
    const lineFeed = text.indexOf('\n', at);
    const line = text.slice(at, lineFeed < 0 ? this.#end : lineFeed);
    const comment = line.indexOf(' #');
    const core = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
    if (core.includes(': ') || core.endsWith(':')) throw new BeyondSubset();
    return { core, end: at + core.length };
  }

  /** A quoted scalar over several lines, without escapes. */
  #readFolded(at: number, indent: number): { value: string; end: number } {
    const text = this.#text;
    const quote = text[at]!;
    let end = text.indexOf(quote, at + 1);
    while (quote === "'" && end >= 0 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
    const [first = '', ...lines] = text.slice(at + 1, end < 0 ? at + 1 : end).split('\n');
    const isIndented = lines.every((line) => line.trim() === '' || line.search(/\S/) > indent);
    // An empty last line only holds the closing quote.
    const last = lines.at(-1) ?? '';
    const isClosed = last.trim() !== '' || last.length > indent;
    if (lines.length === 0 || first.includes('\\') || lines.some((line) => line.includes('\\')))
      throw new BeyondSubset();
    if (!isIndented || !isClosed) throw new BeyondSubset();
    let value = first.trimEnd();
    let blanks = 0;
    lines.forEach((line, index) => {
      const part = index < lines.length - 1 ? line.trim() : line.trimStart();
      if (part === '' && index < lines.length - 1) blanks++;
      else {
        value += (blanks === 0 ? ' ' : '\n'.repeat(blanks)) + part;
        blanks = 0;
      }
    });
    return { value: quote === "'" ? value.replaceAll("''", "'") : value, end: end + 1 };
  }

  /** What stands behind a value that ends at `end`; goes to the next line with content. */
  #endOfLine(end: number): string {
    const at = this.#skipSpaces(end);
    if (!this.#isEndOfLine(at)) throw new BeyondSubset();
    if (at === end && this.#text.charCodeAt(at) === HASH) throw new BeyondSubset();
    this.#done = this.#lineEnd(at);
    this.#seek(this.#done);
    return this.#text.slice(end, this.#done);
  }

  /** As {@link BlockReader.#endOfLine}, behind what no deeper line can go on with. */
  #closeLine(end: number, indent: number): string {
    const trail = this.#endOfLine(end);
    if (this.#column > indent) throw new BeyondSubset();
    return trail;
  }

  #readBlockScalar(at: number, indent: number): YamlNode {
    const text = this.#text;
    BLOCK_HEADER.lastIndex = at;
    const header = BLOCK_HEADER.exec(text);
    if (header === null) throw new BeyondSubset();
    const [line, style, chomping] = header;
    const first = at + line.length;
    let depth = -1;
    let end = first;
    let blanks = 0;
    for (let start = first; start < this.#end;) {
      let from = start;
      while (text.charCodeAt(from) === SPACE) from++;
      const lineFeed = text.indexOf('\n', from);
      const next = lineFeed < 0 ? this.#end : lineFeed + 1;
      if (from === lineFeed || from >= this.#end) {
        blanks = Math.max(blanks, from - start);
        if (chomping === '+') end = next;
      } else {
        if (from - start <= indent) break;
        if (depth < 0) {
          depth = from - start;
          if (blanks > depth) throw new BeyondSubset();
        }
        if (from - start < depth) throw new BeyondSubset();
        end = next;
      }
      start = next;
    }
    const content = text.slice(first, end);
    const value = blockValue(content, Math.max(depth, 0), chomping!);
    const core = text.slice(at, end);
    this.#done = end;
    this.#seek(end);
    if (this.#column > indent) throw new BeyondSubset();
    // Folding is layout, but where it folds is how the text is meant to be read.
    const key = style === '|' ? stringKey(value) : `folded ${value}`;
    return this.#scalar(key, core, '', indent, value);
  }

  #scalar(key: string, core: string, trail: string, indent: number, scalar?: string): YamlNode {
    return {
      kind: 'scalar',
      id: this.#ids.scalar(key),
      mark: '',
      entries: [],
      scalar,
      source: core + trail,
      core,
      below: '',
      style: 'text',
      indent,
      isCompact: false,
      trail,
      closing: '',
    };
  }

  #marked(node: YamlNode, mark: string): YamlNode {
    return mark === '' ? node : { ...node, mark, id: this.#ids.marked(mark, node.id) };
  }
}

/** Shorter entries are read as fast as they are found again. */
const SMALL = 300;

interface KnownEntry {
  entry: YamlEntry;
  /** Of its text from the start of its line on. */
  length: number;
  /** It holds at most what may be nested in this depth. */
  depth: number;
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const EXCLAMATION = 0x21;
const QUOTE = 0x22;
const HASH = 0x23;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const STAR = 0x2a;
const DASH = 0x2d;
const COLON = 0x3a;
const GREATER = 0x3e;
const BRACKET = 0x5b;
const BRACE = 0x7b;
const PIPE = 0x7c;

function entryOf(
  key: string,
  label: string,
  indent: number,
  lead: string,
  head: string,
  keyText: string,
  separator: string,
  value: YamlNode,
  beside: string,
): YamlEntry {
  const above = remarksOf(lead);
  return { key, label, indent, lead, head, keyText, separator, value, above, beside };
}

function withClosing(node: YamlNode, rest: string): YamlNode {
  const closing = node.closing + rest;
  const core = node.core + rest;
  return { ...node, closing, core, source: core, below: remarksOf(closing) };
}

function readKey(source: string): { key: string; name: string } {
  const quoted = /^["']/.test(source) ? readQuoted(source, 0) : undefined;
  if (quoted !== undefined) return { key: stringKey(quoted.value), name: quoted.value };
  return { key: plainScalarKey(source), name: source };
}

function readProperties(source: string): {
  mark: string;
  anchor: string | undefined;
  isTagged: boolean;
  length: number;
} {
  if (source === '') throw new BeyondSubset();
  const words = source.trim().split(/ +/);
  const anchors = words.filter((word) => word.startsWith('&'));
  const tags = words.filter((word) => word.startsWith('!'));
  if (anchors.length > 1 || tags.length > 1) throw new BeyondSubset();
  return {
    mark: [...anchors, ...tags].join(' '),
    anchor: anchors[0]?.slice(1),
    isTagged: tags.length > 0,
    length: source.length,
  };
}
