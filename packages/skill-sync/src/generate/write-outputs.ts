import { stat } from 'node:fs/promises';
import { absent } from '../skill/resolve-path.js';
import { writeFileAtomically } from '../write-file.js';
import type { DifferingOutput, GenerateOutcome, GeneratedOutput } from './generate-outcome.js';
import {
  sha256Of,
  type InspectedOutput,
  type SkillState,
  type SoundSkill,
} from './inspect-skill-state.js';
import { keepCopy } from './keep-copy.js';
import { readTarget, sameBytes, type MadeOutputs } from './make-outputs.js';
import { keepWritten, pruneWritten, writeRecord } from './record.js';
import { writeRowDigests } from './row-digests.js';

export interface WriteOptions {
  /** Where the records of skills are. */
  readonly records: string;
  readonly clock: () => Date;
  /** Whether what others wrote is overwritten. */
  readonly force: boolean;
  /** Whether edits that are overwritten are in the state already. */
  readonly isAbsorbed: boolean;
  /** What is larger, in bytes, is not looked at. */
  readonly maxBytes: number;
}

/**
 * Writes what was made, each output by renaming, and remembers it. Nothing is written when somebody else
 * wrote to an output since the run began, unless that is to be overwritten.
 */
export async function writeOutputs(
  skill: SoundSkill,
  { digest, record, outputs }: SkillState,
  made: MadeOutputs,
  { records, clock, force, isAbsorbed, maxBytes }: WriteOptions,
): Promise<GenerateOutcome> {
  const { name } = skill;
  const written = outputs.map((output, index) => ({
    output,
    content: made.contents[index] as Buffer,
    sha256: sha256Of(made.contents[index] as Buffer),
  }));
  const base = { version: 1 as const, generatedAt: clock().toISOString() };
  const extra = made.writesPast ? { writesPast: true } : {};
  const changed = written.filter(({ output, content }) => !output.found?.equals(content));
  for (const { content, sha256 } of written) await keepWritten(records, name, sha256, content);
  const replaced = await inspectReplaced(changed, { isAbsorbed, maxBytes });
  const interfering = replaced.filter(({ isTouched }) => isTouched && !force);
  if (interfering.length > 0) {
    const differing = interfering.map(({ file, before, now }): DifferingOutput => {
      return { file, ...(before ? { before } : {}), ...(now ? { after: now } : {}) };
    });
    return { skill: name, kind: 'edited', outputs: differing, isForeign: false };
  }
  const kept = new Map<string, string>();
  for (const { file, now, isUnknown } of replaced) {
    if (isUnknown && now) kept.set(file, await keepCopy(records, name, now));
  }
  if (changed.length > 0) {
    // A run that is killed from here on leaves outputs that this record knows.
    await writeRecord(records, name, {
      ...base,
      generatedAt: record?.generatedAt ?? base.generatedAt,
      digest: record?.digest ?? noDigest,
      rows: record?.rows ?? made.rows.length,
      outputs: written.map(({ output, sha256 }) => ({
        target: output.target,
        written: output.written ?? (output.found ? sha256Of(output.found) : sha256),
        pending: sha256,
      })),
    });
    for (const { output, content } of changed) {
      const mode = (await stat(output.target).catch(absent))?.mode;
      await writeFileAtomically(output.target, content, mode ? { mode: mode & 0o777 } : {});
    }
  }
  await writeRowDigests(records, name, made.rows);
  const results = written.map(({ output, sha256 }) => ({ target: output.target, written: sha256 }));
  await writeRecord(records, name, {
    ...base,
    ...extra,
    digest,
    rows: made.rows.length,
    outputs: results,
  });
  await pruneWritten(
    records,
    name,
    written.map(({ sha256 }) => sha256),
  );
  return {
    skill: name,
    kind: 'generated',
    writesPast: made.writesPast,
    outputs: outputs.map((output): GeneratedOutput => {
      const isChanged = changed.some((one) => one.output === output);
      const place = kept.get(output.file);
      return {
        file: output.file,
        change: !isChanged ? 'unchanged' : output.found ? 'updated' : 'created',
        ...(place === undefined ? {} : { kept: place }),
      };
    }),
  };
}

/** A file that is about to be replaced. */
interface ReplacedFile {
  readonly file: string;
  readonly before: Buffer | undefined;
  /** What it holds now; absent when it is gone, or so large that it is not looked at. */
  readonly now: Buffer | undefined;
  /** Whether somebody wrote to it since the run began. */
  readonly isTouched: boolean;
  /** Whether nothing else remembers what it holds. */
  readonly isUnknown: boolean;
}

async function inspectReplaced(
  changed: readonly { readonly output: InspectedOutput; readonly content: Buffer }[],
  { isAbsorbed, maxBytes }: Pick<WriteOptions, 'isAbsorbed' | 'maxBytes'>,
): Promise<ReplacedFile[]> {
  const files: ReplacedFile[] = [];
  for (const { output, content } of changed) {
    const { file, state, found, target } = output;
    const read = await readTarget(target, maxBytes);
    const now = read === 'too-large' ? undefined : read;
    const isSettled = sameBytes(now, found) || sameBytes(now, content);
    const isTouched = read !== 'too-large' && !isSettled;
    const isUnknown = state === 'never-made' || (state === 'edited' && !isAbsorbed) || isTouched;
    files.push({
      file,
      before: found,
      now,
      isTouched,
      isUnknown: isUnknown && !sameBytes(now, content),
    });
  }
  return files;
}

/** That of no inputs: an output with it is stale. */
const noDigest = '0'.repeat(64);
