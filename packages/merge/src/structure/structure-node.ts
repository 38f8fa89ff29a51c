import type { ValueInterner } from './value-interner.js';

/** A value in a document, with the text that it is written as. */
export interface StructureNode {
  readonly kind: 'map' | 'sequence' | 'scalar';
  /** Equal for equal values, of a {@link ValueInterner}. */
  readonly id: number;
  /** The anchor and tag that it bears; `''` for none. */
  readonly mark: string;
  /** Members of a map, items of a sequence, in order; none for a scalar. */
  readonly entries: readonly StructureEntry[];
  /** What a scalar says, as an item's identity. */
  readonly scalar?: string;
  /** The text of the value, and of it without what stands behind on its line. */
  readonly source: string;
  readonly core: string;
}

export interface StructureEntry {
  /** Different for different keys of a map; `''` for an item. */
  readonly key: string;
  /** How a path names the key. */
  readonly label: string;
  readonly value: StructureNode;
}

/** One entry of a merged container, in terms of the entries that it is made of. */
export type Part =
  | { kind: 'kept'; entry: StructureEntry }
  /** An entry of ours whose value now is `text`. */
  | { kind: 'changed'; entry: StructureEntry; text: string }
  /** An entry of ours that takes the value of another side's. */
  | { kind: 'replaced'; entry: StructureEntry; by: StructureEntry }
  /** An entry of another side, which has it in `container`. */
  | { kind: 'inserted'; entry: StructureEntry; container: StructureNode };

/** A way to write values down. */
export interface StructureFormat<Document> {
  /** @throws {UnreadableError} when `text` is no such document */
  parse(text: string, ids: ValueInterner): Document;
  /** The values that the document holds, one for each of its parts. */
  roots(document: Document): readonly StructureNode[];
  /** The container of ours with these entries, in the manner of ours. */
  write(container: StructureNode, parts: readonly Part[]): string;
  /** The value of another side, where `place` of ours stands. */
  transplant(value: StructureNode, place: StructureNode): string;
  /** The document of ours with other texts for its roots. */
  assemble(document: Document, texts: readonly string[]): string;
}

/** A document that cannot be merged by key; `message` says why. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}
