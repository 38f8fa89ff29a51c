import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { Alias, CST, Document, Node, Pair, YAMLMap } from 'yaml';
import type { DataProblem, DataProblemCode, DataText, DataValue } from './data-text.js';
import type { KeyPath } from './json-pointer.js';
import type { Span } from './place.js';

export interface ReadYamlOptions {
  /** Longest text in UTF-16 units; the parser takes a second or two for a Mi. Default 4 Mi. */
  readonly maxLength?: number;
  /** Deepest nesting, of what aliases stand for too. Default 200. */
  readonly maxDepth?: number;
  /** How many values the aliases of one document may stand for, all in all. Default 100,000. */
  readonly maxAliasedValues?: number;
  /** Whether `<<` merges what it leads to into its mapping, as YAML 1.1 had it. Default false: a key like any other. */
  readonly mergeKeys?: boolean;
}

/**
 * Reads YAML 1.2 (core schema, whatever a directive says), with one value for each document; a text without any is one
 * empty document. What readers of YAML disagree about, or what is built to hurt, is a problem: duplicate keys, keys that
 * are no scalars, unknown tags, `__proto__`, deep nesting, aliases that multiply. Linear in the length of the text.
 */
export function readYaml(text: string, options: ReadYamlOptions = {}): DataText {
  const { maxLength = 4 * 1_048_576, maxDepth = 200 } = options;
  const { maxAliasedValues = 100_000, mergeKeys = false } = options;
  const problems: DataProblem[] = [];
  const report: Report = (code, message, span) => problems.push({ code, message, ...span });
  if (text.length > maxLength) {
    const message = `longer than the ${maxLength} characters that a YAML text may have`;
    report('too-large', message, { start: 0, end: 0 });
    return { values: [], problems };
  }
  const limits = { maxDepth, maxAliasedValues, mergeKeys };
  const values: DataValue[] = [];
  // `uniqueKeys` would compare each key with every other; the reader finds duplicates in linear time.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, schema: 'core' });
  let isDeep = false;
  function* tokens(): Generator<CST.Token> {
    const stop = yield* parseTokens(text, maxDepth);
    if (!stop) return;
    isDeep = true;
    report('too-deep', `nested deeper than ${maxDepth} levels`, stop);
  }
  // The composer takes the text for ended where it is too deep: then nothing that follows is due.
  for (const document of composer.compose(tokens(), true, text.length)) {
    if (isDeep && document.range[1] >= text.length && document.contents === null) continue;
    const value = readDocument(document, limits, report);
    if (value) values.push(value);
  }
  return { values, problems };
}

type Report = (code: DataProblemCode, message: string, span: Span) => void;

/** Ends at the first place that is nested too deep, for what composes nodes from the tokens is recursive. */
function* parseTokens(text: string, maxDepth: number): Generator<CST.Token, Span | undefined> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > maxDepth && countCollections(parser.stack) > maxDepth) {
      const start = parser.stack.findLast(({ type }) => COLLECTIONS.has(type))?.offset ?? 0;
      return { start, end: start + 1 };
    }
  }
  yield* parser.end();
  return undefined;
}

const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

/** The stack holds the document and the scalar that is being read, too. */
function countCollections(stack: readonly CST.Token[]): number {
  return stack.filter(({ type }) => COLLECTIONS.has(type)).length;
}

interface Limits {
  readonly maxDepth: number;
  readonly maxAliasedValues: number;
  readonly mergeKeys: boolean;
}

function readDocument(
  document: Document.Parsed,
  limits: Limits,
  report: Report,
): DataValue | undefined {
  const [error] = document.errors;
  if (error) {
    // Those after the first follow from it.
    report('syntax', wordError(error.message), { start: error.pos[0], end: error.pos[1] });
    return undefined;
  }
  for (const { message, pos } of document.warnings) {
    report('unknown-tag', wordError(message), { start: pos[0], end: pos[1] });
  }
  const root = document.contents;
  if (!root || isBlank(root)) {
    const span = { start: document.range[0], end: document.range[1] };
    const spanOfRoot = (path: KeyPath) => (path.length === 0 ? span : undefined);
    return { value: null, isEmpty: true, spanOf: spanOfRoot, closestSpan: () => span };
  }
  const reader = new NodeReader(limits, report);
  const value = reader.readRoot(root);
  if (!reader.isWhole) return undefined;
  const { spanOf, closestSpan } = createLocator(root, reader.targets, limits.mergeKeys);
  return { value, isEmpty: false, spanOf, closestSpan };
}

