/** Where the waves of one release stand. */
export interface RolloutState {
  /** What is delivered: a tag, or a branch and a short commit id. */
  readonly release: string;
  /** The commit of the source, and what it was called. */
  readonly commit: string;
  readonly ref: string;
  /** The rules that deliver it. */
  readonly rules: readonly string[];
  /**
   * `running`: the wave `wave` is open; `halted`: nothing more is opened until someone resumes it;
   * `done`: every wave is through; `aborted`: given up by someone; `superseded`: another release of the
   * same rules took its place.
   */
  readonly state: 'running' | 'halted' | 'done' | 'aborted' | 'superseded';
  /** Which wave is open, from 0. */
  readonly wave: number;
  readonly waves: readonly RolloutWave[];
  /** What went wrong in targets that were reached, by their names; the last look counts. */
  readonly troubles: Readonly<Record<string, RolloutTrouble>>;
  /** Targets whose troubles someone accepted by resuming. */
  readonly accepted: readonly string[];
  /** Why it is halted or aborted. */
  readonly reasons: readonly string[];
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
}

/** Targets that are delivered to together. */
export interface RolloutWave {
  readonly targets: readonly string[];
  /** As in the configuration: `checks`, `merged`, `24h`. */
  readonly wait: string;
  /** ISO 8601 in UTC; absent while it is still to come. */
  readonly openedAt?: string;
}

/** What is wrong in a target. */
export interface RolloutTrouble {
  readonly kind: 'failed' | 'conflict';
  readonly words: string;
}

const states: ReadonlySet<string> = new Set<RolloutState['state']>([
  'running',
  'halted',
  'done',
  'aborted',
  'superseded',
]);

/** A state as the bytes of its file. */
export function serializeRollout(rollout: RolloutState): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ version: 1, ...rollout }, null, 2)}\n`);
}

/** Reads a state; undefined for anything that is none, as a newer version may have written it. */
export function parseRollout(text: string): RolloutState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isRecord(value) || value['version'] !== 1) return undefined;
  const { version: _version, ...state } = value;
  const { release, commit, ref, rules, wave, waves, troubles, accepted, reasons, startedAt } =
    state;
  const fits =
    typeof release === 'string' &&
    typeof commit === 'string' &&
    typeof ref === 'string' &&
    typeof startedAt === 'string' &&
    typeof wave === 'number' &&
    states.has(String(state['state'])) &&
    [rules, accepted, reasons].every(isTexts) &&
    Array.isArray(waves) &&
    waves.every(isWave) &&
    Number.isInteger(wave) &&
    wave >= 0 &&
    wave < waves.length &&
    isRecord(troubles) &&
    Object.values(troubles).every(isTrouble);
  return fits ? (state as unknown as RolloutState) : undefined;
}

function isWave(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { targets, wait, openedAt } = value;
  return (
    isTexts(targets) &&
    typeof wait === 'string' &&
    (openedAt === undefined || typeof openedAt === 'string')
  );
}

function isTrouble(value: unknown): boolean {
  return (
    isRecord(value) &&
    (value['kind'] === 'failed' || value['kind'] === 'conflict') &&
    typeof value['words'] === 'string'
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
