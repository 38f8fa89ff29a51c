import {
  CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { pathLabel } from '../structure/item-identity.js';
import { UnreadableError } from '../structure/structure-node.js';
import type { ValueInterner } from '../structure/value-interner.js';
import { blockValue } from './block-scalar.js';
import { danglingAlias } from './read-flow-yaml.js';
import { aliasKey, plainScalarKey, stringKey } from './scalar-key.js';
import { commentIn, entrySource, remarksOf, type YamlEntry, type YamlNode } from './yaml-node.js';

const MAX_DEPTH = 200;

/**
 * Reads one document of any YAML, as the `yaml` package understands it: `lead` stands before the value.
 *
 * @throws {UnreadableError} for what is no YAML, nested more than 200 deep, empty, or has a key twice
 */
export function readAnyYaml(text: string, ids: ValueInterner): { lead: string; node: YamlNode } {
  const documents = parse(text);
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) {
    const [line, column] = placeOf(text, error.pos[0]);
    throw new UnreadableError(`${error.message} at line ${line}, column ${column}`);
  }
  const contents = documents[0]?.contents;
  const token = contents?.srcToken;
  if (documents.length > 1) throw new UnreadableError('a document ends without a new one');
  if (!contents || token === undefined || !('offset' in token)) {
    throw new UnreadableError('a document is empty');
  }
  const node = new AnyReader(ids).read(contents, token, 0, 0);
  const before = text.slice(0, token.offset);
  const after = text.slice(token.offset + CST.stringify(token).length);
  if (node.style !== 'block') {
    const trail = node.trail + after;
    return { lead: before, node: { ...node, trail, source: node.core + trail } };
  }
  const { separator, value } = withOwnLines(before, node);
  // What stands above the first entry is about the document.
  const [first, ...rest] = value.entries;
  const entries = [withLead(first!, ''), ...rest];
  const closing = value.closing + after;
  return {
    lead: separator + first!.lead,
    node: { ...value, ...blockText(entries, closing), entries },
  };
}

function placeOf(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at).split('\n');
  return [before.length, before.at(-1)!.length + 1];
}

function parse(text: string): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, {
      keepSourceTokens: true,
      intAsBigInt: true,
      // Errors are put into words one by one, each with its place: of thousands only the first is read.
      prettyErrors: false,
    });
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    // The parser is recursive: deep blocks end its stack before it can say so.
    if (error instanceof RangeError) throw new UnreadableError('nested too deep');
    throw error;
  }
}

class AnyReader {
  #ids: ValueInterner;
  #anchors = new Set<string>();

  constructor(ids: ValueInterner) {
    this.#ids = ids;
  }

