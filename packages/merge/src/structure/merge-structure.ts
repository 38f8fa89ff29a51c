import {
  checkMergeOptions,
  checkOptions,
  checkSides,
  CONTENT,
  type Expectation,
} from '../check-arguments.js';
import type { MergeSides } from '../merge-regions.js';
import { merge3, type MergeOptions } from '../merge3.js';
import type { Conflict } from '../render-merge.js';
import { isSameBytes, toBytes, toText, type Content } from '../text-content.js';
import { isBinary } from '../is-binary.js';
import { isOnlyTheirsLaidOut } from './is-laid-out.js';
import { ValueMerger, type PathConflict, type Pick } from './merge-values.js';
import { UnreadableError, type StructureFormat, type StructureNode } from './structure-node.js';
import { ValueInterner } from './value-interner.js';

/** As for a merge by line, and what tells items and documents apart. */
export interface StructureMergeOptions extends MergeOptions {
  /** Members that tell the items of a sequence apart, in this order; default `id`, `name`, `key`. */
  identityKeys?: readonly string[];
  /**
   * Members, dotted where they lie deeper, that together tell the documents of a YAML file apart; default
   * `apiVersion` (of which its version does not count), `kind`, `metadata.namespace`, `metadata.name`.
   */
  documentKeys?: readonly string[];
}

/**
 * As of `merge3`; `by` says what decided. `key`: `content` says what the merge by key says, in the words of the
 * line merge where that says the same; `paths` names what conflicts, and markers stand around the lines in
 * question. `line`: `reason` says why it could not be merged by key, and `paths` is empty.
 */
export type StructureMergeResult<T extends Content = Content> =
  | ({ kind: 'clean'; content: T } & Manner)
  | ({
      kind: 'conflicted';
      content: T;
      conflicts: Conflict[];
      paths: PathConflict[];
      markerSize: number;
    } & Manner)
  | { kind: 'binary'; content: T };

type Manner = { by: 'key' } | { by: 'line'; reason: string };

/**
 * Merges three documents of one format as a careful person would: by line where that is clean, reads, and
 * says what the merge by key says; by key where lines conflict or say something else.
 */
export function mergeStructure(
  format: StructureFormat<unknown>,
  sides: MergeSides<Content>,
  options: StructureMergeOptions,
): StructureMergeResult {
  checkSides(sides, CONTENT);
  checkMergeOptions(options);
  checkOptions(options, { identityKeys: NAMES, documentKeys: NAMES });
  const { base, ours, theirs } = sides;
  if ([base, ours, theirs].some((side) => isBinary(side, 'utf-8'))) {
    return withReason(merge3(sides, options), 'a side is no text');
  }
  if (isSameContent(theirs, base) || isSameContent(theirs, ours)) {
    return { kind: 'clean', content: ours, by: 'key' };
  }
  if (isSameContent(ours, base)) return { kind: 'clean', content: theirs, by: 'key' };
  const reading = readSides(format, sides);
  if (reading.kind === 'unreadable') return withReason(merge3(sides, options), reading.reason);
  return mergeReadable(new Merging(format, reading, options), sides, options);
}

const NAMES: Expectation = {
  expected: 'an array of names',
  holds: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
};

function isSameContent(left: Content, right: Content): boolean {
  return isSameBytes(toBytes(left), toBytes(right));
}

function withReason(result: ReturnType<typeof merge3>, reason: string): StructureMergeResult {
  if (result.kind === 'binary') return result;
  if (result.kind === 'clean') return { ...result, by: 'line', reason };
  return { ...result, paths: [], by: 'line', reason };
}

function mergeReadable(
  merging: Merging,
  sides: MergeSides<Content>,
  options: StructureMergeOptions,
): StructureMergeResult {
  const { favor: _, ...marking } = options;
  const lines = merge3(sides, marking);
  const content = (text: string): Content =>
    typeof sides.ours === 'string' ? text : toBytes(text);
  try {
    if (lines.kind === 'clean' && merging.says(textOf(lines.content))) {
      return { kind: 'clean', content: lines.content, by: 'key' };
    }
    const merged = merging.merge();
    // Where both sides added items at one place, lines tell their order best.
    if (lines.kind === 'clean' && merged.kind === 'clean') {
      const isSame = merging.areSameButForOrder(textOf(lines.content), merged.content);
      if (isSame) return { kind: 'clean', content: lines.content, by: 'key' };
    }
    return { ...merged, content: content(merged.content), by: 'key' };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return mergeDoubtful(merging, sides, options, error.message);
  }
}

