import type { StructureEntry, StructureNode } from '../structure/structure-node.js';

/**
 * A YAML value with its text. The texts of its parts follow one another without a gap: comments above an
 * entry begin its text, what stands behind a value on its line ends it.
 */
export interface YamlNode extends StructureNode {
  readonly entries: readonly YamlEntry[];
  /** `stream`: documents; `block`: entries on lines of their own; `flow`: in brackets; `text`: as a whole. */
  readonly style: 'stream' | 'block' | 'flow' | 'text';
  /** The column of the entries of a block, else of the block that the value stands in. */
  readonly indent: number;
  /** Whether the first entry of a block stands on a line that something else begins. */
  readonly isCompact: boolean;
  /** What stands behind the value: space, a comment, the line's end. */
  readonly trail: string;
  /** What stands behind the last entry of a block: comments and blank lines. */
  readonly closing: string;
}

/** The text of an entry is `lead head keyText separator` and that of its value. */
export interface YamlEntry extends StructureEntry {
  readonly value: YamlNode;
  /** The column of its container. */
  readonly indent: number;
  /** Lines above it: comments and blank ones. */
  readonly lead: string;
  /** The indentation, if the entry begins its line, and the dash of an item. */
  readonly head: string;
  readonly keyText: string;
  /** The colon and what follows it before the value: space, anchor, tag, comment, line's end. */
  readonly separator: string;
}

export function entrySource({ lead, head, keyText, separator, value }: YamlEntry): string {
  return lead + head + keyText + separator + value.source;
}

/** `text` with the lines that are indented by `from` indented by `to` instead, but for the first. */
export function reindent(text: string, from: number, to: number): string {
  if (from === to || !text.includes('\n')) return text;
  const old = ' '.repeat(from);
  const own = ' '.repeat(to);
  const [first = '', ...rest] = text.split('\n');
  return [
    first,
    ...rest.map((line) =>
      line.startsWith(old) && line.trim() !== '' ? own + line.slice(from) : line,
    ),
  ].join('\n');
}

/** Whole lines of comments without their indentation and the last line's end; `''` for blank lines only. */
export function remarksOf(lines: string): string {
  if (!lines.includes('#')) return '';
  return lines
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}

/** Remarks as lines of a block of that column. */
export function indentRemarks(remarks: string, indent: number): string {
  if (remarks === '') return '';
  return remarks
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(indent) + line))
    .join('\n');
}

/** The comment in what stands between or behind tokens of one line. */
export function commentIn(text: string): string {
  return /(?:^|\s)(#[^\n]*)/.exec(text)?.[1]?.trimEnd() ?? '';
}
