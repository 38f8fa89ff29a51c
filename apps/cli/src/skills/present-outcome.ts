import type { DifferingOutput, GenerateOutcome } from '@holdfast/skill-sync';
import { formatUnified } from '@holdfast/merge';
import { exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';

/** An output as documents show it. */
export interface PresentedOutput {
  readonly file: string;
  readonly change?: 'created' | 'updated' | 'unchanged';
  readonly kept?: string;
  readonly diff?: string;
}

/** What became of a skill, as `--json` prints it and as it is rendered. */
export interface PresentedOutcome {
  readonly skill: string;
  readonly outcome: GenerateOutcome['kind'];
  readonly outputs?: readonly PresentedOutput[];
  readonly writesPast?: true;
  readonly foreign?: true;
  readonly findings?: Extract<GenerateOutcome, { kind: 'refused' }>['findings'];
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly output?: string;
  readonly hint?: string;
}

/** A difference longer than this is not shown: UTF-16 units of both texts. */
const maxDiffLength = 8 * 1_048_576;

export function presentOutcome(outcome: GenerateOutcome): PresentedOutcome {
  const head = { skill: outcome.skill, outcome: outcome.kind };
  switch (outcome.kind) {
    case 'generated':
      return {
        ...head,
        outputs: outcome.outputs,
        ...(outcome.writesPast ? { writesPast: true } : {}),
      };
    case 'current':
      return { ...head, outputs: outcome.outputs.map((file) => ({ file })) };
    case 'stale':
      return { ...head, outputs: outcome.outputs.map(presentDifference) };
    case 'edited':
      return {
        ...head,
        outputs: outcome.outputs.map(presentDifference),
        ...(outcome.isForeign ? { foreign: true } : {}),
        hint: wayOut(outcome.skill, outcome.isForeign),
      };
    case 'refused':
      return { ...head, findings: outcome.findings };
    case 'failed': {
      const { reason, message, code, output, error } = outcome;
      const { hint } = (error ?? {}) as { hint?: string };
      return {
        ...head,
        reason,
        message,
        ...(code === undefined ? {} : { code }),
        ...(output === undefined || output === '' ? {} : { output }),
        ...(hint === undefined ? {} : { hint }),
      };
    }
  }
}

function wayOut(skill: string, isForeign: boolean): string {
  return isForeign
    ? `move the file away, or overwrite it: holdfast skills generate --skill ${skill} --force`
    : `take the edit back into the state: holdfast skills absorb ${skill}; or overwrite it: holdfast skills generate --skill ${skill} --force`;
}

function presentDifference({ file, before, after }: DifferingOutput): PresentedOutput {
  if (!after) return { file };
  const texts = [before ?? Buffer.alloc(0), after];
  if (texts.some((text) => text.includes(0) || text.byteLength > maxDiffLength)) return { file };
  const [from = '', to = ''] = texts.map((text) => text.toString('utf8'));
  return { file, diff: formatUnified(from, to) };
}

/** 1 for what is stale or edited, 2 for what is refused, 3 for what failed. */
export function exitCodeOfOutcome(outcome: GenerateOutcome): ExitCode {
  switch (outcome.kind) {
    case 'generated':
    case 'current':
      return 0;
    case 'stale':
    case 'edited':
      return 1;
    case 'refused':
      return 2;
    case 'failed': {
      const { blame = 'environment' } = (outcome.error ?? {}) as { blame?: string };
      return exitCodeOf({ blame });
    }
  }
}
