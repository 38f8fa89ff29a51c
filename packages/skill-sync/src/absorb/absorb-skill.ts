import type { Finding } from '@holdfast/findings';
import type { GenerateOutcome } from '../generate/generate-outcome.js';
import { generateLocked, type GenerateOptions } from '../generate/generate-skill.js';
import {
  errorsOf,
  inspectSkillState,
  isSound,
  type InspectedOutput,
  type SoundSkill,
} from '../generate/inspect-skill-state.js';
import { withSkillLock } from '../generate/lock-skill.js';
import type { MakeFailure } from '../generate/make-outputs.js';
import { readWritten, recordFolder } from '../generate/record.js';
import { digestRow, readRowDigests } from '../generate/row-digests.js';
import type { Skill } from '../skill/skill.js';
import { matchesPattern } from '../store/key-pattern.js';
import { runParser } from './run-parser.js';
import { planEdits, type EditPlan, type PlannedOperation } from './plan-edits.js';

export interface AbsorbOptions extends Omit<GenerateOptions, 'check' | 'force'> {
  /** Writes the operations to the state, and the outputs anew. Default: false, only the plan. */
  readonly apply?: boolean;
}

/** A place of an edited output that cannot be taken back. */
export interface AbsorbProblem {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
}

/** What taking back the edits of a skill's outputs came to. */
export type AbsorbOutcome = { readonly skill: string } &
  /** No output is edited. */
  (
    | { readonly kind: 'nothing' }
    /** Not applied yet. Without operations the edits mean nothing to the state. */
    | { readonly kind: 'planned'; readonly operations: readonly PlannedOperation[] }
    | {
        readonly kind: 'absorbed';
        readonly operations: readonly PlannedOperation[];
        readonly generated: GenerateOutcome;
      }
    /** Rows that the edits are about changed since the file was made; nothing was written. */
    | {
        readonly kind: 'conflicted';
        readonly operations: readonly PlannedOperation[];
        readonly keys: readonly string[];
      }
    /** Edits that cannot be taken back; nothing was written. */
    | { readonly kind: 'unreadable'; readonly problems: readonly AbsorbProblem[] }
    | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
    | MakeFailure
  );

/**
 * Takes the edits of a skill's Markdown back into the state: those of tables and sections that this
 * library wrote, or whatever the skill's parser reads. The store must be open to write to apply them.
 *
 * All is written in one transaction, which first makes sure that the rows in question are still what
 * the file was made from. Absorbing what was just generated changes nothing.
 */
export async function absorbSkill(skill: Skill, options: AbsorbOptions): Promise<AbsorbOutcome> {
  const { location, store, signal, timeout = 60_000 } = options;
  const { name } = skill;
  if (!isSound(skill)) return { skill: name, kind: 'refused', findings: errorsOf(skill) };
  const records = recordFolder(location.file);
  return withSkillLock(
    records,
    name,
    { patience: 2 * timeout + 30_000, signal },
    async (): Promise<AbsorbOutcome> => {
      const { outputs } = await inspectSkillState(skill, { store, records });
      const edited = outputs.filter(({ state }) => state === 'edited');
      if (edited.length === 0) return { skill: name, kind: 'nothing' };
      const plan = await planOutputs(skill, edited, { ...options, records });
      if ('reason' in plan) return { skill: name, ...plan };
      if (plan.problems.length > 0) {
        return { skill: name, kind: 'unreadable', problems: plan.problems };
      }
      const { operations } = plan;
      const made = await readRowDigests(records, name);
      const keys = applyPlan(operations, made, options);
      if (keys.length > 0) return { skill: name, kind: 'conflicted', operations, keys };
      if (!options.apply) return { skill: name, kind: 'planned', operations };
      const generated = await generateLocked(skill, records, {
        ...options,
        force: true,
        isAbsorbed: true,
      });
      return { skill: name, kind: 'absorbed', operations, generated };
    },
  );
}

interface Context extends AbsorbOptions {
  readonly records: string;
}

interface Planned {
  readonly operations: readonly PlannedOperation[];
  readonly problems: readonly AbsorbProblem[];
}

