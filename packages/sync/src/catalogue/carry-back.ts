import { hashBlob } from '@holdfast/text';
import type { Pipeline, TransformContext } from '@holdfast/transforms';
import { mergeContents } from '../file/merge-contents.js';
import type { Commit, FileMode, Snapshot, SourceRepository, TreeChange } from '../ports.js';

/** What a push brings back of one file. */
export interface PushedFile {
  /** Below the root of the catalogue, or in the target. */
  readonly path: string;
  /** In the source. */
  readonly source: string;
  readonly outcome:
    | 'added'
    | 'modified'
    | 'removed'
    /** Both sides changed it; merged with what the source has become. */
    | 'merged'
    /** The source has it like this already. */
    | 'there'
    /** Both sides changed the same; pull and decide first. */
    | 'conflicted'
    /** A transform cannot be undone for this edit. */
    | 'irreversible';
  readonly reason?: string;
}

/** An edited file, and what it comes from. */
export interface EditedFile {
  readonly path: string;
  readonly source: string;
  readonly mode: FileMode;
  readonly content: Uint8Array;
  /** The blob id of the source file that it was made of; absent for a new one. */
  readonly baseOid?: string;
}

/** Where edits are carried back to. */
export interface SourceHead {
  readonly source: Pick<SourceRepository, 'readBlob'>;
  readonly head: Commit;
  readonly tree: Snapshot;
  /** What conflict markers call the side that is brought back. */
  readonly ours: string;
  /** What someone does first where both sides changed the same. */
  readonly advice: string;
}

/** How the edited file was made: the steps, and their context for it. */
export interface MadeBy {
  readonly pipeline: Pipeline;
  readonly context: TransformContext;
}

/** A file of a push, with the change of the source's tree if there is one. */
export type Planned = [PushedFile, TreeChange?];

/**
 * Carries one edit back: through the inverse transforms, proved (what comes back gives exactly this file
 * when transformed again), and merged with what the source has become since.
 *
 * @param madeBy undefined when the source no longer has the commit that the file was made from
 */
export async function carryBack(
  { path, source, mode, content, baseOid }: EditedFile,
  madeBy: MadeBy | undefined,
  to: SourceHead,
): Promise<Planned> {
  const back = reverse({ path, content, mode }, madeBy, to);
  if (back.kind === 'irreversible')
    return [{ path, source, outcome: 'irreversible', reason: back.reason }];
  const ours = back.content;
  const there = to.tree.entries.get(source);
  const change = (content: Uint8Array): TreeChange => ({ path: source, mode, content });
  if (there?.oid === hashBlob(ours) && there.mode === mode)
    return [{ path, source, outcome: 'there' }];
  if (!there) {
    if (baseOid === undefined) return [{ path, source, outcome: 'added' }, change(ours)];
    const reason = `changed here, removed by the source since; ${to.advice}`;
    return [{ path, source, outcome: 'conflicted', reason }];
  }
  if (there.mode !== '100644' && there.mode !== '100755') {
    const reason = 'the source has no regular file there';
    return [{ path, source, outcome: 'conflicted', reason }];
  }
  if (baseOid === there.oid) return [{ path, source, outcome: 'modified' }, change(ours)];
  const theirs = await to.source.readBlob(there.oid);
  const base = baseOid === undefined ? undefined : await to.source.readBlob(baseOid);
  const labels = { ours: to.ours, base: 'base', theirs: to.head.oid.slice(0, 12) };
  const settings = { by: 'auto', style: 'merge', identity_keys: [] as string[], labels } as const;
  const result = mergeContents(source, { base, ours, theirs }, settings);
  if (result.kind === 'clean') {
    const has = hashBlob(result.content) === there.oid && there.mode === mode;
    if (has) return [{ path, source, outcome: 'there' }];
    return [{ path, source, outcome: 'merged' }, change(result.content)];
  }
  const reason = `the source changed the same since; ${to.advice}`;
  return [{ path, source, outcome: 'conflicted', reason }];
}

type Reversed =
  | { readonly kind: 'reversed'; readonly content: Uint8Array }
  | { readonly kind: 'irreversible'; readonly reason: string };

function reverse(
  file: Pick<EditedFile, 'path' | 'content' | 'mode'>,
  madeBy: MadeBy | undefined,
  { advice }: SourceHead,
): Reversed {
  if (!madeBy) {
    const reason = `the source no longer has the commit that this was made from; ${advice}`;
    return { kind: 'irreversible', reason };
  }
  const { pipeline, context } = madeBy;
  if (pipeline.isIdentity) return { kind: 'reversed', content: file.content };
  const back = pipeline.reverse(file, context);
  if (back.kind === 'irreversible') {
    const reason = `${back.steps.join(', ')} cannot be undone for this edit`;
    return { kind: 'irreversible', reason };
  }
  if (back.kind === 'failed')
    return { kind: 'irreversible', reason: back.findings[0]?.message ?? 'a transform failed' };
  const again = pipeline.apply({ ...file, content: back.content }, context);
  const same = again.kind !== 'failed' && hashBlob(again.content) === hashBlob(file.content);
  return same
    ? { kind: 'reversed', content: back.content }
    : { kind: 'irreversible', reason: 'transformed again it would be another file' };
}