  /** @param indent the column of the block that the value stands in */
  read(
    node: Node | null,
    token: CST.Token | null | undefined,
    indent: number,
    depth: number,
  ): YamlNode {
    if (depth > MAX_DEPTH) throw new UnreadableError(`nested more than ${MAX_DEPTH} deep`);
    if (isAlias(node) && !this.#anchors.has(node.source)) throw danglingAlias(node.source);
    const mark = markOf(node);
    if (node !== null && !isAlias(node) && node.anchor) this.#anchors.add(node.anchor);
    if (token?.type === 'block-map' || token?.type === 'block-seq') {
      const { items, closing } = splitClosing(token.items);
      const content = this.#readItems(node, items, token.indent, true, depth);
      if (content === undefined) throw new UnreadableError('a block has an entry without a key');
      const text = blockText(content.entries, closing);
      const id = this.#ids.marked(mark, content.id);
      const place = { indent: token.indent, isCompact: true, trail: '' };
      return { ...content, ...text, ...place, id, mark, style: 'block' };
    }
    const { core, trail } = splitTrail(token);
    const text = { core, trail, source: core + trail, closing: '', below: '' };
    const place = { mark, indent, isCompact: false };
    if (token?.type === 'flow-collection') {
      const items = token.items.filter(({ key, sep, value }) => key ?? sep ?? value);
      const content = this.#readItems(node, items, indent, false, depth);
      if (content !== undefined) {
        const id = this.#ids.marked(mark, content.id);
        return { ...content, ...text, ...place, id, style: 'flow' };
      }
    }
    const id = this.#ids.marked(mark, this.#ids.scalar(scalarKey(node, core)));
    const scalar = isScalar(node) ? { scalar: scalarText(node) } : {};
    return { ...text, ...place, ...scalar, kind: 'scalar', id, entries: [], style: 'text' };
  }

  /** The entries of a collection; undefined where what was understood is not what is written. */
  #readItems(
    node: Node | null,
    items: readonly CST.CollectionItem[],
    indent: number,
    isBlock: boolean,
    depth: number,
  ): { kind: 'map' | 'sequence'; id: number; entries: YamlEntry[] } | undefined {
    if (isMap<Node, Node | null>(node) && node.items.length === items.length) {
      const entries = node.items.map((pair, at) =>
        this.#readPair(
          pair,
          items[at]!,
          indent,
          isBlock ? (at === 0 ? '' : ' '.repeat(indent)) : undefined,
          depth,
        ),
      );
      const id = this.#ids.map(entries.map(({ key, value }) => [key, value.id] as const));
      return { kind: 'map', id, entries };
    }
    const isList = isSeq<Node | null>(node) && items.every(({ sep }) => sep === undefined);
    if (!isList || node.items.length !== items.length) return undefined;
    const entries = node.items.map((value, at) => {
      const item = items[at]!;
      const start = isBlock
        ? splitStart(item.start, at === 0 ? '' : ' '.repeat(indent))
        : FLOW_START;
      const read = this.read(value, item.value, indent, depth + 1);
      return itemEntry({ key: '', label: '', keyText: '', indent }, start, start.rest, read);
    });
    return {
      kind: 'sequence',
      id: this.#ids.sequence(entries.map(({ value }) => value.id)),
      entries,
    };
  }

  #readPair(
    { key, value }: Pair<Node, Node | null>,
    item: CST.CollectionItem,
    indent: number,
    pad: string | undefined,
    depth: number,
  ): YamlEntry {
    if (!isScalar(key) || isAlias(key)) throw new UnreadableError('a key is not a scalar');
    if (key.anchor) this.#anchors.add(key.anchor);
    const keyText = item.key ? CST.stringify(item.key) : '';
    const name = scalarText(key);
    const start = pad === undefined ? FLOW_START : splitStart(item.start, pad);
    const read = this.read(value, item.value, indent, depth + 1);
    const what = { key: scalarKey(key, keyText), label: pathLabel(name), keyText, indent };
    return itemEntry(what, start, start.rest + textOf(item.sep ?? []), read);
  }
}

interface EntryStart {
  lead: string;
  head: string;
  /** What stands behind the head before the key or value, such as an anchor. */
  rest: string;
}

const FLOW_START: EntryStart = { lead: '', head: '', rest: '' };

/**
 * The lines above an entry, its dash, and what follows it.
 *
 * @param pad its indentation, if the entry begins its line
 */
function splitStart(tokens: readonly CST.SourceToken[], pad: string): EntryStart {
  const sign = tokens.findLastIndex(
    ({ type }) => type === 'seq-item-ind' || type === 'explicit-key-ind',
  );
  if (sign < 0) {
    const text = textOf(tokens);
    const line = text.lastIndexOf('\n') + 1;
    return { lead: text.slice(0, line), head: pad + text.slice(line).trimStart(), rest: '' };
  }
  const before = textOf(tokens.slice(0, sign + 1));
  const line = before.lastIndexOf('\n') + 1;
  const behind = tokens.slice(sign + 1);
  const [first, second] = behind;
  const isInLine = second?.type !== 'newline' && second?.type !== 'comment';
  const space = first?.type === 'space' && isInLine ? first.source : '';
  return {
    lead: before.slice(0, line),
    head: pad + before.slice(line).trimStart() + space,
    rest: textOf(behind).slice(space.length),
  };
}

function itemEntry(
  what: Pick<YamlEntry, 'key' | 'label' | 'keyText' | 'indent'>,
  { lead, head }: EntryStart,
  between: string,
  node: YamlNode,
): YamlEntry {
  const { separator, value } =
    node.style === 'block'
      ? withOwnLines(between, node)
      : { separator: node.source === '' ? withoutIndent(between) : between, value: node };
  const beside = commentIn(
    value.style === 'block' || value.source === '' ? separator : value.trail,
  );
  return { ...what, lead, head, separator, value, above: remarksOf(lead), beside };
}