async function planOutputs(
  skill: SoundSkill,
  edited: readonly InspectedOutput[],
  context: Context,
): Promise<Planned | MakeFailure> {
  const operations = new Map<string, PlannedOperation>();
  const problems: AbsorbProblem[] = [];
  for (const output of edited) {
    const plan = await planOutput(skill, output, context);
    if ('reason' in plan) return plan;
    for (const problem of plan.problems) problems.push({ file: output.file, ...problem });
    for (const operation of plan.operations) {
      const other = operations.get(operation.key);
      if (other && !isSame(other, operation)) {
        const message = `${operation.key} was edited in two outputs, in two different ways`;
        problems.push({ file: output.file, line: 1, message });
      }
      operations.set(operation.key, operation);
    }
  }
  return { operations: [...operations.values()], problems };
}

function isSame(a: PlannedOperation, b: PlannedOperation): boolean {
  return a.op === 'set' && b.op === 'set' ? a.value === b.value : a.op === b.op;
}

async function planOutput(
  skill: SoundSkill,
  { format, found, written }: InspectedOutput,
  context: Context,
): Promise<EditPlan | MakeFailure> {
  const { store, records } = context;
  const refuse = (message: string): EditPlan => ({
    operations: [],
    problems: [{ line: 1, message }],
  });
  if (format !== 'markdown') {
    return refuse(`an edit of ${format} is not taken back; edit the Markdown, or the state`);
  }
  const copy = written === undefined ? undefined : await readWritten(records, skill.name, written);
  if (!copy || !found)
    return refuse('what was written is not known any more; generate with --force');
  if (skill.parts.parserFile !== undefined) return planByParser(skill, copy, found, context);
  const rows = store.list(skill.manifest.patterns);
  const current = new Map(rows.map(({ key, value }) => [key, value]));
  const plan = planEdits(copy.toString('utf8'), found.toString('utf8'), current);
  if (copy.includes('<!-- sync:entry ') || plan.problems.length === 0) return plan;
  return refuse(
    'nothing in the file says which entry is which: use the helpers table or sections, or a parser in SYNC.json',
  );
}

/** Reads both versions with the skill's own program: what differs between the two is the edit. */
async function planByParser(
  skill: SoundSkill,
  written: Buffer,
  edited: Buffer,
  context: Context,
): Promise<EditPlan | MakeFailure> {
  const before = await runParser(skill, written, context);
  if (!(before instanceof Map)) return before;
  const after = await runParser(skill, edited, context);
  if (!(after instanceof Map)) return after;
  const operations: PlannedOperation[] = [];
  const problems: EditPlan['problems'][number][] = [];
  const allowed = (key: string) =>
    skill.manifest.patterns.some((pattern) => matchesPattern(key, pattern));
  for (const [key, value] of after) {
    if (before.get(key) === value) continue;
    if (allowed(key)) operations.push({ op: 'set', key, value });
    else
      problems.push({
        line: 1,
        message: `the parser names ${key}, which no pattern of the skill matches`,
      });
  }
  for (const key of before.keys()) {
    if (!after.has(key) && allowed(key)) operations.push({ op: 'delete', key });
  }
  return { operations, problems };
}

/**
 * Writes the operations, all or none, when they are to be applied.
 *
 * @returns The keys of rows that are no longer what the file was made from, and not yet what it says.
 */
function applyPlan(
  operations: readonly PlannedOperation[],
  made: ReadonlyMap<string, string> | undefined,
  { store, apply = false }: AbsorbOptions,
): string[] {
  const conflicts = (): string[] => {
    const found = operations.filter((operation) => {
      const row = store.get(operation.key);
      const isDone = operation.op === 'set' ? row?.value === operation.value : row === undefined;
      return !isDone && (row && digestRow(row)) !== made?.get(operation.key);
    });
    return found.map(({ key }) => key);
  };
  if (!apply) return conflicts();
  return store.transaction(() => {
    const keys = conflicts();
    if (keys.length > 0) return keys;
    for (const operation of operations) {
      if (operation.op === 'set') store.set(operation.key, operation.value);
      else store.delete([operation.key]);
    }
    return [];
  });
}
