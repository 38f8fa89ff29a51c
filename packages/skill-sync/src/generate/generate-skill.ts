import { existsSync } from 'node:fs';
import { SkillSyncError } from '../skill-sync-error.js';
import type { Skill } from '../skill/skill.js';
import type { DifferingOutput, GenerateOutcome } from './generate-outcome.js';
import {
  errorsOf,
  inspectSkillState,
  isSound,
  type InspectedOutput,
  type SkillState,
  type SoundSkill,
} from './inspect-skill-state.js';
import { withSkillLock } from './lock-skill.js';
import { makeOutputs, type MadeOutputs, type MakeOutputsOptions } from './make-outputs.js';
import { readWritten, recordFolder } from './record.js';
import { writeOutputs } from './write-outputs.js';

export interface GenerateOptions extends Omit<
  MakeOutputsOptions,
  'timeout' | 'maxBytes' | 'isTrial' | 'records'
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
  options: GenerateOptions & {
    /** Whether edits that are overwritten are in the state already. Default: false. */
    readonly isAbsorbed?: boolean;
  },
): Promise<GenerateOutcome> {
  const { store, location, check = false, force = false, isAbsorbed = false } = options;
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
  const isGone = state.outputs.every((output) => ['current', 'missing'].includes(output.state));
  if (check && record?.digest === digest && isGone) return showMissing(name, state, records);
  if (check && record?.writesPast) return { skill: name, kind: 'stale', outputs: unknown(state) };
  const made = await makeOutputs(skill, {
    ...options,
    timeout,
    maxBytes,
    records,
    isTrial: check,
  });
  if (made.kind === 'failed') return { skill: name, ...made };
  const differing = edited.filter(
    (output) => !output.found?.equals(made.contents[state.outputs.indexOf(output)] as Buffer),
  );
  if (refusesEdit && differing.length > 0) return showEdits(name, differing, records);
  const foreign = force ? [] : foreignOutputs(state, made);
  if (foreign.length > 0) return { skill: name, kind: 'edited', outputs: foreign, isForeign: true };
  if (check) return compare(name, state, made);
  const { clock = () => new Date() } = options;
  return writeOutputs(skill, state, made, { records, clock, force, isAbsorbed, maxBytes });
}

/** Outputs that are gone, although nothing changed: what would be written is what was. */
async function showMissing(
  name: string,
  { outputs }: SkillState,
  records: string,
): Promise<GenerateOutcome> {
  const gone = outputs.filter(({ found }) => !found);
  const differing = gone.map(async ({ file, written }): Promise<DifferingOutput> => {
    const after = written === undefined ? undefined : await readWritten(records, name, written);
    return { file, ...(after ? { after } : {}) };
  });
  return { skill: name, kind: 'stale', outputs: await Promise.all(differing) };
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
 * begins with another line was written by somebody. A store without a row for them has nothing to say
 * against what is there: it may be the wrong one.
 */
function foreignOutputs({ outputs }: SkillState, made: MadeOutputs): DifferingOutput[] {
  return outputs.flatMap(({ file, found, state }, index): DifferingOutput[] => {
    const content = made.contents[index] as Buffer;
    if (state !== 'never-made' || !found || found.byteLength === 0) return [];
    if (made.rows.length > 0 && firstLine(found) === firstLine(content)) return [];
    if (found.equals(content)) return [];
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