function wordError(message: string): string {
  const [first = ''] = message.split(/\n|: "/, 1);
  return (first.slice(0, 1).toLowerCase() + first.slice(1)).replace(/[.:]?\s*$/, '');
}

function isBlank(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source && !node.tag && !node.anchor;
}

/** A value with what it comes to where its aliases are written out. */
interface ReadValue {
  readonly value: unknown;
  readonly size: number;
  readonly depth: number;
}

/** Converts a document's nodes; what an alias stands for is converted once. */
class NodeReader {
  /** False where a part of the value could not be read. */
  isWhole = true;
  readonly targets = new Map<Alias, Node>();
  readonly #limits: Limits;
  readonly #report: Report;
  readonly #anchors = new Map<string, Node>();
  readonly #anchored = new Map<Node, ReadValue>();
  #aliased = 0;

  constructor(limits: Limits, report: Report) {
    this.#limits = limits;
    this.#report = report;
  }

  readRoot(root: Node): unknown {
    return this.#read(root).value;
  }

  #read(node: unknown): ReadValue {
    if (isAlias(node)) return this.#readAlias(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return EMPTY;
    if (node.anchor) {
      this.#anchors.set(node.anchor, node);
      this.#anchored.delete(node);
    }
    const read = isScalar(node)
      ? { value: node.value, size: 1, depth: 0 }
      : isMap(node)
        ? this.#readMap(node)
        : this.#readSequence(node.items);
    if (node.anchor) this.#anchored.set(node, read);
    return read;
  }

  #readSequence(items: readonly unknown[]): ReadValue {
    let size = 1;
    let depth = 0;
    const value = items.map((item) => {
      const read = this.#read(item);
      size += read.size;
      depth = Math.max(depth, read.depth);
      return read.value;
    });
    return { value, size, depth: depth + 1 };
  }

  #readMap(map: YAMLMap): ReadValue {
    const value: Record<string, unknown> = {};
    const seen = new Set<string>();
    const merged: unknown[] = [];
    let size = 1;
    let depth = 0;
    for (const pair of map.items) {
      const read = this.#read(pair.value);
      size += read.size;
      depth = Math.max(depth, read.depth);
      if (this.#limits.mergeKeys && isMergeKey(pair)) merged.push(read.value);
      else this.#addMember(value, seen, pair, read.value);
    }
    for (const source of merged) mergeInto(value, source);
    return { value, size, depth: depth + 1 };
  }

  #addMember(object: Record<string, unknown>, seen: Set<string>, pair: Pair, value: unknown): void {
    const key = keyOf(pair);
    const span = spanOfNode(pair.key) ?? spanOfNode(pair.value) ?? START;
    if (key === undefined) {
      this.#report('complex-key', 'a key must be a plain name', span);
      return;
    }
    const named = JSON.stringify(key);
    if (key === '__proto__') {
      this.#report('prototype-key', `the key ${named} is not data`, span);
      return;
    }
    if (seen.has(key)) {
      this.#report('duplicate-key', `the key ${named} stands here twice`, span);
      return;
    }
    seen.add(key);
    object[key] = value;
  }

  #readAlias(alias: Alias): ReadValue {
    const span = spanOfNode(alias) ?? START;
    const target = this.#anchors.get(alias.source);
    const read = target && this.#anchored.get(target);
    if (!target || !read) {
      this.isWhole = false;
      const name = alias.source;
      const message = target
        ? `the alias *${name} stands for what it is part of`
        : `*${name} is an alias, and nothing before it has the anchor &${name}; quote it if it is text: "*${name}"`;
      this.#report('alias', message, span);
      return EMPTY;
    }
    this.targets.set(alias, target);
    const { maxAliasedValues, maxDepth } = this.#limits;
    const wasWithin = this.#aliased <= maxAliasedValues;
    this.#aliased += read.size;
    if (this.#aliased > maxAliasedValues) {
      this.isWhole = false;
      const message = `its aliases come to more than ${maxAliasedValues} values: an alias bomb`;
      if (wasWithin) this.#report('alias-bomb', message, span);
    } else if (read.depth > maxDepth) {
      this.isWhole = false;
      this.#report('too-deep', `nested deeper than ${maxDepth} levels by its aliases`, span);
      return EMPTY;
    }
    return read;
  }
}

