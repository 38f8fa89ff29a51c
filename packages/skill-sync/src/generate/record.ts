import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { absent } from '../skill/resolve-path.js';
import { unwritable, writeFileAtomically } from '../write-file.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.object({
  version: z.literal(1),
  /** What the outputs were made from. */
  digest: sha256,
  /** When they were made: ISO 8601, in UTC. */
  generatedAt: z.string(),
  /** How many rows they were made from. */
  rows: z.int().min(0),
  /** Whether the generator wrote to the output itself, past `SYNC_OUTPUT_FILE`. */
  writesPast: z.boolean().optional(),
  outputs: z.array(
    z.object({
      target: z.string(),
      /** What the file held when it was written last. */
      written: sha256,
      /** What is about to be written: a run that is killed in between leaves one or the other. */
      pending: sha256.optional(),
    }),
  ),
});

/** What is remembered of the last time that a skill's outputs were made. */
export type SkillRecord = z.infer<typeof schema>;

/** Where records are kept: beside the store that they belong to. */
export function recordFolder(storeFile: string): string {
  return join(dirname(storeFile), '.skill-sync');
}

/** The folder of one skill's records, which is made. */
export async function prepareRecordFolder(records: string, skill: string): Promise<string> {
  const folder = join(records, skill);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
  return folder;
}

/** `undefined` when there is none; one that cannot be read counts as none. */
export async function readRecord(records: string, skill: string): Promise<SkillRecord | undefined> {
  const text = await readFile(join(records, skill, 'record.json'), 'utf8').catch(absent);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export async function writeRecord(
  records: string,
  skill: string,
  record: SkillRecord,
): Promise<void> {
  const folder = await prepareRecordFolder(records, skill);
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writeFileAtomically(join(folder, 'record.json'), text, { mode: 0o600, sync: false });
}

/** Keeps a copy of what is written, by which an edit is shown and taken back into the state. */
export async function keepWritten(
  records: string,
  skill: string,
  digest: string,
  content: Uint8Array,
): Promise<void> {
  const folder = join(await prepareRecordFolder(records, skill), 'written');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomically(join(folder, digest), content, { mode: 0o600, sync: false });
}

/** `undefined` when the copy is gone. */
export async function readWritten(
  records: string,
  skill: string,
  digest: string,
): Promise<Buffer | undefined> {
  return readFile(join(records, skill, 'written', digest)).catch(absent);
}

/** Removes the copies of what no output holds any more. */
export async function pruneWritten(
  records: string,
  skill: string,
  kept: readonly string[],
): Promise<void> {
  const folder = join(records, skill, 'written');
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    if (!kept.includes(name)) await rm(join(folder, name), { force: true });
  }
}
