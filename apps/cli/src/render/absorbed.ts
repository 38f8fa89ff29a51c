import type { AbsorbOutcome, PlannedOperation } from '@holdfast/skill-sync';
import { bold, green, red, yellow } from '../markup.js';
import { renderFinding } from './findings.js';
import { count, indent } from './words.js';

/** What taking an edit back came to, or would. */
export function renderAbsorbed(outcome: AbsorbOutcome): string[] {
  const { skill } = outcome;
  switch (outcome.kind) {
    case 'nothing':
      return [`${bold(skill)}  no output was edited by hand`];
    case 'planned':
      return [
        `${bold(skill)}  ${count(outcome.operations.length, 'operation')}`,
        ...indent(outcome.operations.flatMap(renderOperation)),
        outcome.operations.length > 0
          ? `Apply ${outcome.operations.length > 1 ? 'them' : 'it'} with: holdfast skills absorb ${skill} --yes`
          : `The edit changes nothing in the state; write the file anew with: holdfast skills absorb ${skill} --yes`,
      ];
    case 'absorbed':
      return [
        `${bold(skill)}  ${green('absorbed')} ${count(outcome.operations.length, 'operation')}`,
        ...indent(outcome.operations.flatMap(renderOperation)),
      ];
    case 'conflicted':
      return [
        `${bold(skill)}  ${red('conflict')}: changed in the state since the file was made; nothing was written`,
        ...indent(outcome.keys),
        `${bold('hint:')} look with holdfast state get KEY; keep the state's side with: holdfast skills generate --skill ${skill} --force`,
      ];
    case 'unreadable':
      return [
        `${bold(skill)}  ${red('cannot be absorbed')}; nothing was written`,
        ...indent(outcome.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)),
      ];
    case 'refused':
      return [`${bold(skill)}  ${red('refused')}`, ...indent(outcome.findings.map(renderFinding))];
    case 'failed':
      return [
        `${bold(skill)}  ${red('failed')}`,
        ...indent([outcome.message, ...(outcome.output ?? '').trimEnd().split('\n')]),
      ];
  }
}

function renderOperation(operation: PlannedOperation): string[] {
  if (operation.op === 'delete') return [`${red('delete')} ${operation.key}`];
  const { key, value, edits } = operation;
  const lines = edits?.map(
    ({ field, before, after }) => `${field}: ${shorten(before)} ${yellow('→')} ${shorten(after)}`,
  );
  return [`${green('set')} ${key}`, ...indent(lines ?? [shorten(value)])];
}

function shorten(value: string): string {
  const line = JSON.stringify(value);
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
