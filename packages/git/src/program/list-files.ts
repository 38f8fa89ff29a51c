import { isUtf8 } from 'node:buffer';
import type { Snapshot, SnapshotEntry } from '../repository.js';
import { canonicalMode } from '../tree-object.js';
import { requireSuccess } from './git-failure.js';
import { runGit, type GitRunOptions } from './run-git.js';

/** Lists a tree's files with one `ls-tree`. */
export async function listFiles(
  tree: string,
  options: GitRunOptions,
): Promise<Pick<Snapshot, 'entries' | 'unreadable'>> {
  const result = await runGit(['ls-tree', '-r', '-z', '--full-tree', tree], options);
  const { stdout } = requireSuccess(result, `listing tree ${tree}`);
  return parseListing(stdout);
}

/** Each record is `MODE SP TYPE SP OID TAB PATH NUL`. */
function parseListing(listing: Buffer): Pick<Snapshot, 'entries' | 'unreadable'> {
  const entries = new Map<string, SnapshotEntry>();
  const unreadable: string[] = [];
  const clean = isUtf8(listing);
  const records = (clean ? listing.toString() : listing.toString('latin1')).split('\0');
  records.pop();
  for (const record of records) {
    const tab = record.indexOf('\t');
    const name = record.slice(tab + 1);
    const bytes = clean ? undefined : Buffer.from(name, 'latin1');
    const path = bytes?.toString() ?? name;
    if (bytes !== undefined && !isUtf8(bytes)) unreadable.push(path);
    else
      entries.set(path, {
        path,
        oid: record.slice(tab - 40, tab),
        mode: canonicalMode(record.slice(0, 6)),
      });
  }
  return { entries, unreadable };
}
