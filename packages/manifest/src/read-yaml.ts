import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { Alias, CST, Node, Pair, YAMLMap } from 'yaml';
import type { Finding, Range } from './finding.js';
import { indexPlaces } from './text-places.js';

/** Where a value lies in its document: the keys and indexes that lead to it. */
export type KeyPath = readonly PropertyKey[];

/** One document of a YAML text, as plain data that knows its places. */
export interface YamlDocument {
  /** Objects without a prototype, arrays and scalars. */
  readonly value: unknown;
  /** Where the value at a path is, or the key that holds it; undefined where there is none. */
  place(path: KeyPath, part?: 'key' | 'value'): Range | undefined;
}

/** The documents that could be read, and what is wrong with the others. */
export interface YamlText {
  readonly documents: readonly YamlDocument[];
  readonly findings: readonly Finding[];
}

/** The parser takes a second or two for a text of this length, whatever it holds. */
const MAX_LENGTH = 1_048_576;
const MAX_DEPTH = 64;
/** How many nodes the aliases of one document may stand for, all in all. */
const MAX_ALIASED_NODES = 10_000;

type Offsets = readonly [start: number, end: number];
type Report = (ruleId: string, message: string, offsets: Offsets) => void;

/**
 * Reads YAML 1.2 (core schema) to plain data with places. Empty documents are left out. What readers
 * of YAML disagree about, or what is built to hurt, is a finding: duplicate keys, keys that are no
 * scalars, unknown tags, `__proto__`, nesting deeper than 64, aliases that multiply, and more than
 * 1,048,576 characters.
 */
export function readYaml(text: string, file: string): YamlText {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const places = indexPlaces(source);
  const findings: Finding[] = [];
  const documents: YamlDocument[] = [];

  function report(ruleId: string, message: string, [start, end]: Offsets): void {
    findings.push({
      ruleId,
      severity: 'error',
      message,
      path: file,
      range: places.range(start, end),
    });
  }

  if (source.length > MAX_LENGTH) {
    report(
      'yaml-limit',
      `the file must not hold more than ${MAX_LENGTH} characters, it has ${source.length}`,
      [0, 0],
    );
    return { documents, findings };
  }
  // `uniqueKeys` would compare each key with every other; `toPlain` finds duplicates in linear time.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, schema: 'core' });
  for (const document of composer.compose(parseTokens(source, report))) {
    const problems = [...document.errors, ...document.warnings];
    for (const { message, pos } of problems) report('yaml-syntax', message, pos);
    const root = document.contents;
    if (problems.length > 0 || !root || isEmpty(root)) continue;
    const { value, targets, isWhole } = toPlain(root, report);
    if (!isWhole) continue;
    const findOffsets = createLocator(root, targets);
    documents.push({
      value,
      place(path, part = 'value') {
        const offsets = findOffsets(path, part);
        return offsets && places.range(...offsets);
      },
    });
  }
  return { documents, findings };
}

/** Ends at the first place that is nested too deep: what composes nodes from the tokens is recursive. */
function* parseTokens(source: string, report: Report): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_DEPTH) {
      const message = `the file must not be nested deeper than ${MAX_DEPTH} levels`;
      report('yaml-limit', message, [parser.offset, parser.offset]);
      return;
    }
  }
  yield* parser.end();
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source;
}

/**
 * Converts a document's nodes, and tells what each alias stands for. What an alias without sense
 * should have stood for is missing from the value: then it is not whole.
 */
function toPlain(
  root: Node,
  report: Report,
): { value: unknown; targets: ReadonlyMap<Alias, Node>; isWhole: boolean } {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const open = new Set<Node>();
  let isWhole = true;
  let aliased = 0;
  let expanding = 0;

  function read(node: unknown): unknown {
    if (expanding > 0 && ++aliased > MAX_ALIASED_NODES) return null;
    if (isAlias(node)) return readAlias(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor) anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    open.add(node);
    const value = isMap(node) ? readMap(node) : node.items.map(read);
    open.delete(node);
    return value;
  }

  function readMap(map: YAMLMap): unknown {
    const object = Object.create(null) as Record<string, unknown>;
    for (const pair of map.items) {
      const key = keyOf(pair);
      const value = read(pair.value);
      if (key !== undefined && key !== '__proto__' && !(key in object)) object[key] = value;
      else if (expanding === 0) reportKey(pair, key);
    }
    return object;
  }

  function reportKey(pair: Pair, key: string | undefined): void {
    const offsets = offsetsOf(pair.key);
    if (key === undefined) report('wrong-key', 'a key must be a plain name', offsets);
    else if (key === '__proto__') report('wrong-key', `a key must not be ${key}`, offsets);
    else report('duplicate-key', `the key ${JSON.stringify(key)} is here twice`, offsets);
  }

  function readAlias(alias: Alias): unknown {
    const target = anchors.get(alias.source);
    if (!target || open.has(target)) {
      isWhole = false;
      const problem = target ? 'stands for what it is part of' : 'has no anchor before it';
      report('yaml-alias', `the alias *${alias.source} ${problem}`, offsetsOf(alias));
      return null;
    }
    targets.set(alias, target);
    const within = aliased <= MAX_ALIASED_NODES;
    expanding++;
    const value = read(target);
    expanding--;
    if (within && aliased > MAX_ALIASED_NODES && expanding === 0) {
      isWhole = false;
      const message = `the aliases must not stand for more than ${MAX_ALIASED_NODES} values in all`;
      report('yaml-limit', message, offsetsOf(alias));
    }
    return value;
  }

  const value = read(root);
  return { value, targets, isWhole };
}

/** A key as the text has it: `1.0` stays `1.0`. Undefined where a key is missing, or no scalar. */
function keyOf({ key }: Pair): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** Finds where paths lead to in a document; the keys of a mapping are indexed when first asked for. */
function createLocator(
  root: Node,
  targets: ReadonlyMap<Alias, Node>,
): (path: KeyPath, part: 'key' | 'value') => Offsets | undefined {
  const indexes = new Map<YAMLMap, ReadonlyMap<PropertyKey, Pair>>();

  function indexOf(map: YAMLMap): ReadonlyMap<PropertyKey, Pair> {
    // Of a duplicate key the first one counts, as in `toPlain`.
    const index =
      indexes.get(map) ??
      new Map(map.items.map((pair) => [keyOf(pair) ?? '', pair] as const).reverse());
    indexes.set(map, index);
    return index;
  }

  return (path, part) => {
    let key: unknown = root;
    let value: unknown = root;
    for (const step of path) {
      const parent = isAlias(value) ? targets.get(value) : value;
      // One entry may be written where a list of them is read: its index is 0.
      if (step === 0 && !isSeq(parent)) continue;
      const pair = isMap(parent) ? indexOf(parent).get(step) : undefined;
      const item = isSeq(parent) ? parent.items[Number(step)] : undefined;
      key = item ?? pair?.key;
      value = item ?? pair?.value;
      if (!key) return undefined;
    }
    return offsetsOf(part === 'key' || !value ? key : value);
  };
}

function offsetsOf(node: unknown): Offsets {
  const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : null;
  return range ? [range[0], range[1]] : [0, 0];
}
