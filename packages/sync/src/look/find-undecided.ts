import { compileGlob } from '@holdfast/manifest';
import type { Manifest, SyncRule } from '@holdfast/manifest';
import { findOurMarkers } from '../file/merge-contents.js';
import type { Snapshot, SourceRepository } from '../ports.js';

/**
 * The delivered files that wait for someone to decide a conflict: as the sync left them, or with its
 * markers still in them; but for those that the rule protects. Only files in conflict that someone edited are read.
 */
export async function findUndecided(
  { files, source_repo: source }: Manifest,
  { entries }: Pick<Snapshot, 'entries'>,
  read: SourceRepository['readBlob'],
  { protect }: Partial<Pick<SyncRule, 'protect'>> = {},
): Promise<string[]> {
  const isProtected = protect && protect.length > 0 ? compileGlob(protect) : () => false;
  const undecided: string[] = [];
  for (const [path, { conflict, oid }] of files) {
    const current = entries.get(path);
    if (!conflict || !current || current.mode === '160000' || isProtected(path)) continue;
    const left = current.oid === oid || findOurMarkers(await read(current.oid), source).length > 0;
    if (left) undecided.push(path);
  }
  return undecided;
}
