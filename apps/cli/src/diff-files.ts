import type { Repository } from '@holdfast/git';
import { formatUnified } from '@holdfast/merge';

/** One file with what lies there before and after: an object of the repository, or new bytes. */
export interface ChangedFile {
  readonly path: string;
  readonly before?: string;
  readonly after?: string | Uint8Array;
}

/** Larger contents are not compared for show. */
const MAX_BYTES = 1024 * 1024;

/** The differences of files in the unified format, by path; a file whose content stays has none. */
export async function diffFiles(
  files: readonly ChangedFile[],
  repository: Pick<Repository, 'readBlob'>,
): Promise<Map<string, string>> {
  const contentOf = async (side: string | Uint8Array | undefined) =>
    typeof side === 'string' ? repository.readBlob(side) : (side ?? new Uint8Array());
  const diffs = new Map<string, string>();
  for (const { path, before, after } of files) {
    const [old, now] = [await contentOf(before), await contentOf(after)];
    const labels = {
      a: before === undefined ? '/dev/null' : `a/${path}`,
      b: after === undefined ? '/dev/null' : `b/${path}`,
    };
    const tooLarge = Math.max(old.length, now.length) > MAX_BYTES;
    diffs.set(path, tooLarge ? 'too large to show' : formatUnified(old, now, { labels }));
  }
  return diffs;
}
