import { existsSync } from 'node:fs';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '@holdfast/findings';
import { SkillSyncError } from '../skill-sync-error.js';
import { absent } from '../skill/resolve-path.js';
import type { Skill } from '../skill/skill.js';
import { unwritable, writeFileAtomically } from '../write-file.js';
import {
  errorsOf,
  inspectSkillState,
  isSound,
  sha256Of,
  type InspectedOutput,
  type SkillState,
  type SoundSkill,
} from './inspect-skill-state.js';
import { withSkillLock } from './lock-skill.js';
import {
  makeOutputs,
  type MadeOutputs,
  type MakeFailure,
  type MakeOutputsOptions,
} from './make-outputs.js';
import { keepWritten, pruneWritten, readWritten, recordFolder, writeRecord } from './record.js';
import { writeRowDigests } from './row-digests.js';

export interface GenerateOptions extends Omit<
  MakeOutputsOptions,
  'timeout' | 'maxBytes' | 'isTrial'
> {
  /** Writes nothing: says what would change. Default: false. */
  readonly check?: boolean;
  /** Overwrites what was edited by hand, and makes what is current again. Default: false. */
  readonly force?: boolean;
  /** How long a generator may run, in milliseconds. Default: 60 000. */
  readonly timeout?: number;
  /** How large an output may be, in bytes. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** The present, for the record. Default: the system's clock. */
  readonly clock?: () => Date;
}

/** What became of one output. */
export interface GeneratedOutput {
  readonly file: string;
  readonly change: 'created' | 'updated' | 'unchanged';
  /** Where the file that stood there before is kept, when nothing was known of it. */
  readonly kept?: string;
}

/** An output with its two contents, for whoever shows the difference. */
export interface DifferingOutput {
  readonly file: string;
  /** What was written last (`edited`), or what is there (`stale`); absent when that is gone. */
  readonly before?: Buffer;
  /** What is there (`edited`), or what would be written (`stale`); absent when it is not known. */
  readonly after?: Buffer;
}

