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
import {
  UnreadableError,
  type StructureEntry,
  type StructureNode,
} from '../structure/structure-node.js';
import { canonicalNumber, type ValueInterner } from '../structure/value-interner.js';

/**
 * A YAML value with its text. The texts of its parts follow one another without a gap: comments above an
 * entry begin its text, what stands behind a value on its line ends it.
 */
export interface YamlNode extends StructureNode {
  readonly entries: readonly YamlEntry[];
  /** `block`: entries on lines of their own; `flow`: in brackets; `text`: written as a whole. */
  readonly style: 'block' | 'flow' | 'text';
  /** The column of the entries of a block, else of the block that the value stands in. */
  readonly indent: number;
  /** What stands behind the value: space, a comment, the line's end. */
  readonly trail: string;
  /** What stands behind the last entry of a block: comments and blank lines. */
  readonly closing: string;
}

/** The text of an entry is `lead key separator` and that of its value. */
export interface YamlEntry extends StructureEntry {
  readonly value: YamlNode;
  /** The column of its container. */
  readonly indent: number;
  /** Lines above, the indentation, and for an item its dash. */
  readonly lead: string;
  readonly keyText: string;
  /** The colon and what follows it before the value: space, anchor, tag, comment, line's end. */
  readonly separator: string;
}

export interface YamlDocument {
  text: string;
  roots: { node: YamlNode; start: number; end: number }[];
}

/** Longer documents are merged by line: reading them takes a second a megabyte. */
const MAX_LENGTH = 4_000_000;
const MAX_DEPTH = 200;

/**
 * Reads all documents of a YAML file. Aliases are never followed: an alias equals one of the same name.
 *
 * @throws {UnreadableError} for what is no YAML, longer than 4 million characters, nested more than 200
 *   deep, empty, or has a key twice
 */
export function parseYaml(text: string, ids: ValueInterner): YamlDocument {
  if (text.length > MAX_LENGTH) {
    throw new UnreadableError(`longer than ${MAX_LENGTH} characters`);
  }
  checkNesting(text);
  return { text, roots: parseDocuments(text).map((document) => readRoot(document, ids)) };
}

/** Refuses what would only make the parser's stack overflow; a bracket inside a string counts as well. */
function checkNesting(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x5b || character === 0x7b) depth++;
    else if ((character === 0x5d || character === 0x7d) && depth > 0) depth--;
    else if (character === 0x0a && depth > MAX_DEPTH) break;
  }
  if (depth > MAX_DEPTH || /(?:[-?:] ){200}/.test(text)) {
    throw new UnreadableError(`nested more than ${MAX_DEPTH} deep`);
  }
}

function parseDocuments(text: string): Document.Parsed[] {
  const documents = parse(text);
  for (const { errors } of documents) {
    const [error] = errors;
    if (error !== undefined) throw new UnreadableError(error.message.split('\n')[0]!);
  }
  return documents;
}

function parse(text: string): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(text, { keepSourceTokens: true, intAsBigInt: true });
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    // The parser is recursive: deep blocks end its stack before it can say so.
    if (error instanceof RangeError) throw new UnreadableError('nested too deep');
    throw error;
  }
}

function readRoot(
  { contents }: Document.Parsed,
  ids: ValueInterner,
): { node: YamlNode; start: number; end: number } {
  const token = contents?.srcToken;
  if (contents === null || token === undefined || !('offset' in token)) {
    throw new UnreadableError('a document is empty');
  }
  const node = new YamlReader(ids).read(contents, token, 0, 0);
  return { node, start: token.offset, end: token.offset + node.source.length };
}

class YamlReader {
  #ids: ValueInterner;

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
    const mark = markOf(node);
    if (token?.type === 'block-map' || token?.type === 'block-seq') {
      const { items, closing } = splitClosing(token.items);
      const content = this.#readItems(node, items, token.indent, depth);
      if (content === undefined) throw new UnreadableError('a block has an entry without a key');
      const core = content.entries.map(entryText).join('') + closing;
      const text = { core, trail: '', source: core, closing };
      const id = this.#ids.marked(mark, content.id);
      return { ...content, ...text, id, mark, style: 'block', indent: token.indent };
    }
    const { core, trail } = splitTrail(token);
    const text = { core, trail, source: core + trail, closing: '', mark, indent };
    if (token?.type === 'flow-collection') {
      const items = token.items.filter(({ key, sep, value }) => key ?? sep ?? value);
      const content = this.#readItems(node, items, indent, depth);
      if (content !== undefined) {
        return { ...content, ...text, id: this.#ids.marked(mark, content.id), style: 'flow' };
      }
    }
    const id = this.#ids.marked(mark, this.#ids.scalar(scalarKey(node, core)));
    const scalar = isScalar(node) ? { scalar: String(node.value) } : {};
    return { ...text, ...scalar, kind: 'scalar', id, entries: [], style: 'text' };
  }

  /** The entries of a collection; undefined where what was understood is not what is written. */
  #readItems(
    node: Node | null,
    items: readonly CST.CollectionItem[],
    indent: number,
    depth: number,
  ): { kind: 'map' | 'sequence'; id: number; entries: YamlEntry[] } | undefined {
    if (isMap<Node, Node | null>(node) && node.items.length === items.length) {
      const entries = node.items.map((pair, at) => this.#readPair(pair, items[at]!, indent, depth));
      const id = this.#ids.map(entries.map(({ key, value }) => [key, value.id] as const));
      return { kind: 'map', id, entries };
    }
    const isList = isSeq<Node | null>(node) && items.every(({ sep }) => sep === undefined);
    if (!isList || node.items.length !== items.length) return undefined;
    const entries = node.items.map((value, at) => ({
      key: '',
      label: '',
      indent,
      lead: textOf(items[at]!.start),
      keyText: '',
      separator: '',
      value: this.read(value, items[at]!.value, indent, depth + 1),
    }));
    const id = this.#ids.sequence(entries.map(({ value }) => value.id));
    return { kind: 'sequence', id, entries };
  }

  #readPair(
    { key, value }: Pair<Node, Node | null>,
    item: CST.CollectionItem,
    indent: number,
    depth: number,
  ): YamlEntry {
    if (!isScalar(key)) throw new UnreadableError('a key is not a scalar');
    const name = String(key.value);
    return {
      key: `${typeof key.value} ${name}`,
      label: pathLabel(name),
      indent,
      lead: textOf(item.start),
      keyText: item.key ? CST.stringify(item.key) : '',
      separator: textOf(item.sep ?? []),
      value: this.read(value, item.value, indent, depth + 1),
    };
  }
}

/** Different for different scalars, whatever they are written as. */
function scalarKey(node: Node | null, core: string): string {
  if (isAlias(node)) return `alias ${node.source}`;
  if (node !== null && !isScalar(node)) return `text ${core}`;
  const value = node?.value ?? null;
  if (typeof value === 'bigint') return `number ${canonicalNumber(String(value))}`;
  if (typeof value === 'number') return `number ${canonicalNumber(node?.source ?? String(value))}`;
  return `${value === null ? 'null' : typeof value} ${String(value)}`;
}

export function entryText({ lead, keyText, separator, value }: YamlEntry): string {
  return lead + keyText + separator + value.source;
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
    ? { items: items.slice(0, -1), closing: textOf(last.start) }
    : { items, closing: '' };
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