/** By line, where it cannot be done by key: what would not read is no clean result. */
function mergeDoubtful(
  merging: Merging,
  sides: MergeSides<Content>,
  options: StructureMergeOptions,
  reason: string,
): StructureMergeResult {
  const lines = merge3(sides, options);
  if (lines.kind !== 'clean' || merging.canRead(textOf(lines.content)))
    return withReason(lines, reason);
  // All in which the sides differ is shown: where it went wrong is not known.
  const { ours, theirs } = sides;
  const base = typeof ours === 'string' ? '' : new Uint8Array();
  const { favor: _, ...marking } = options;
  return withReason(merge3({ base, ours, theirs }, marking), reason);
}

type Reading =
  | { kind: 'read'; manner: TextManner; ids: ValueInterner; documents: MergeSides<unknown> }
  | { kind: 'unreadable'; reason: string };

function readSides(format: StructureFormat<unknown>, sides: MergeSides<Content>): Reading {
  const manner = readManner(textOf(sides.ours));
  const ids = new ValueInterner();
  const documents: { [side in keyof MergeSides<unknown>]?: unknown } = {};
  for (const side of ['base', 'ours', 'theirs'] as const) {
    try {
      documents[side] = format.parse(manner.read(textOf(sides[side]), side), ids);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return { kind: 'unreadable', reason: `${side} cannot be read: ${error.message}` };
    }
  }
  return { kind: 'read', manner, ids, documents: documents as MergeSides<unknown> };
}

/** The merge by key of three documents that were read. */
class Merging {
  #format: StructureFormat<unknown>;
  #reading: Extract<Reading, { kind: 'read' }>;
  #options: StructureMergeOptions;

  /** The other side's layout stands where that side alone changed it: then it is merged as if it were ours. */
  #isTurned: boolean | undefined;

  constructor(
    format: StructureFormat<unknown>,
    reading: Extract<Reading, { kind: 'read' }>,
    options: StructureMergeOptions,
  ) {
    this.#format = format;
    this.#reading = reading;
    this.#options = options;
  }

