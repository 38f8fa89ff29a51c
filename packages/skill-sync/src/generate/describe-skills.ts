import type { Skill } from '../skill/skill.js';
import type { Store } from '../store/store.js';
import { inspectSkillState, isSound, worstState, type OutputState } from './inspect-skill-state.js';
import { recordFolder } from './record.js';

/** A skill as a list shows it. */
export interface SkillDescription {
  readonly name: string;
  readonly directory: string;
  readonly description?: string;
  readonly patterns: readonly string[];
  readonly outputs: readonly { readonly file: string; readonly state: OutputState }[];
  /** The worst of the outputs; `invalid` when the skill cannot be run. */
  readonly state: OutputState | 'invalid';
  /** When its outputs were made last: ISO 8601, in UTC. */
  readonly lastRun?: string;
  readonly findings: Skill['findings'];
}

/** Says how each skill and its outputs stand; runs and writes nothing. */
export async function describeSkills(
  skills: readonly Skill[],
  { store, storeFile }: { readonly store: Store; readonly storeFile: string },
): Promise<SkillDescription[]> {
  const records = recordFolder(storeFile);
  const described: SkillDescription[] = [];
  for (const skill of skills) {
    const { name, directory, findings, manifest } = skill;
    const base = {
      name,
      directory,
      findings,
      patterns: manifest?.patterns ?? [],
      ...(manifest?.description === undefined ? {} : { description: manifest.description }),
    };
    if (!isSound(skill)) {
      described.push({ ...base, outputs: [], state: 'invalid' });
      continue;
    }
    const { outputs, record } = await inspectSkillState(skill, { store, records });
    described.push({
      ...base,
      outputs: outputs.map(({ file, state }) => ({ file, state })),
      state: worstState(outputs),
      ...(record ? { lastRun: record.generatedAt } : {}),
    });
  }
  return described;
}
