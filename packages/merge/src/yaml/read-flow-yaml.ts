import { pathLabel } from '../structure/item-identity.js';
import { UnreadableError } from '../structure/structure-node.js';
import type { ValueInterner } from '../structure/value-interner.js';
import { aliasKey, plainScalarKey, stringKey } from './scalar-key.js';
import type { YamlEntry, YamlNode } from './yaml-node.js';

/** What a reader of the usual YAML leaves to a whole one. */
export class BeyondSubset extends Error {}

/** Reads brackets that hold scalars of one line, aliases and brackets. */
export class FlowReader {
  #text: string;
  #ids: ValueInterner;
  #anchors: ReadonlySet<string>;

  /** @param anchors those of the document so far */
  constructor(text: string, ids: ValueInterner, anchors: ReadonlySet<string>) {
    this.#text = text;
    this.#ids = ids;
    this.#anchors = anchors;
  }

  /** @throws {UnreadableError} for an alias of an anchor that does not stand before it */
  checkAlias(name: string): void {
    if (!this.#anchors.has(name)) throw danglingAlias(name);
  }

  /** The collection that opens at `start`, and where it ends. @throws {BeyondSubset} */
  read(start: number, indent: number, depth: number): { node: YamlNode; end: number } {
    if (depth > 200) throw new UnreadableError('nested more than 200 deep');
    const isMap = this.#text[start] === '{';
    const close = isMap ? '}' : ']';
    const entries: YamlEntry[] = [];
    const keys = new Set<string>();
    let at = this.#skipSpaces(start + 1, indent);
    while (this.#text[at] !== close) {
      const { entry, end } = isMap
        ? this.#readMember(at, indent, depth, keys)
        : this.#readItem(at, indent, depth);
      entries.push(entry);
      at = this.#skipSpaces(end, indent);
      if (this.#text[at] === ',') at = this.#skipSpaces(at + 1, indent);
      else if (this.#text[at] !== close) throw new BeyondSubset();
    }
    const id = isMap
      ? this.#ids.map(entries.map(({ key, value }) => [key, value.id] as const))
      : this.#ids.sequence(entries.map(({ value }) => value.id));
    const node = this.#node(isMap ? 'map' : 'sequence', id, start, at + 1, indent);
    return { node: { ...node, entries, style: 'flow' }, end: at + 1 };
  }

  #readMember(
    at: number,
    indent: number,
    depth: number,
    keys: Set<string>,
  ): { entry: YamlEntry; end: number } {
    // As in templates, `{{ .Values.name }}`.
    if (this.#text[at] === '{' || this.#text[at] === '[') throw collectionKey();
    const { node: key, end: keyEnd } = this.#readScalar(at, indent);
    const name = key.scalar;
    if (name === undefined) throw new BeyondSubset();
    const colon = this.#skipSpaces(keyEnd, indent);
    if (this.#text[colon] !== ':') throw new BeyondSubset();
    const isQuoted = key.core.startsWith('"') || key.core.startsWith("'");
    if (colon !== this.#skipBlanks(keyEnd)) throw new BeyondSubset();
    if (!isQuoted && !/[ \n]/.test(this.#text[colon + 1] ?? '')) throw new BeyondSubset();
    const valueStart = this.#skipSpaces(colon + 1, indent);
    const { node: value, end } = this.#readNode(valueStart, indent, depth);
    const id = isQuoted ? stringKey(name) : plainScalarKey(name);
    if (keys.has(id)) throw new BeyondSubset();
    keys.add(id);
    const separator = this.#text.slice(colon, valueStart);
    const keyText = this.#text.slice(at, colon);
    return {
      entry: { ...BARE, key: id, label: pathLabel(name), indent, keyText, separator, value },
      end,
    };
  }

  #readItem(at: number, indent: number, depth: number): { entry: YamlEntry; end: number } {
    const { node: value, end } = this.#readNode(at, indent, depth);
    return {
      entry: { ...BARE, key: '', label: '', indent, keyText: '', separator: '', value },
      end,
    };
  }

  #readNode(at: number, indent: number, depth: number): { node: YamlNode; end: number } {
    const code = this.#text[at];
    return code === '[' || code === '{'
      ? this.read(at, indent, depth + 1)
      : this.#readScalar(at, indent);
  }

  #readScalar(at: number, indent: number): { node: YamlNode; end: number } {
    const text = this.#text;
    const scalar = (key: string, end: number, value?: string): { node: YamlNode; end: number } => {
      const node = this.#node('scalar', this.#ids.scalar(key), at, end, indent);
      return { node: value === undefined ? node : { ...node, scalar: value }, end };
    };
    const first = text[at];
    if (first === '"' || first === "'") {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) throw new BeyondSubset();
      return scalar(stringKey(quoted.value), quoted.end, quoted.value);
    }
    if (first === '*') {
      ALIAS.lastIndex = at;
      const core = ALIAS.exec(text)?.[0];
      if (core === undefined) throw new BeyondSubset();
      this.checkAlias(core.slice(1));
      return scalar(aliasKey(core.slice(1)), at + core.length);
    }
    if (!isPlainStart(text, at)) throw new BeyondSubset();
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(text)?.[0] ?? '';
    const core = plain.trimEnd();
    // It may go on in the next line.
    const next = this.#skipSpaces(at + plain.length, indent);
    if (!',]}:'.includes(text[next] ?? ' ')) throw new BeyondSubset();
    if (core === '' || core.includes(' #') || core.endsWith(':')) throw new BeyondSubset();
    return scalar(plainScalarKey(core), at + core.length, core);
  }

  #skipBlanks(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === 0x20) at++;
    return at;
  }

  /** Skips spaces, and ends of lines whose next one stands deeper than the block. */
  #skipSpaces(from: number, indent: number): number {
    const text = this.#text;
    let at = from;
    for (;;) {
      while (text.charCodeAt(at) === 0x20) at++;
      if (text.charCodeAt(at) !== 0x0a) return at;
      let start = at + 1;
      for (at = start; text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x0a; at++) {
        if (text.charCodeAt(at) === 0x0a) start = at + 1;
      }
      if (at - start <= indent) throw new BeyondSubset();
    }
  }

  #node(kind: YamlNode['kind'], id: number, start: number, end: number, indent: number): YamlNode {
    const core = this.#text.slice(start, end);
    const text = { source: core, core, below: '', trail: '', closing: '' };
    return { ...text, kind, id, mark: '', entries: [], style: 'text', indent, isCompact: false };
  }
}

