import type { SyncRule } from '@holdfast/manifest';
import { hashBlob } from '@holdfast/manifest';
import { mergeContents } from '../file/merge-contents.js';
import type { MergeLabels } from '../file/merge-contents.js';
import type { Conflict } from '../plan.js';
import type { Entry } from '../ports.js';
import type { FoundSync } from './find-syncs.js';

/** What lies at a path; its content where the rollback made it. */
export interface Side extends Entry {
  readonly content?: Uint8Array;
}

/** What a path comes to. */
export interface RevertedFile {
  readonly path: string;
  readonly before?: Entry;
  readonly after?: Side;
  readonly conflict?: Conflict;
}

interface RevertOptions {
  readonly merge: SyncRule['merge'];
  readonly labels: MergeLabels;
  readonly read: (oid: string) => Promise<Uint8Array>;
}

/**
 * Takes back at one path what syncs did there, the newest first, and keeps what people changed since:
 * of each sync, a three-way merge from what it wrote to what was there before it. What cannot be taken
 * back step by step is merged in one.
 */
export async function revertFile(
  path: string,
  now: Entry | undefined,
  syncs: readonly [FoundSync, ...FoundSync[]],
  options: RevertOptions,
): Promise<RevertedFile> {
  const steps = syncs.map(({ after, before }) => {
    const tree = after.snapshot.entries.get(path);
    return {
      tree,
      base: after.manifest.files.get(path) ?? tree,
      theirs: before.snapshot.entries.get(path),
    };
  });
  const head = now ? { before: now } : {};
  let side: Side | undefined = now;
  for (const { tree, base, theirs } of steps) {
    if (isSame(tree, theirs)) continue;
    const stepped = await revertStep(path, { base, ours: side, theirs }, options);
    if (!stepped.conflict) {
      side = stepped.after;
      continue;
    }
    const base0 = steps[0]?.base;
    const sides = { base: base0, ours: now, theirs: steps.at(-1)?.theirs };
    return { path, ...head, ...(await revertStep(path, sides, options)) };
  }
  return { path, ...head, ...(side ? { after: side } : {}) };
}

interface Sides {
  readonly base: Entry | undefined;
  readonly ours: Side | undefined;
  readonly theirs: Entry | undefined;
}

async function revertStep(
  path: string,
  { base, ours, theirs }: Sides,
  { merge, labels, read }: RevertOptions,
): Promise<Pick<RevertedFile, 'after' | 'conflict'>> {
  const keep = ours ? { after: ours } : {};
  if (isSame(base, theirs) || isSame(ours, theirs)) return keep;
  if (isSame(ours, base)) {
    return theirs ? { after: { oid: theirs.oid, mode: theirs.mode } } : {};
  }
  if (!ours) return {};
  const undecided = (kind: Conflict['kind']) => ({ ...keep, conflict: { kind, ranges: [] } });
  if (!theirs) return undecided('modify-delete');
  if (![base, ours, theirs].every((one) => !one || isFile(one))) return undecided('type');
  const merged = mergeContents(
    path,
    {
      base: base && (await read(base.oid)),
      ours: ours.content ?? (await read(ours.oid)),
      theirs: await read(theirs.oid),
    },
    { ...merge, labels },
  );
  if (merged.kind === 'binary') return undecided('binary');
  const mode = ours.mode === base?.mode ? theirs.mode : ours.mode;
  const after = { mode, content: merged.content, oid: hashBlob(merged.content) };
  return merged.kind === 'clean' ? { after } : { after, conflict: merged.conflict };
}

export function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

function isFile({ mode }: Entry): boolean {
  return mode === '100644' || mode === '100755';
}