/** Gives the lines between a separator and the first entry of a block to that entry. */
function withOwnLines(between: string, node: YamlNode): { separator: string; value: YamlNode } {
  const match = /^((?:[^]*?\n)?)((?:[ \t]*(?:#[^\n]*)?\n)*)( *)$/.exec(between);
  const first = node.entries[0];
  const isOwn =
    match !== null &&
    (match[1] !== '' || between.trim() === '') &&
    match[3]!.length === node.indent;
  if (
    !isOwn ||
    first === undefined ||
    (match[1] === '' && match[2] === '' && between !== match[3])
  ) {
    return { separator: between, value: node };
  }
  const [, separator = '', lead = '', pad = ''] = match;
  const entries = [{ ...withLead(first, lead), head: pad + first.head }, ...node.entries.slice(1)];
  const text = blockText(entries, node.closing);
  return { separator, value: { ...node, ...text, entries, isCompact: false } };
}

function withLead(entry: YamlEntry, lead: string): YamlEntry {
  return { ...entry, lead, above: remarksOf(lead) };
}

function blockText(
  entries: readonly YamlEntry[],
  closing: string,
): Pick<YamlNode, 'core' | 'source' | 'closing' | 'below'> {
  const core = entries.map(entrySource).join('') + closing;
  return { core, source: core, closing, below: remarksOf(closing) };
}

/** Different for different scalars, whatever they are written as. */
function scalarKey(node: Node | null, core: string): string {
  if (isAlias(node)) return aliasKey(node.source);
  if (node === null) return 'null';
  if (!isScalar(node)) return `text ${core}`;
  if (node.type === 'BLOCK_FOLDED') return `folded ${foldedText(core)}`;
  if (node.type === 'PLAIN' && typeof node.value !== 'string') {
    return plainScalarKey(node.source ?? core);
  }
  if (node.type === 'PLAIN' && !/[\n]/.test(core) && markOf(node) === '')
    return plainScalarKey(core.trim());
  return stringKey(String(node.value));
}

function scalarText(node: { value: unknown; source?: string; type?: string }): string {
  return node.type === 'PLAIN' && node.source !== undefined ? node.source : String(node.value);
}

/** A folded block's content as it is written, without its indentation. */
function foldedText(core: string): string {
  const [header = '', ...lines] = core.split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const depth = first.length - first.trimStart().length;
  return blockValue(lines.join('\n'), depth, /[+-]/.exec(header)?.[0] ?? '');
}

/** A last item without key and value only holds the comments behind the collection. */
function splitClosing<Item extends CST.CollectionItem>(
  items: readonly Item[],
): { items: readonly Item[]; closing: string } {
  const last = items.at(-1);
  const isEmpty =
    last !== undefined &&
    !last.key &&
    !last.sep &&
    !last.value &&
    !last.start.some(({ type }) => type === 'seq-item-ind' || type === 'explicit-key-ind');
  return isEmpty
    ? { items: items.slice(0, -1), closing: withoutIndent(textOf(last.start)) }
    : { items, closing: '' };
}

/** The indentation of the next line belongs to what stands there. */
function withoutIndent(text: string): string {
  return text.replace(/(^|\n) +$/, '$1');
}

/** Parts what a value is written as from the space, comment and line's end behind it. */
function splitTrail(token: CST.Token | null | undefined): { core: string; trail: string } {
  if (!token) return { core: '', trail: '' };
  const source = CST.stringify(token);
  const ends = 'end' in token && Array.isArray(token.end) ? token.end : [];
  const from = token.type === 'flow-collection' ? 1 : 0;
  const trail = textOf(ends.slice(from));
  return { core: source.slice(0, source.length - trail.length), trail };
}

function textOf(tokens: readonly CST.SourceToken[]): string {
  return tokens.map(({ source }) => source).join('');
}

/** The anchor, and a tag that is not one of YAML's own. */
function markOf(node: Node | null): string {
  if (node === null || isAlias(node)) return '';
  const { anchor, tag } = node;
  const isOwn = tag === undefined || tag.startsWith('tag:yaml.org,2002:');
  return [anchor && `&${anchor}`, isOwn ? undefined : tag].filter(Boolean).join(' ');
}
