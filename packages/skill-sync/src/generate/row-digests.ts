import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absent } from '../skill/resolve-path.js';
import type { StateEntry } from '../store/store.js';
import { writeFileAtomically } from '../write-file.js';
import { prepareRecordFolder } from './record.js';

/** What a row was, in few bytes. */
export function digestRow({ key, value, updatedAt }: StateEntry): string {
  return createHash('sha256')
    .update(JSON.stringify([key, value, updatedAt]))
    .digest('hex')
    .slice(0, 32);
}

/** What a row was when an output was made from it. */
export interface RowDigest {
  readonly key: string;
  readonly digest: string;
}

/** The digests of rows; takes them one by one. */
export function digestEachRow(rows: Iterable<StateEntry>): RowDigest[] {
  return Array.from(rows, (row) => ({ key: row.key, digest: digestRow(row) }));
}

/** Remembers which rows an output was made from, so that an edit is taken back into just these. */
export async function writeRowDigests(
  records: string,
  skill: string,
  rows: readonly RowDigest[],
): Promise<void> {
  const folder = await prepareRecordFolder(records, skill);
  const lines = rows.map(({ key, digest }) => `${digest} ${JSON.stringify(key)}\n`).join('');
  await writeFileAtomically(join(folder, 'rows'), lines, { mode: 0o600, sync: false });
}

/** The digests by key; `undefined` when nothing is known. */
export async function readRowDigests(
  records: string,
  skill: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await readFile(join(records, skill, 'rows'), 'utf8').catch(absent);
  if (text === undefined) return undefined;
  const digests = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line !== '') digests.set(JSON.parse(line.slice(33)) as string, line.slice(0, 32));
  }
  return digests;
}
