import type { PlanOptions } from '@holdfast/sync';

/** What a command that looks at targets is about. */
export interface TargetsInput {
  readonly rules: readonly string[];
  readonly target?: readonly string[];
  readonly concurrency?: number;
}

/** What a run is about. */
export interface SelectionInput extends TargetsInput {
  readonly release?: string;
  readonly ref?: string;
  readonly acceptMovedTag?: true;
}

/** The same, as the engine takes it. */
export function selectionOf({
  rules,
  release,
  ref,
  target,
  acceptMovedTag,
  concurrency,
}: SelectionInput): PlanOptions {
  return {
    rules,
    ...(target ? { targets: target } : {}),
    ...(release === undefined ? {} : { release }),
    ...(ref === undefined ? {} : { ref }),
    ...(acceptMovedTag ? { acceptMovedTag } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

/** The command that applies what a plan with the same input shows. */
export function syncCommand(input: SelectionInput): string {
  const { rules, release, ref, target = [], acceptMovedTag } = input;
  const words = [
    ...rules,
    ...(release === undefined ? [] : ['--release', release]),
    ...(ref === undefined ? [] : ['--ref', ref]),
    ...target.flatMap((name) => ['--target', name]),
    ...(acceptMovedTag ? ['--accept-moved-tag'] : []),
  ];
  return ['holdfast sync', ...words.map(quote)].join(' ');
}

/** A word as a shell takes it. */
export function quote(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
