import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { absent } from '../skill/resolve-path.js';
import type { Skill, SkillOutput, SkillParts } from '../skill/skill.js';
import type { SyncManifest } from '../skill/sync-manifest.js';
import type { Store } from '../store/store.js';
import { digestInputs, digestRows } from './digest-inputs.js';
import { readRecord, type SkillRecord } from './record.js';

/** A skill without an error, which can be run. */
export type SoundSkill = Skill & { readonly manifest: SyncManifest; readonly parts: SkillParts };

/**
 * How an output stands to what it is made from:
 * - `current`: it is what the state says.
 * - `stale`: the rows, or what renders them, changed since it was made.
 * - `edited`: it is not what was written; whether it is stale, too, does not matter then.
 * - `missing`: it was made, and is gone.
 * - `never-made`: nothing is known of it, be there a file or not.
 */
export type OutputState = 'current' | 'stale' | 'edited' | 'missing' | 'never-made';

/** One output, its content and its state. */
export interface InspectedOutput extends SkillOutput {
  readonly state: OutputState;
  /** What is there now. */
  readonly found?: Buffer;
  /** The SHA-256 of what was written last. */
  readonly written?: string;
}

/** All that decides whether anything is to be done. */
export interface SkillState {
  readonly digest: string;
  readonly record: SkillRecord | undefined;
  readonly outputs: readonly InspectedOutput[];
}

export function isSound(skill: Skill): skill is SoundSkill {
  return skill.manifest !== undefined && skill.parts !== undefined && errorsOf(skill).length === 0;
}

export function errorsOf({ findings }: Skill): Skill['findings'] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** Compares the outputs of a skill with what they were made from; runs and writes nothing. */
export async function inspectSkillState(
  skill: SoundSkill,
  { store, records }: { readonly store: Store; readonly records: string },
): Promise<SkillState> {
  const digest = await digestInputs(skill, digestRows(store.iterate(skill.manifest.patterns)));
  const record = await readRecord(records, skill.name);
  const outputs: InspectedOutput[] = [];
  for (const output of skill.parts.outputs) {
    const found = await readFile(output.target).catch(absent);
    const known = record?.outputs.find(({ target }) => target === output.target);
    outputs.push({
      ...output,
      state: stateOf(found && sha256Of(found), known, record?.digest === digest),
      ...(found ? { found } : {}),
      ...(known ? { written: known.written } : {}),
    });
  }
  return { digest, record, outputs };
}

function stateOf(
  found: string | undefined,
  known: SkillRecord['outputs'][number] | undefined,
  isSameDigest: boolean,
): OutputState {
  if (!known) return 'never-made';
  if (found === undefined) return 'missing';
  if (found !== known.written && found !== known.pending) return 'edited';
  return isSameDigest && found === known.written ? 'current' : 'stale';
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

const order: readonly OutputState[] = ['current', 'stale', 'missing', 'never-made', 'edited'];

/** What several outputs come to: the worst of their states. */
export function worstState(outputs: readonly { readonly state: OutputState }[]): OutputState {
  return outputs.reduce<OutputState>(
    (worst, { state }) => (order.indexOf(state) > order.indexOf(worst) ? state : worst),
    'current',
  );
}
