import { isDeepStrictEqual } from 'node:util';
import { applyEdits, lineEndingOf, readYaml, type KeyPath } from '@holdfast/text';
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isMapping } from '../mapping.js';
import { blockItem, blockMember, formatFlow, formatKey, type YamlValue } from './yaml-value.js';

/** What is added to the first document of a YAML text. */
export type YamlAddition =
  /** A member at the end of the mapping at `path`, which does not have the key yet. */
  | {
      readonly kind: 'member';
      readonly path: KeyPath;
      readonly key: string;
      readonly value: YamlValue;
    }
  /** An item at the end of the list at `path`. */
  | { readonly kind: 'item'; readonly path: KeyPath; readonly value: YamlValue };

export type YamlPatch =
  | { readonly kind: 'patched'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Adds to a YAML text by putting lines, or a piece of a line, in: everything that was there stays byte for byte, be it
 * comments, order, quotes, flow style, anchors, CRLF, a byte order mark or the missing line feed at the end. What comes
 * out is read again; where it does not say exactly what the old text said and the addition, nothing is done.
 */
export function addToYaml(text: string, addition: YamlAddition): YamlPatch {
  const before = valuesOf(text);
  if (!before) return refused('it is not YAML that can be read without doubt');
  const [document] = parseDocuments(text);
  const insertion = document && findInsertion(text, document, addition);
  if (!insertion)
    return refused('there is no place where it can be put without changing what is there');
  const { offset, inserted } = insertion;
  const patched = applyEdits(text, [{ start: offset, end: offset, text: inserted }]);
  const after = valuesOf(patched);
  const wanted = [withAddition(before[0], addition), ...before.slice(1)];
  if (!after || !isDeepStrictEqual(after, wanted)) {
    return refused('the result would not say what it should');
  }
  return { kind: 'patched', text: patched };
}

/** Adds a value at a path of keys, with the mappings that lead there; a text that has the path already is left as it is. */
export function ensureInYaml(text: string, path: readonly string[], value: YamlValue): YamlPatch {
  let held: unknown = readYaml(text).values[0]?.value;
  for (const [index, key] of path.entries()) {
    if (held !== null && held !== undefined && !isMapping(held)) {
      return refused(`${path.slice(0, index).join('.')} is no mapping`);
    }
    if (!isMapping(held) || !Object.hasOwn(held, key)) {
      const nested = path
        .slice(index + 1)
        .reduceRight<YamlValue>((inner, name) => ({ [name]: inner }), value);
      return addToYaml(text, { kind: 'member', path: path.slice(0, index), key, value: nested });
    }
    held = held[key];
  }
  return { kind: 'patched', text };
}

function refused(reason: string): YamlPatch {
  return { kind: 'refused', reason };
}

function parseDocuments(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    prettyErrors: false,
    schema: 'core',
  });
  return Array.isArray(documents) ? (documents as Document.Parsed[]) : [];
}

/** The values of all documents; undefined where anything is wrong with the text. */
function valuesOf(text: string): unknown[] | undefined {
  const { values, problems } = readYaml(text);
  return problems.length > 0 ? undefined : values.map(({ value }) => plain(value));
}

/** JSON has no `undefined` and no prototypes to differ by. */
function plain(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);
}

function withAddition(root: unknown, { path, ...addition }: YamlAddition): unknown {
  const changed = structuredClone(root) ?? {};
  let holder = changed as Record<string | number, unknown>;
  const last = path.at(-1);
  for (const key of path.slice(0, -1))
    holder = (holder[key] ??= {}) as Record<string | number, unknown>;
  if (addition.kind === 'item') {
    if (last === undefined) return undefined;
    const list = (holder[last] ?? []) as unknown[];
    holder[last] = [...list, addition.value];
    return changed;
  }
  const target = (last === undefined ? holder : (holder[last] ??= {})) as Record<string, unknown>;
  target[addition.key] = addition.value;
  return changed;
}

interface Insertion {
  readonly offset: number;
  readonly inserted: string;
}

function findInsertion(
  text: string,
  document: Document.Parsed,
  addition: YamlAddition,
): Insertion | undefined {
  if (document.errors.length > 0) return undefined;
  const { path } = addition;
  let node: unknown = document.contents;
  let pair: Pair | undefined;
  let parent: YAMLMap | undefined;
  for (const key of path) {
    if (isSeq(node) && typeof key === 'number') {
      node = node.items[key];
      pair = undefined;
      continue;
    }
    if (!isMap(node)) return undefined;
    parent = node;
    pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (!pair) return undefined;
    node = pair.value;
  }
  // What an alias stands for is not this place's alone; nor is an anchor that others stand for.
  if (isAlias(node) || ((isMap(node) || isSeq(node)) && isReferred(node.anchor, document)))
    return undefined;
  if (isEmptyValue(node) && pair && parent) return insertUnder(text, pair, parent, addition);
  if (addition.kind === 'item')
    return isSeq(node) ? insertItem(text, node, addition.value) : undefined;
  return isMap(node) ? insertMember(text, node, addition.key, addition.value) : undefined;
}

