import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseAllDocuments,
  type Alias,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import {
  pointerKeys,
  type DataDocument,
  type DataProblem,
  type DataValue,
  type Span,
} from './data-document.js';

export interface ParseYamlOptions {
  /** Longest text in UTF-16 units. Default 4 Mi. */
  maxLength?: number;
  /** Deepest nesting. Default 200. */
  maxDepth?: number;
}

/** How many aliases there may be, and how many they may come to where they stand for aliases: beyond, it is an alias bomb. */
const maxAliases = 10_000;

/**
 * Parses YAML 1.2 (with merge keys) with the places of what is wrong. Unknown tags are read over; duplicate keys,
 * nesting and aliases that multiply are counted here, in linear time.
 */
export function parseYaml(text: string, options: ParseYamlOptions = {}): DataDocument {
  const { maxLength = 4 * 1024 * 1024, maxDepth = 200 } = options;
  if (text.length > maxLength) {
    const message = `longer than the ${maxLength} characters that a YAML document may have`;
    return { values: [], problems: [{ code: 'too-large', message, start: 0, end: 0 }] };
  }
  const documents = [
    ...parseAllDocuments(text, { uniqueKeys: false, merge: true, prettyErrors: false }),
  ];
  const problems = documents.flatMap((document) => checkDocument(document, maxDepth));
  if (problems.some(({ code }) => code !== 'duplicate-key' && code !== 'prototype-key')) {
    return { values: [], problems };
  }
  const values = documents.flatMap((document) => readDocument(document, problems));
  return { values, problems };
}

function tooDeep(maxDepth: number, span: Span): DataProblem {
  return { code: 'too-deep', message: `nested deeper than ${maxDepth} levels`, ...span };
}

/** What the walk over a document keeps in mind. */
interface Walk {
  maxDepth: number;
  problems: DataProblem[];
  anchors: Set<string>;
  aliases: number;
}

function checkDocument(document: Document.Parsed, maxDepth: number): DataProblem[] {
  const [error] = document.errors;
  if (error) return [errorProblem(error, maxDepth)];
  const walk: Walk = { maxDepth, problems: [], anchors: new Set(), aliases: 0 };
  if (document.contents) checkNode(document.contents, 1, walk);
  return walk.problems;
}

/** The first error of a document: those after it follow from it. */
function errorProblem(
  { code, message, pos: [start, end] }: Document.Parsed['errors'][number],
  maxDepth: number,
): DataProblem {
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep(maxDepth, { start, end });
  const [first = ''] = message.split(/\n|: "/, 1);
  return { code: 'syntax', message: lowerFirst(first).replace(/[.:]?\s*$/, ''), start, end };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function checkNode(node: Node, depth: number, walk: Walk): void {
  if (isAlias(node)) return checkAlias(node, walk);
  if (node.anchor !== undefined) walk.anchors.add(node.anchor);
  if (!isCollection(node)) return;
  if (depth > walk.maxDepth) {
    walk.problems.push(tooDeep(walk.maxDepth, spanOf(node)));
    return;
  }
  if (isMap(node)) checkKeys(node, walk.problems);
  for (const item of node.items) {
    const children = isPair(item) ? [item.key, item.value] : [item];
    for (const child of children) if (isNode(child)) checkNode(child, depth + 1, walk);
  }
}

function checkAlias(alias: Alias, walk: Walk): void {
  walk.aliases += 1;
  if (walk.aliases === maxAliases + 1) {
    const message = `more than ${maxAliases} aliases`;
    walk.problems.push({ code: 'alias-bomb', message, ...spanOf(alias) });
  }
  if (walk.anchors.has(alias.source)) return;
  const message = `*${alias.source} is an alias, and nothing before it has the anchor &${alias.source}; quote it if it is text: "*${alias.source}"`;
  walk.problems.push({ code: 'syntax', message, ...spanOf(alias) });
}

function checkKeys(map: YAMLMap, problems: DataProblem[]): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const named = JSON.stringify(key.value);
    const span = spanOf(key);
    const merge = key.value === '<<' || typeof key.value === 'symbol';
    if (seen.has(key.value) && !merge) {
      problems.push({
        code: 'duplicate-key',
        message: `the key ${named} stands here twice`,
        ...span,
      });
    }
    if (key.value === '__proto__') {
      problems.push({ code: 'prototype-key', message: `the key ${named} is not data`, ...span });
    }
    seen.add(key.value);
  }
}

function readDocument(document: Document.Parsed, problems: DataProblem[]): DataValue[] {
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    return [{ value, locate: (pointer) => locate(document, pointer) }];
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const span = document.contents ? spanOf(document.contents) : { start: 0, end: 0 };
    const message = `its aliases stand for aliases, and so come to more than ${maxAliases}: an alias bomb`;
    problems.push({ code: 'alias-bomb', message, ...span });
    return [];
  }
}

function locate(document: Document.Parsed, pointer: string): Span {
  let node: unknown = document.contents;
  let span = isNode(node) ? spanOf(node) : { start: 0, end: 0 };
  for (const key of pointerKeys(pointer)) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) break;
    node = node.get(key, true) ?? node.get(Number(key), true);
    if (!isNode(node)) break;
    span = spanOf(node);
  }
  return span;
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
