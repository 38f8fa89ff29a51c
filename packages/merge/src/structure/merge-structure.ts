import type { MergeSides } from '../merge-regions.js';
import { merge3, type MergeOptions } from '../merge3.js';
import type { Conflict } from '../render-merge.js';
import { isSameBytes, toBytes, toText, type Content } from '../text-content.js';
import { isBinary } from '../is-binary.js';
import { ValueMerger, type PathConflict, type Pick } from './merge-values.js';
import { UnreadableError, type StructureFormat } from './structure-node.js';
import { ValueInterner } from './value-interner.js';

export interface StructureMergeOptions extends MergeOptions {
  /** Members that tell the items of a sequence apart, in this order; default `id`, `name`, `key`. */
  identityKeys?: readonly string[];
}

/**
 * As of `merge3`; `by` says how it was merged. By `key`, `paths` names what conflicts, and `content` holds
 * markers around the lines in question. By `line`, `reason` says why it could not be merged by key.
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

/** Merges three documents of one format by key; by line where that cannot be done. */
export function mergeStructure(
  format: StructureFormat<unknown>,
  sides: MergeSides<Content>,
  options: StructureMergeOptions,
): StructureMergeResult {
  const { base, ours, theirs } = sides;
  if ([base, ours, theirs].some(isBinary)) {
    return withReason(merge3(sides, options), 'a side is no text');
  }
  if (isSameContent(theirs, base) || isSameContent(theirs, ours)) {
    return { kind: 'clean', content: ours, by: 'key' };
  }
  if (isSameContent(ours, base)) return { kind: 'clean', content: theirs, by: 'key' };
  try {
    return mergeReadable(format, sides, options);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return withReason(merge3(sides, options), error.message);
  }
}

function isSameContent(left: Content, right: Content): boolean {
  return isSameBytes(toBytes(left), toBytes(right));
}

function withReason(result: ReturnType<typeof merge3>, reason: string): StructureMergeResult {
  if (result.kind === 'binary') return result;
  if (result.kind === 'clean') return { ...result, by: 'line', reason };
  return { ...result, paths: [], by: 'line', reason };
}

function mergeReadable(
  format: StructureFormat<unknown>,
  sides: MergeSides<Content>,
  options: StructureMergeOptions,
): StructureMergeResult {
  const manner = readManner(textOf(sides.ours));
  const ids = new ValueInterner();
  const documents = {
    base: readSide(format, sides.base, 'base', ids, manner),
    ours: readSide(format, sides.ours, 'ours', ids, manner),
    theirs: readSide(format, sides.theirs, 'theirs', ids, manner),
  };
  const { favor, identityKeys = ['id', 'name', 'key'] } = options;
  const mergeWith = (pick: Pick): { text: string; paths: PathConflict[] } =>
    mergeDocuments(format, documents, ids, { pick, identityKeys });
  const write = (text: string): Content => {
    const written = manner.write(text);
    return typeof sides.ours === 'string' ? written : toBytes(written);
  };
  const ours = mergeWith(favor === 'theirs' ? 'theirs' : 'ours');
  if (ours.paths.length === 0 || favor === 'ours' || favor === 'theirs') {
    return { kind: 'clean', content: write(ours.text), by: 'key' };
  }
  // The three ways to settle the conflicts differ in nothing else: merged by line, they show just those.
  const marked = merge3(
    {
      base: manner.write(mergeWith('base').text),
      ours: manner.write(ours.text),
      theirs: manner.write(mergeWith('theirs').text),
    },
    options,
  );
  const content = typeof sides.ours === 'string' ? marked.content : toBytes(marked.content);
  if (marked.kind === 'conflicted') return { ...marked, content, paths: ours.paths, by: 'key' };
  if (favor === 'union') return { kind: 'clean', content, by: 'key' };
  throw new UnreadableError(`lines cannot show the conflict at ${ours.paths[0]!.path}`);
}

function mergeDocuments(
  format: StructureFormat<unknown>,
  documents: MergeSides<unknown>,
  ids: ValueInterner,
  options: { pick: Pick; identityKeys: readonly string[] },
): { text: string; paths: PathConflict[] } {
  const merger = new ValueMerger(format, ids, options);
  const roots = {
    base: format.roots(documents.base),
    ours: format.roots(documents.ours),
    theirs: format.roots(documents.theirs),
  };
  if (roots.base.length !== roots.ours.length || roots.theirs.length !== roots.ours.length) {
    throw new UnreadableError('the sides hold different numbers of documents');
  }
  const merged = roots.ours.map((ours, at) =>
    merger.mergeRoot({ base: roots.base[at]!, ours, theirs: roots.theirs[at]! }),
  );
  const text = format.assemble(
    documents.ours,
    merged.map((root) => root.text),
  );
  // What was written must read back as what was decided: a doubtful document is merged by line.
  const readBack = format.roots(format.parse(text, ids));
  if (readBack.length !== merged.length || readBack.some(({ id }, at) => id !== merged[at]!.id)) {
    throw new UnreadableError('the merged document would not read as it should');
  }
  return { text, paths: merger.conflicts };
}

interface TextManner {
  /** `ours` of mixed endings stays as it is. */
  read(text: string, side: string): string;
  write(text: string): string;
}

/** Sets line endings and byte order mark aside and, on writing, puts back those of ours. */
function readManner(ours: string): TextManner {
  const mark = ours.startsWith('\ufeff') ? '\ufeff' : '';
  const crlf = ours.includes('\r\n') && !/(?:^|[^\r])\n/.test(ours);
  return {
    read: (text, side) => {
      const plain = text.replace(/^\ufeff/, '');
      return side === 'ours' && !crlf ? plain : plain.replaceAll('\r\n', '\n');
    },
    write: (text) => mark + (crlf ? text.replaceAll('\n', '\r\n') : text),
  };
}

function readSide(
  format: StructureFormat<unknown>,
  content: Content,
  side: string,
  ids: ValueInterner,
  manner: TextManner,
): unknown {
  const text = textOf(content);
  try {
    return format.parse(manner.read(text, side), ids);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new UnreadableError(`${side} cannot be read: ${error.message}`);
  }
}

function textOf(content: Content): string {
  return typeof content === 'string' ? content : toText(content);
}