function isReferred(anchor: string | undefined, document: Document.Parsed): boolean {
  if (anchor === undefined) return false;
  let found = false;
  visit(document, {
    Alias(_key, { source }) {
      found ||= source === anchor;
    },
  });
  return found;
}

function isEmptyValue(node: unknown): boolean {
  return (
    node === null ||
    (isScalar(node) && node.value === null && !node.source && !node.anchor && !node.tag)
  );
}

/** Below `key:` that has nothing behind it. */
function insertUnder(
  text: string,
  pair: Pair,
  parent: YAMLMap,
  addition: YamlAddition,
): Insertion | undefined {
  if (parent.flow || !isScalar(pair.key) || !pair.key.range) return undefined;
  const indent = columnOf(text, pair.key.range[0]) + 2;
  const lines =
    addition.kind === 'item'
      ? blockItem(addition.value, indent)
      : blockMember(addition.key, addition.value, indent);
  return insertLines(text, lineEnd(text, pair.key.range[1]), lines);
}

function insertMember(
  text: string,
  map: YAMLMap,
  key: string,
  value: YamlValue,
): Insertion | undefined {
  if (map.flow) return insertInFlow(text, map, `${formatKey(key)}: ${formatFlow(value)}`, '{');
  const [first] = map.items;
  if (!first || !isScalar(first.key) || !first.key.range) return undefined;
  return insertLines(
    text,
    endOfCollection(text, map),
    blockMember(key, value, columnOf(text, keyStart(first))),
  );
}

/** Where a key begins, with its anchor or tag. */
function keyStart({ key }: Pair): number {
  return (isScalar(key) && key.range?.[0]) || 0;
}

function insertItem(text: string, list: YAMLSeq, value: YamlValue): Insertion | undefined {
  if (list.flow) return insertInFlow(text, list, formatFlow(value), '[');
  const start = list.range?.[0];
  if (start === undefined || text[start] !== '-') return undefined;
  const indent = columnOf(text, start);
  const [first] = list.items;
  const item = isMap(first) && !first.flow ? first.range?.[0] : undefined;
  const isOnLine = item !== undefined && !text.slice(start, item).includes('\n');
  const gap = isOnLine ? item - start : 2;
  return insertLines(text, endOfCollection(text, list), blockItem(value, indent, gap));
}

function insertInFlow(
  text: string,
  collection: YAMLMap | YAMLSeq,
  piece: string,
  open: string,
): Insertion | undefined {
  const [start] = collection.range ?? [];
  if (start === undefined || text[start] !== open) return undefined;
  const last = collection.items.at(-1);
  if (last === undefined) return { offset: start + 1, inserted: piece };
  const end = endOfNode(last);
  return end === undefined ? undefined : { offset: end, inserted: `, ${piece}` };
}

/** The end of the last line of a collection that is not empty. */
function endOfCollection(text: string, collection: YAMLMap | YAMLSeq): number {
  const end = endOfNode(collection.items.at(-1)) ?? collection.range?.[1] ?? text.length;
  // A block scalar ends behind its last line break.
  return end > 0 && isBreak(text[end - 1])
    ? end - 1 - (text.slice(end - 2, end) === '\r\n' ? 1 : 0)
    : lineEnd(text, end);
}

function endOfNode(node: unknown): number | undefined {
  if (isPair(node)) return endOfNode(node.value) ?? endOfNode(node.key);
  if (isMap(node) || isSeq(node)) {
    return node.flow || node.items.length === 0 ? node.range?.[1] : endOfNode(node.items.at(-1));
  }
  return isScalar(node) || isAlias(node) ? (node.range?.[1] ?? undefined) : undefined;
}

function insertLines(text: string, offset: number, lines: readonly string[]): Insertion {
  const ending = lineEndingOf(text);
  return { offset, inserted: lines.map((line) => `${ending}${line}`).join('') };
}

function isBreak(unit: string | undefined): boolean {
  return unit === '\n' || unit === '\r';
}

/** The end of the line of an offset, before its line break. */
function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && !isBreak(text[end])) end += 1;
  return end;
}

function columnOf(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isBreak(text[start - 1])) start -= 1;
  return offset - start - (text[start] === '\ufeff' ? 1 : 0);
}
