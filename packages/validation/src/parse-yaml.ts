import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  parseAllDocuments,
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

/** How often aliases may multiply a value; a document beyond it is an alias bomb. */
const maxAliasCount = 1000;

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
  const documents = parseDocuments(text, maxDepth);
  if (!Array.isArray(documents)) return { values: [], problems: [documents] };
  const problems = documents.flatMap((document) => checkDocument(document, maxDepth));
  if (problems.some(({ code }) => code !== 'duplicate-key' && code !== 'prototype-key')) {
    return { values: [], problems };
  }
  const values = documents.flatMap((document) => readDocument(document, problems));
  return { values, problems };
}

function parseDocuments(text: string, maxDepth: number): Document.Parsed[] | DataProblem {
  const deep = findDeepNesting(text, maxDepth);
  if (deep !== undefined) return tooDeep(maxDepth, { start: deep, end: deep + 1 });
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    merge: true,
    prettyErrors: false,
  });
  return [...documents];
}

/**
 * Where more brackets, or more indicators of nested block collections on one line, stand open than the limit: the
 * parser is recursive and would exhaust the stack. Brackets within strings are counted as well, so a document is
 * refused only if it nests twice as deep as the limit.
 */
function findDeepNesting(text: string, maxDepth: number): number | undefined {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(/[[{]|[\]}]|^[ \t]*(?:[-?:][ \t]+){64,}/gm)) {
    if (found.length > 1) {
      if (found.trim().split(/[ \t]+/).length > 2 * maxDepth) return index;
    } else if (found === '[' || found === '{') depth += 1;
    else depth = Math.max(0, depth - 1);
    if (depth > 2 * maxDepth) return index;
  }
  return undefined;
}

function tooDeep(maxDepth: number, span: Span): DataProblem {
  return { code: 'too-deep', message: `nested deeper than ${maxDepth} levels`, ...span };
}

function checkDocument(document: Document.Parsed, maxDepth: number): DataProblem[] {
  const problems = document.errors.map(({ message, pos: [start, end] }): DataProblem => {
    return { code: 'syntax', message: lowerFirst(message).replace(/\.?\s*$/, ''), start, end };
  });
  if (document.contents) checkNode(document.contents, 1, maxDepth, problems);
  return problems;
}

function checkNode(node: Node, depth: number, maxDepth: number, problems: DataProblem[]): void {
  if (!isCollection(node)) return;
  if (depth > maxDepth) {
    problems.push(tooDeep(maxDepth, spanOf(node)));
    return;
  }
  if (isMap(node)) checkKeys(node, problems);
  for (const item of node.items) {
    const children = isNode(item)
      ? [item]
      : [(item as { key: unknown }).key, (item as { value: unknown }).value];
    for (const child of children)
      if (isNode(child)) checkNode(child, depth + 1, maxDepth, problems);
  }
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
    const value: unknown = document.toJS({ maxAliasCount });
    return [{ value, locate: (pointer) => locate(document, pointer) }];
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const { start, end } = document.contents ? spanOf(document.contents) : { start: 0, end: 0 };
    problems.push({
      code: 'alias-bomb',
      message: 'its aliases multiply beyond measure',
      start,
      end,
    });
    return [];
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
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