/** What generating one skill came to. */
export type GenerateOutcome = { readonly skill: string } & (
  | {
      readonly kind: 'generated';
      readonly outputs: readonly GeneratedOutput[];
      /** Whether the generator wrote to the output itself, past `SYNC_OUTPUT_FILE`. */
      readonly writesPast: boolean;
    }
  /** Everything is what the state says; nothing was run. */
  | { readonly kind: 'current'; readonly outputs: readonly string[] }
  /** Only with `check`: what would be written differs. */
  | { readonly kind: 'stale'; readonly outputs: readonly DifferingOutput[] }
  /** What is there was not written by us: nothing was run. */
  | {
      readonly kind: 'edited';
      readonly outputs: readonly DifferingOutput[];
      /** Whether these are files of which nothing was known. */
      readonly isForeign: boolean;
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | MakeFailure
);

/**
 * Brings the outputs of a skill up to date. Nothing runs when rows, generator, manifest and outputs are
 * what they were. A run that fails, or is killed at any moment, leaves the old outputs.
 *
 * @throws SkillSyncError `unwritable`, or one of the `store-…` codes.
 */
export async function generateSkill(
  skill: Skill,
  options: GenerateOptions,
): Promise<GenerateOutcome> {
  const { environment, location, signal, timeout = 60_000, check = false } = options;
  if (!isSound(skill)) return { skill: skill.name, kind: 'refused', findings: errorsOf(skill) };
  const running = (environment['HOLDFAST_GENERATING'] ?? '').split('/');
  if (running.includes(skill.name)) return { skill: skill.name, ...insideItself };
  const records = recordFolder(location.file);
  if (check) return generateLocked(skill, records, options);
  return withSkillLock(records, skill.name, { patience: 2 * timeout + 30_000, signal }, () =>
    generateLocked(skill, records, options),
  );
}

const insideItself = {
  kind: 'failed',
  reason: 'unusable',
  message: 'a generator must not generate its own skill: it would wait for itself',
} as const;

/** As `generateSkill`, for whoever holds the lock of the skill already. */
export async function generateLocked(
  skill: SoundSkill,
  records: string,
  options: GenerateOptions,
): Promise<GenerateOutcome> {
  const { store, location, check = false, force = false } = options;
  const { timeout = 60_000, maxBytes = 64 * 1_048_576 } = options;
  const { name } = skill;
  const state = await inspectSkillState(skill, { store, records });
  if (state.record && state.record.rows > 0 && !existsSync(location.file)) {
    throw lostStore(skill, location.file);
  }
  const edited = state.outputs.filter((output) => output.state === 'edited');
  if (!force && state.outputs.every((output) => output.state === 'current')) {
    return { skill: name, kind: 'current', outputs: state.outputs.map(({ file }) => file) };
  }
  const { record, digest } = state;
  const refusesEdit = edited.length > 0 && !force;
  // A generator that is run by hand, as of old, writes what we would: that is no edit.
  if (refusesEdit && (record?.digest === digest || record?.writesPast)) {
    return showEdits(name, edited, records);
  }
  if (check && record?.writesPast) return { skill: name, kind: 'stale', outputs: unknown(state) };
  const made = await makeOutputs(skill, { ...options, timeout, maxBytes, isTrial: check });
  if (made.kind === 'failed') return { skill: name, ...made };
  const differing = edited.filter(
    (output) => !output.found?.equals(made.contents[state.outputs.indexOf(output)] as Buffer),
  );
  if (refusesEdit && differing.length > 0) return showEdits(name, differing, records);
  if (check) return compare(name, state, made);
  const foreign = force ? [] : foreignOutputs(state, made);
  if (foreign.length > 0) return { skill: name, kind: 'edited', outputs: foreign, isForeign: true };
  return write(skill, state, made, { records, clock: options.clock ?? (() => new Date()) });
}

/** What a generator that writes past the variable would write is known only after it has. */
function unknown({ outputs }: SkillState): DifferingOutput[] {
  return outputs.map(({ file, found }) => ({ file, ...(found ? { before: found } : {}) }));
}

function lostStore({ name }: SoundSkill, file: string): SkillSyncError {
  return new SkillSyncError(
    'store-missing',
    `the store ${file}, from which ${name} was made, is gone`,
    {
      blame: 'environment',
      hint: 'bring it back, or make an empty one: holdfast state import </dev/null',
    },
  );
}

async function showEdits(
  name: string,
  edited: readonly InspectedOutput[],
  records: string,
): Promise<GenerateOutcome> {
  const outputs = edited.map(async ({ file, found, written }): Promise<DifferingOutput> => {
    const before = written === undefined ? undefined : await readWritten(records, name, written);
    return { file, ...(before ? { before } : {}), ...(found ? { after: found } : {}) };
  });
  return { skill: name, kind: 'edited', outputs: await Promise.all(outputs), isForeign: false };
}

function compare(name: string, { outputs }: SkillState, made: MadeOutputs): GenerateOutcome {
  const differing = outputs.flatMap(({ file, found }, index): DifferingOutput[] => {
    const content = made.contents[index] as Buffer;
    if (found?.equals(content)) return [];
    return [{ file, after: content, ...(found ? { before: found } : {}) }];
  });
  if (differing.length > 0) return { skill: name, kind: 'stale', outputs: differing };
  return { skill: name, kind: 'current', outputs: outputs.map(({ file }) => file) };
}

/**
 * Files of which nothing is known, and that do not look like an earlier run of the generator: one that
 * begins with another line was written by somebody.
 */
function foreignOutputs({ outputs }: SkillState, made: MadeOutputs): DifferingOutput[] {
  return outputs.flatMap(({ file, found, state }, index): DifferingOutput[] => {
    const content = made.contents[index] as Buffer;
    if (state !== 'never-made' || !found || found.byteLength === 0) return [];
    if (firstLine(found) === firstLine(content)) return [];
    return [{ file, before: content, after: found }];
  });
}

function firstLine(content: Buffer): string {
  const end = content.indexOf('\n');
  return content
    .subarray(0, end < 0 ? Math.min(content.length, 4096) : end)
    .toString('utf8')
    .trim();
}

async function write(
  skill: SoundSkill,
  { digest, record, outputs }: SkillState,
  made: MadeOutputs,
  { records, clock }: { readonly records: string; readonly clock: () => Date },
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
  const kept = new Map<string, string>();
  for (const { output } of changed) {
    if (output.state === 'never-made' && output.found) {
      kept.set(output.file, await keepForeign(output, records, name));
    }
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

/** That of no inputs: an output with it is stale. */
const noDigest = '0'.repeat(64);

/** Keeps a file that stood at the place of an output before anything was known of it. */
async function keepForeign(
  { target, found }: InspectedOutput,
  records: string,
  name: string,
): Promise<string> {
  const folder = join(records, name, 'before');
  const place = join(folder, sha256Of(found as Buffer));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await copyFile(target, place).catch((error: unknown) => {
    throw unwritable(place, error);
  });
  return place;
}