  /** Whether `text` reads, and says what the merge by key decides without a conflict. */
  says(text: string): boolean {
    const id = this.#read(text)?.id;
    if (id === undefined) return false;
    const merger = this.#merger('ours', true);
    return merger.mergeRoot(this.#roots(false)).id === id && merger.conflicts.length === 0;
  }

  /** Whether both texts read, and differ at most in the order of the items of sequences. */
  areSameButForOrder(left: string, right: string): boolean {
    const [one, two] = [this.#read(left), this.#read(right)];
    if (one === undefined || two === undefined) return false;
    return this.#withoutOrder(one) === this.#withoutOrder(two);
  }

  #withoutOrder({ kind, id, mark, entries }: StructureNode): number {
    const { ids } = this.#reading;
    if (entries.length === 0) return id;
    const parts = entries.map(({ key, value }) => [key, this.#withoutOrder(value)] as const);
    if (kind === 'map') return ids.marked(mark, ids.map(parts));
    const items = parts.map(([, item]) => item);
    return ids.marked(mark, ids.sequence(items.sort((a, b) => a - b)));
  }

  canRead(text: string): boolean {
    return this.#read(text) !== undefined;
  }

  /** @throws {UnreadableError} where it cannot be written down */
  merge(): { kind: 'clean'; content: string } | ConflictedByKey {
    const { favor } = this.#options;
    const { manner } = this.#reading;
    const ours = this.#mergeWith(favor === 'theirs' ? 'theirs' : 'ours');
    if (ours.paths.length === 0 || favor === 'ours' || favor === 'theirs') {
      return { kind: 'clean', content: manner.write(ours.text) };
    }
    // The three ways to settle the conflicts differ in nothing else: merged by line, they show just those.
    const marked = merge3(
      {
        base: manner.write(this.#mergeWith('base').text),
        ours: manner.write(ours.text),
        theirs: manner.write(this.#mergeWith('theirs').text),
      },
      this.#options,
    );
    if (marked.kind === 'conflicted') return { ...marked, paths: ours.paths };
    if (favor === 'union') return { kind: 'clean', content: marked.content };
    throw new UnreadableError(`lines cannot show the conflict at ${ours.paths[0]!.path}`);
  }

  #mergeWith(pick: Pick): { text: string; paths: PathConflict[] } {
    const isTurned = (this.#isTurned ??= isOnlyTheirsLaidOut(this.#roots(false)));
    const merger = this.#merger(isTurned ? turned(pick) : pick, false);
    const root = merger.mergeRoot(this.#roots(isTurned));
    const { ours, theirs } = this.#reading.documents;
    const text = this.#format.assemble(isTurned ? theirs : ours, root.text);
    // What was written must read back as what was decided: a doubtful document is merged by line.
    if (this.#read(text)?.id !== root.id) {
      throw new UnreadableError('the merged document would not read as it should');
    }
    return { text, paths: isTurned ? merger.conflicts.map(turnedConflict) : merger.conflicts };
  }

  #merger(pick: Pick, isDry: boolean): ValueMerger {
    const { identityKeys = ['id', 'name', 'key'], documentKeys = DOCUMENT_KEYS } = this.#options;
    const options = { pick, identityKeys, documentKeys, isDry };
    return new ValueMerger(this.#format, this.#reading.ids, options);
  }

  #roots(isTurned: boolean): MergeSides<StructureNode> {
    const { base, ours, theirs } = this.#reading.documents;
    const root = (document: unknown): StructureNode => this.#format.root(document);
    const sides = { base: root(base), ours: root(ours), theirs: root(theirs) };
    return isTurned ? { ...sides, ours: sides.theirs, theirs: sides.ours } : sides;
  }

  #read(text: string): StructureNode | undefined {
    const { manner, ids } = this.#reading;
    try {
      return this.#format.root(this.#format.parse(manner.read(text, 'ours'), ids));
    } catch (error) {
      if (error instanceof UnreadableError) return undefined;
      throw error;
    }
  }
}

function turned(pick: Pick): Pick {
  if (pick === 'base') return pick;
  return pick === 'ours' ? 'theirs' : 'ours';
}

function turnedConflict({ path, base, ours, theirs }: PathConflict): PathConflict {
  return {
    path,
    ...(base !== undefined && { base }),
    ...(theirs !== undefined && { ours: theirs }),
    ...(ours !== undefined && { theirs: ours }),
  };
}

type ConflictedByKey = {
  kind: 'conflicted';
  content: string;
  conflicts: Conflict[];
  paths: PathConflict[];
  markerSize: number;
};

const DOCUMENT_KEYS = ['apiVersion', 'kind', 'metadata.namespace', 'metadata.name'];

interface TextManner {
  /** `ours` of mixed endings stays as it is. */
  read(text: string, side: string): string;
  write(text: string): string;
}

/** Sets line endings and byte order mark aside and, on writing, puts back those of ours, and its final one. */
function readManner(ours: string): TextManner {
  const mark = ours.startsWith('\ufeff') ? '\ufeff' : '';
  const crlf = ours.includes('\r\n') && !/(?:^|[^\r])\n/.test(ours);
  return {
    read: (text, side) => {
      const plain = text.replace(/^\ufeff/, '');
      return side === 'ours' && !crlf ? plain : plain.replaceAll('\r\n', '\n');
    },
    write: (text) => {
      const ended = ours.endsWith('\n') && !text.endsWith('\n') ? `${text}\n` : text;
      return mark + (crlf ? ended.replaceAll('\n', '\r\n') : ended);
    },
  };
}

function textOf(content: Content): string {
  return typeof content === 'string' ? content : toText(content);
}
