import { UnreadableError } from '../structure/structure-node.js';
import type { ValueInterner } from '../structure/value-interner.js';
import { readAnyYaml } from './read-any-yaml.js';
import { BlockReader } from './read-block-yaml.js';
import { BeyondSubset } from './read-flow-yaml.js';
import { entrySource, remarksOf, type YamlEntry, type YamlNode } from './yaml-node.js';

export interface YamlDocument {
  /** The documents of the file. */
  root: YamlNode;
}

/** Longer documents are merged by line: reading them can take a second a megabyte. */
const MAX_LENGTH = 4_000_000;
const MAX_DEPTH = 200;
const START_OF_DOCUMENT = /^---(?=\s|$)/gm;
const MARKER_LINE = /---[ ]*(?: #[^\n]*)?(?:\n|$)/y;

/**
 * Reads all documents of a YAML file. Aliases are never followed: an alias equals one of the same name.
 *
 * @throws {UnreadableError} for what is no YAML, longer than 4 million characters, nested more than 200
 *   deep, empty, has a key twice or an alias of no anchor
 */
export function parseYaml(text: string, ids: ValueInterner): YamlDocument {
  if (text.length > MAX_LENGTH) {
    throw new UnreadableError(`longer than ${MAX_LENGTH} characters`);
  }
  const isUsual = BlockReader.accepts(text);
  const entries = splitDocuments(text).map(([start, end]) =>
    readDocument(text, start, end, isUsual, ids),
  );
  const source = entries.map(entrySource).join('');
  const id = ids.sequence(entries.map(({ value }) => value.id));
  const root = {
    kind: 'sequence',
    isStream: true,
    id,
    mark: '',
    entries,
    source,
    core: source,
  } as const;
  const place = { style: 'stream', indent: 0, isCompact: false } as const;
  return { root: { ...root, ...place, below: '', trail: '', closing: '' } };
}

/** Where each document begins, with its marker, and ends. */
function splitDocuments(text: string): [start: number, end: number][] {
  const starts = [...text.matchAll(START_OF_DOCUMENT)].map(({ index }) => index);
  // Comments before the first marker are about what follows it.
  const isOwn = starts[0] === undefined || /^[^#%\s]/m.test(text.slice(0, starts[0]));
  const all = isOwn ? [0, ...starts.filter((start) => start > 0)] : [0, ...starts.slice(1)];
  return all.map((start, at) => [start, all[at + 1] ?? text.length]);
}

function readDocument(
  text: string,
  start: number,
  end: number,
  isUsual: boolean,
  ids: ValueInterner,
): YamlEntry {
  const { lead, node } =
    (isUsual ? readUsual(text, start, end, ids) : undefined) ??
    readWhole(text.slice(start, end), ids);
  return {
    key: '',
    label: '',
    indent: 0,
    lead,
    head: '',
    keyText: '',
    separator: '',
    value: node,
    above: remarksOf(lead.slice(markerEnd(lead))),
    beside: '',
  };
}

/** Where the line of the marker ends that `lead` begins with or holds; 0 for none. */
export function markerEnd(lead: string): number {
  const match = /^---[^\n]*(?:\n|$)/m.exec(lead);
  return match === null ? 0 : match.index + match[0].length;
}

function readUsual(
  text: string,
  start: number,
  end: number,
  ids: ValueInterner,
): { lead: string; node: YamlNode } | undefined {
  const marker = text.slice(start, end).search(/^---(?=\s|$)/m);
  let from = start;
  if (marker >= 0) {
    MARKER_LINE.lastIndex = start + marker;
    const line = MARKER_LINE.exec(text)?.[0];
    if (line === undefined) return undefined;
    from = start + marker + line.length;
  }
  try {
    const { lead, node } = new BlockReader(text, end, ids).readDocument(from);
    return { lead: text.slice(start, from) + lead, node };
  } catch (error) {
    if (error instanceof BeyondSubset) return undefined;
    throw error;
  }
}

function readWhole(text: string, ids: ValueInterner): { lead: string; node: YamlNode } {
  checkNesting(text);
  return readAnyYaml(text, ids);
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