const BARE = { lead: '', head: '', above: '', beside: '' };
const ALIAS = /\*[\w-]+(?=[ ,\]}]|$)/y;
/** In brackets a plain scalar ends before a colon with a space behind it, a comma and a bracket. */
const PLAIN = /(?:[^:,[\]{}\n]|:(?![ ,[\]{}\n]|$))+/y;
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

/** Whether a plain scalar can begin at `at`, of those whose first character leaves no doubt. */
export function isPlainStart(text: string, at: number): boolean {
  const first = text[at];
  if (first === undefined || first === ' ' || first === '\n') return false;
  if (first === '-') return /[\w.]/.test(text[at + 1] ?? '') || text.startsWith('--', at);
  return !INDICATORS.includes(first);
}

/** The quoted scalar that begins at `start` and ends on its line; undefined where that is not plain to see. */
export function readQuoted(
  text: string,
  start: number,
): { value: string; end: number } | undefined {
  const pattern = text[start] === '"' ? DOUBLE : SINGLE;
  pattern.lastIndex = start;
  const source = pattern.exec(text)?.[0];
  if (source === undefined) return undefined;
  const end = start + source.length;
  if (text[start] === "'") return { value: source.slice(1, -1).replaceAll("''", "'"), end };
  if (!source.includes('\\')) return { value: source.slice(1, -1), end };
  try {
    return { value: JSON.parse(source) as string, end };
  } catch {
    return undefined;
  }
}

const DOUBLE = /"(?:[^"\\\n]|\\["\\/bfnrtu])*"/y;
const SINGLE = /'(?:[^'\n]|'')*'/y;

export function collectionKey(): UnreadableError {
  return new UnreadableError('a key is not a scalar');
}

export function danglingAlias(name: string): UnreadableError {
  return new UnreadableError(`alias *${name} has no anchor before it`);
}
