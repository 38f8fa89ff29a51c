import { pathLabel } from '../structure/item-identity.js';
import { UnreadableError } from '../structure/structure-node.js';
import type { ValueInterner } from '../structure/value-interner.js';
import { blockValue } from './block-scalar.js';
import { BeyondSubset, FlowReader, isPlainStart, readQuoted } from './read-flow-yaml.js';
import { aliasKey, plainScalarKey, stringKey } from './scalar-key.js';
import { commentIn, remarksOf, type YamlEntry, type YamlNode } from './yaml-node.js';

const MAX_DEPTH = 200;
/** Tabs, control characters, directives and ends of documents: rare, and easily misread. */
const RARE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|^(?:%|\.\.\.(?:\s|$))/m;
const PROPERTIES = /(?:(?:&[\w-]+|![\w-]+)(?: +|(?=\n|$)))+/y;
const BLOCK_HEADER = /([|>])([+-]?) *(?: #.*)?(?:\n|$)/y;
const END_OF_LINE = /( *)(#.*)?(?:\n|$)/y;

/**
 * Reads one document of the YAML that nearly all files are written in: blocks of maps and sequences, plain
 * and quoted scalars of one line, block scalars, brackets of one line, comments, anchors and aliases.
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
      const entry = isSequence
        ? this.#readItem(lead, indent, inLine, depth)
        : this.#readMember(lead, indent, inLine, depth, keys!);
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
    let at = dash + 1;
    while (text.charCodeAt(at) === SPACE) at++;
    const code = text.charCodeAt(at);
    const entry = { key: '', label: '', indent, lead, keyText: '', above: remarksOf(lead) };
    const pad = inLine ? '' : ' '.repeat(indent);
    if (at < this.#end && code !== LINE_FEED && code !== HASH) {
      const head = pad + text.slice(dash, at);
      const isBlock = this.#isDash(at) || this.#keyEnd(at) >= 0;
      if (isBlock) {
        this.#at = at;
        const value = this.#readEntries(at, at - this.#lineStart, true, depth + 1);
        return { ...entry, head, separator: '', value, beside: '' };
      }
      return { ...entry, head, ...this.#readValue(at, indent, false, depth) };
    }
    return { ...entry, head: `${pad}-`, ...this.#readValue(dash + 1, indent, false, depth) };
  }

  #readMember(
    lead: string,
    indent: number,
    inLine: boolean,
    depth: number,
    keys: Set<string>,
  ): YamlEntry {
    const text = this.#text;
    const start = this.#at;
    const colon = this.#keyEnd(start);
    if (colon < 0) throw new BeyondSubset();
    const keyText = text.slice(start, colon);
    const { key, name } = readKey(keyText.trimEnd());
    if (keys.has(key)) throw new BeyondSubset();
    keys.add(key);
    const value = this.#readValue(colon, indent, true, depth);
    return {
      key,
      label: pathLabel(name),
      indent,
      lead,
      head: inLine ? '' : ' '.repeat(indent),
      keyText,
      above: remarksOf(lead),
      ...value,
    };
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
    let at = isMember ? from + 1 : from;
    while (text.charCodeAt(at) === SPACE) at++;
    PROPERTIES.lastIndex = at;
    const properties = PROPERTIES.exec(text)?.[0] ?? '';
    const { mark, anchor, tag } = readProperties(properties);
    at += properties.length;
    if (anchor !== undefined) this.#anchors.add(anchor);
    END_OF_LINE.lastIndex = at;
    const rest = END_OF_LINE.exec(text);
    if (rest !== null) {
      // The value stands on the next lines, or there is none.
      const lineEnd = at + rest[0].length;
      const separator = text.slice(from, lineEnd);
      const beside = rest[2]?.trimEnd() ?? '';
      this.#done = lineEnd;
      this.#seek(lineEnd);
      const isItems = isMember && this.#column === indent && this.#isDash(this.#at);
      if (this.#column > indent || isItems) {
        const node = isItems
          ? this.#readEntries(lineEnd, indent, false, depth + 1)
          : this.#readBlock(lineEnd, indent, depth + 1);
        return { separator, value: this.#marked(node, mark), beside };
      }
      if (tag) throw new BeyondSubset();
      const value = this.#scalar('null', '', '', '', indent);
      return { separator, value: this.#marked(value, mark), beside };
    }
    if (properties !== '' && this.#keyEnd(at) >= 0) throw new BeyondSubset();
    const separator = text.slice(from, at);
    const value = this.#readInline(at, indent, tag, depth);
    return { separator, value: this.#marked(value, mark), beside: commentIn(value.trail) };
  }

  #readInline(at: number, indent: number, isTagged: boolean, depth: number): YamlNode {
    const text = this.#text;
    const code = text.charCodeAt(at);
    if (code === PIPE || code === GREATER) return this.#readBlockScalar(at, indent);
    if (code === BRACKET || code === BRACE) {
      const { node, end } = this.#flow.read(at, indent, depth + 1);
      return this.#closed(node, end);
    }
    if (code === STAR) {
      const name = /\*[\w-]+(?=[ \n]|$)/y;
      name.lastIndex = at;
      const core = name.exec(text)?.[0];
      if (core === undefined) throw new BeyondSubset();
      this.#flow.checkAlias(core.slice(1));
      return this.#closed(
        this.#scalar(aliasKey(core.slice(1)), core, core, '', indent),
        at + core.length,
      );
    }
    if (code === QUOTE || code === APOSTROPHE) {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) throw new BeyondSubset();
      const core = text.slice(at, quoted.end);
      return this.#closed(
        this.#scalar(stringKey(quoted.value), core, core, '', indent, quoted.value),
        quoted.end,
      );
    }
    if (!isPlainStart(text, at)) throw new BeyondSubset();
    let end = text.indexOf('\n', at);
    if (end < 0) end = this.#end;
    const comment = text.indexOf(' #', at);
    if (comment >= 0 && comment < end) end = comment;
    while (text.charCodeAt(end - 1) === SPACE) end--;
    const core = text.slice(at, end);
    if (core.includes(': ') || core.endsWith(':')) throw new BeyondSubset();
    const key = isTagged ? stringKey(core) : plainScalarKey(core);
    return this.#closed(this.#scalar(key, core, core, '', indent, core), end);
  }

  /** A value of one line with what stands behind it, up to the next line. */
  #closed(node: YamlNode, end: number): YamlNode {
    END_OF_LINE.lastIndex = end;
    const rest = END_OF_LINE.exec(this.#text);
    if (rest === null || (rest[2] !== undefined && rest[1] === '')) throw new BeyondSubset();
    this.#done = end + rest[0].length;
    this.#seek(this.#done);
    // A line that stands deeper would continue the scalar.
    if (this.#column > node.indent) throw new BeyondSubset();
    return { ...node, trail: rest[0], source: node.core + rest[0] };
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
    return { ...this.#scalar(key, core, core, '', indent, value) };
  }

  #scalar(
    key: string,
    core: string,
    source: string,
    trail: string,
    indent: number,
    scalar?: string,
  ): YamlNode {
    return {
      kind: 'scalar',
      id: this.#ids.scalar(key),
      mark: '',
      entries: [],
      ...(scalar !== undefined && { scalar }),
      source,
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

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const STAR = 0x2a;
const DASH = 0x2d;
const COLON = 0x3a;
const GREATER = 0x3e;
const BRACKET = 0x5b;
const BRACE = 0x7b;
const PIPE = 0x7c;

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
  tag: boolean;
} {
  if (source === '') return { mark: '', anchor: undefined, tag: false };
  const words = source.trim().split(/ +/);
  const anchors = words.filter((word) => word.startsWith('&'));
  const tags = words.filter((word) => word.startsWith('!'));
  if (anchors.length > 1 || tags.length > 1) throw new BeyondSubset();
  return {
    mark: [...anchors, ...tags].join(' '),
    anchor: anchors[0]?.slice(1),
    tag: tags.length > 0,
  };
}
