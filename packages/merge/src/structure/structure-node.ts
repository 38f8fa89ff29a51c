import type { ValueInterner } from './value-interner.js';

/** A value in a document, with the text that it is written as. */
export interface StructureNode {
  readonly kind: 'map' | 'sequence' | 'scalar';
  /** Equal for values of equal content, of a {@link ValueInterner}; comments and layout do not count. */
  readonly id: number;
  /** The anchor and tag that it bears; `''` for none. */
  readonly mark: string;
  /** Members of a map, items of a sequence, in order; none for a scalar. */
  readonly entries: readonly StructureEntry[];
  /** The entries are the documents of a file. */
  readonly isStream?: boolean;
  /** What a scalar says, as an item's identity. */
  readonly scalar?: string | undefined;
  /** The text of the value, and of it without what stands behind on its line. */
  readonly source: string;
  readonly core: string;
  /** What ends the last entry, such as a comma; `''` or absent for nothing. */
  readonly ending?: string;
  /** Comments behind the last entry, a line each without its indentation; `''` for none. */
  readonly below: string;
}

export interface StructureEntry {
  /** Different for different keys of a map; `''` for an item. */
  readonly key: string;
  /** How a path names the key; of a document what it is. */
  readonly label: string;
  readonly value: StructureNode;
  /** Comments and blank lines above it, a line each without its indentation; `''` for none. */
  readonly above: string;
  /** The comment that ends the line of a value, or of the key of a block; `''` for none. */
  readonly beside: string;
}

/** Comments in the place of those that an entry of ours has; what is left out stays. */
export interface Remarks {
  above?: string;
  /** The entry that has the comment. */
  beside?: StructureEntry;
}

/** One entry of a merged container, in terms of the entries that it is made of. */
export type Part =
  | { kind: 'kept'; entry: StructureEntry; remarks?: Remarks }
  /** An entry of ours whose value now is `text`. */
  | { kind: 'changed'; entry: StructureEntry; text: string; remarks?: Remarks }
  /** An entry of ours that takes the value of another side's. */
  | { kind: 'replaced'; entry: StructureEntry; by: StructureEntry; remarks?: Remarks }
  /** An entry of another side, with its comments, which has it in `container`. */
  | { kind: 'inserted'; entry: StructureEntry; container: StructureNode };

/** A container on each side; the base may have none there. */
export interface Containers {
  base: StructureNode | undefined;
  ours: StructureNode;
  theirs: StructureNode;
}

/** A way to write values down. */
export interface StructureFormat<Document> {
  /** @throws {UnreadableError} when `text` is no such document */
  parse(text: string, ids: ValueInterner): Document;
  /** The value that the document holds. */
  root(document: Document): StructureNode;
  /** The text of an entry or value, without the indentation of its place. */
  entryText(entry: StructureEntry): string;
  valueText(node: StructureNode): string;
  /** The container of ours with these entries, in the manner of ours, and comments behind the last one. */
  write(containers: Containers, parts: readonly Part[], below: string): string;
  /** The value of another side, where `place` of ours stands. */
  transplant(value: StructureNode, place: StructureNode): string;
  /** The document of ours with another text for its root. */
  assemble(document: Document, root: string): string;
}

/** A document that cannot be merged by key; `message` says why. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}