const EMPTY: ReadValue = { value: null, size: 1, depth: 0 };
const START: Span = { start: 0, end: 0 };

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

/** What a mapping has itself goes before what is merged, and what is merged first before what follows. */
function mergeInto(object: Record<string, unknown>, source: unknown): void {
  for (const one of Array.isArray(source) ? (source as unknown[]) : [source]) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
    for (const [key, value] of Object.entries(one)) {
      if (!Object.hasOwn(object, key)) object[key] = value;
    }
  }
}

/** A key as the text has it: `1.0` stays `1.0`. Undefined where it is missing, null, or no scalar. */
function keyOf({ key }: Pair): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** Finds where paths lead to in a document; the keys of a mapping are indexed when first asked for. */
function createLocator(
  root: Node,
  targets: ReadonlyMap<Alias, Node>,
  mergeKeys: boolean,
): Pick<DataValue, 'spanOf' | 'closestSpan'> {
  const indexes = new Map<YAMLMap, Map<string, Pair>>();

  function indexOf(map: YAMLMap): Map<string, Pair> {
    const known = indexes.get(map);
    if (known) return known;
    const index = new Map<string, Pair>();
    const merged: unknown[] = [];
    for (const pair of map.items) {
      const key = keyOf(pair);
      if (mergeKeys && isMergeKey(pair)) merged.push(pair.value);
      else if (key !== undefined && !index.has(key)) index.set(key, pair);
    }
    for (const source of merged) {
      for (const one of isSeq(follow(source))
        ? (follow(source) as { items: unknown[] }).items
        : [source]) {
        const from = follow(one);
        if (!isMap(from)) continue;
        for (const [key, pair] of indexOf(from)) if (!index.has(key)) index.set(key, pair);
      }
    }
    indexes.set(map, index);
    return index;
  }

  function follow(node: unknown): unknown {
    return isAlias(node) ? targets.get(node) : node;
  }

  /** The key and value that a step leads to; undefined where there is no such member. */
  function step(
    from: unknown,
    name: string | number,
  ): { key: unknown; value: unknown } | undefined {
    const parent = follow(from);
    if (isMap(parent)) return indexOf(parent).get(String(name));
    if (!isSeq(parent) || !(Number(name) in parent.items)) return undefined;
    const item = parent.items[Number(name)];
    return { key: item, value: item };
  }

  return {
    spanOf(path, part = 'value') {
      let key: unknown = root;
      let value: unknown = root;
      for (const name of path) {
        const member = step(value, name);
        if (!member) return undefined;
        ({ key, value } = member);
      }
      return part === 'key'
        ? (spanOfNode(key) ?? spanOfNode(value))
        : (spanOfNode(value) ?? spanOfNode(key));
    },
    closestSpan(path) {
      let value: unknown = root;
      let span = spanOfNode(root) ?? START;
      for (const name of path) {
        const member = step(value, name);
        if (!member) break;
        value = member.value;
        span = spanOfNode(member.value) ?? spanOfNode(member.key) ?? span;
      }
      return span;
    },
  };
}

function spanOfNode(node: unknown): Span | undefined {
  const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : null;
  return range ? { start: range[0], end: range[1] } : undefined;
}
